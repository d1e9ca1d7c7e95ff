//! Bytes to lines and columns.

/// Turns byte positions into lines and columns, in rising order of position,
/// so that the whole message is walked once.
pub(crate) struct Cursor<'a> {
    text: &'a [u8],
    /// Where `text` starts in the message (behind a byte order mark).
    base: usize,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, base: usize) -> Self {
        Self { text: text.as_bytes(), base, at: 0, line: 1, column: 1 }
    }

    /// Line and column, both from 1, of a byte of the message that does not
    /// lie before the one asked for last.
    pub(crate) fn locate(&mut self, byte: usize) -> (u32, u32) {
        let target = byte.saturating_sub(self.base).clamp(self.at, self.text.len());
        while self.at < target {
            let length = (target - self.at).min(8);
            self.pass(word(&self.text[self.at..], length), length);
            self.at += length;
        }
        (self.line, self.column)
    }

    /// Goes on by up to eight bytes, the first of them the lowest of the word.
    fn pass(&mut self, word: u64, length: usize) {
        let ends = line_ends(word);
        let continuations = continuations(word);
        if ends == 0 {
            self.column += number(length) - continuations.count_ones();
        } else {
            self.line += ends.count_ones();
            let behind = 8 - ends.leading_zeros() / 8;
            // One bit less, the line feed's own, so that 64 is never reached.
            self.column = 1 + number(length) - behind - (continuations >> (8 * behind - 1)).count_ones();
        }
    }
}

const HIGH: u64 = 0x8080_8080_8080_8080;

/// The first bytes of a stretch as a number, the first one lowest; those
/// beyond `length` are 0.
fn word(bytes: &[u8], length: usize) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk) & (u64::MAX >> (64 - 8 * length)),
        None => bytes[..length].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// The high bit of each byte that is a line feed.
fn line_ends(word: u64) -> u64 {
    let differing = word ^ 0x0A0A_0A0A_0A0A_0A0A;
    !(((differing & !HIGH) + !HIGH) | differing) & HIGH
}

/// The high bit of each byte that continues a character (`10xx_xxxx`).
fn continuations(word: u64) -> u64 {
    word & !(word << 1) & HIGH
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn every_byte_has_its_line_and_column() {
        let text = "a\n\nbé\r\n一二三四五六七八九\n\n\n\n\n\n\n\n\n\nlonger than a word\u{10FFFF}x\nend";
        for (at, _) in text.char_indices() {
            let before = &text[..at];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let mut cursor = Cursor::new(text, 3);
            for step in (0..=at).rev().step_by(5).collect::<Vec<_>>().into_iter().rev() {
                cursor.locate(step + 3);
            }
            assert_eq!(cursor.locate(at + 3), (line as u32, column as u32), "{at}");
        }
    }
}
