//! From bytes to text that XML allows.

use crate::message::{Codes, Cursor, Error, decode as to_text};
use crate::xml::Limits;
use crate::xml::names::illegal_character;

/// The message as UTF-8 text, and the bytes before it.
pub(super) fn decode<'a>(message: &'a [u8], limits: &Limits) -> Result<(&'a str, usize), Error> {
    let codes = Codes { too_large: "xml-too-large", encoding: "xml-encoding" };
    let (text, base) = to_text(message, limits.bytes, &codes)?;
    if let Some(byte) = illegal_character(text) {
        let code = text[byte..].chars().next().map_or(0, u32::from);
        let (line, column) = Cursor::new(text, 0).locate(byte);
        return Err(Error {
            code: "xml-illegal-character",
            text: format!("the character U+{code:04X} may not stand in XML: remove it"),
            line,
            column,
            bytes: base + byte..base + byte + 1,
            path: vec![],
        });
    }
    Ok((text, base))
}
