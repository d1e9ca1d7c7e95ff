//! Which characters a name and a document may have (XML 1.0, fifth edition).

/// White space as XML means it.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a character may stand in a document at all (production 2).
pub(super) fn is_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether a text has a byte anywhere; compiles to vector instructions.
pub(super) fn contains(text: &str, wanted: u8) -> bool {
    let found = |chunk: &[u8]| chunk.iter().fold(false, |found, &byte| found | (byte == wanted));
    text.as_bytes().chunks(64).any(found)
}

/// The first byte of a character that may stand nowhere in a document.
///
/// The text is UTF-8 already, so only control characters, U+FFFE and U+FFFF
/// are left to find; the first loop compiles to vector instructions.
pub(super) fn illegal_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    for (index, chunk) in bytes.chunks(64).enumerate() {
        if chunk.iter().fold(false, |found, &byte| found | control(byte) | (byte == 0xEF)) {
            let start = index * 64;
            for (offset, &byte) in chunk.iter().enumerate() {
                let at = start + offset;
                if control(byte) || matches!(bytes[at..], [0xEF, 0xBF, 0xBE | 0xBF, ..]) {
                    return Some(at);
                }
            }
        }
    }
    None
}

/// `NameStartChar` without the colon (production 4).
fn starts_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// `NameChar` without the colon (production 4a).
fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether a text is a name without a colon (`NCName` of Namespaces in XML).
pub(super) fn is_name(text: &str) -> bool {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(simple) {
        return true;
    }
    let mut characters = text.chars();
    characters.next().is_some_and(starts_name) && characters.all(continues_name)
}

/// Splits a qualified name into prefix (empty if none) and local part; `None`
/// if it is not a valid qualified name.
pub(super) fn split(qualified: &str) -> Option<(&str, &str)> {
    match qualified.split_once(':') {
        None => is_name(qualified).then_some(("", qualified)),
        Some((prefix, local)) => (is_name(prefix) && is_name(local)).then_some((prefix, local)),
    }
}
