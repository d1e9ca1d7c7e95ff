//! From bytes to UTF-8 text.

use super::{Cursor, Error};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The codes of a format for what is wrong with the bytes of a message.
pub(crate) struct Codes {
    pub(crate) too_large: &'static str,
    pub(crate) encoding: &'static str,
}

/// The message as UTF-8 text, without a byte order mark, and the bytes before
/// it.
pub(crate) fn decode<'a>(message: &'a [u8], limit: usize, codes: &Codes) -> Result<(&'a str, usize), Error> {
    let whole = |code, text| Error { code, text, line: 1, column: 1, bytes: 0..message.len(), path: vec![] };
    if message.len() > limit || u32::try_from(message.len()).is_err() {
        let text = format!("the message has {} bytes; at most {limit} are read", message.len());
        return Err(whole(codes.too_large, text));
    }
    // Messages start with an ASCII character.
    if let [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..] = message {
        return Err(whole(
            codes.encoding,
            "the message is not in UTF-8 (it looks like UTF-16): send it in UTF-8".into(),
        ));
    }
    let base = if message.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let bytes = &message[base..];
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
        let (line, column) = Cursor::new(valid, 0).locate(valid.len());
        let at = base + valid.len();
        let text = "a byte here is not UTF-8: send the message in UTF-8".into();
        Error { code: codes.encoding, text, line, column, bytes: at..at + 1, path: vec![] }
    })?;
    Ok((text, base))
}
