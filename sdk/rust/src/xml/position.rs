//! Bytes to lines and columns.

/// Turns byte positions into lines and columns, in rising order of position,
/// so that the whole message is walked once.
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    /// Where `text` starts in the message (behind a byte order mark).
    base: usize,
    ascii: bool,
    at: usize,
    line: u32,
    column: u32,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        let text = text.as_bytes();
        Self { text, base, ascii: text.is_ascii(), at: 0, line: 1, column: 1 }
    }

    /// Line and column, both from 1, of a byte of the message that does not
    /// lie before the one asked for last.
    pub(super) fn locate(&mut self, byte: usize) -> (u32, u32) {
        let target = byte.saturating_sub(self.base).clamp(self.at, self.text.len());
        let stretch = &self.text[self.at..target];
        self.at = target;
        let (lines, rest) = last_line(stretch);
        if lines > 0 {
            self.line += lines;
            self.column = 1;
        }
        self.column += characters(rest, self.ascii);
        (self.line, self.column)
    }
}

/// How many lines end in a stretch, and what follows the last line's end.
/// Counting first keeps the usual stretch, without any, in vector instructions.
fn last_line(stretch: &[u8]) -> (u32, &[u8]) {
    let lines = stretch.iter().filter(|&&byte| byte == b'\n').count();
    let rest =
        if lines == 0 { 0 } else { stretch.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1) };
    (u32::try_from(lines).unwrap_or(u32::MAX), &stretch[rest..])
}

fn characters(bytes: &[u8], ascii: bool) -> u32 {
    let count = match ascii {
        true => bytes.len(),
        false => bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count(),
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}
