//! Writes custom sections behind a component.

/// Appends a custom section. A component is a sequence of sections, so what
/// stands before stays as it is.
pub(crate) fn append_section(to: &mut Vec<u8>, name: &str, content: &[u8]) {
    const CUSTOM: u8 = 0;
    let mut body = Vec::with_capacity(content.len() + name.len() + 5);
    unsigned_leb128(&mut body, name.len());
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(content);
    to.push(CUSTOM);
    unsigned_leb128(to, body.len());
    to.extend_from_slice(&body);
}

fn unsigned_leb128(to: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            return to.push(low);
        }
        to.push(low | 0x80);
    }
}
