//! From bytes to UTF-8 text.

use super::BYTE_ORDER_MARK;
use crate::xml::Limits;
use crate::xml::error::Error;
use crate::xml::names::illegal_character;
use crate::xml::position::Cursor;

/// The message as UTF-8 text, and the bytes before it.
pub(super) fn decode<'a>(message: &'a [u8], limits: &Limits) -> Result<(&'a str, usize), Error> {
    let whole = |code, text| Error { code, text, line: 1, column: 1, bytes: 0..message.len(), path: vec![] };
    if message.len() > limits.bytes || u32::try_from(message.len()).is_err() {
        let text = format!("the message has {} bytes; at most {} are read", message.len(), limits.bytes);
        return Err(whole("xml-too-large", text));
    }
    if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..] = message {
        return Err(whole(
            "xml-encoding",
            "the message is not in UTF-8 (it looks like UTF-16): send it in UTF-8".into(),
        ));
    }
    let base = if message.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let bytes = &message[base..];
    let at = |text: &str, byte: usize, code, what| {
        let (line, column) = Cursor::new(text, 0).locate(byte);
        Error { code, text: what, line, column, bytes: base + byte..base + byte + 1, path: vec![] }
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        at(valid, valid.len(), "xml-encoding", "a byte here is not UTF-8: send the message in UTF-8".into())
    })?;
    if let Some(byte) = illegal_character(text) {
        let code = text[byte..].chars().next().map_or(0, u32::from);
        let what = format!("the character U+{code:04X} may not stand in XML: remove it");
        return Err(at(text, byte, "xml-illegal-character", what));
    }
    Ok((text, base))
}
