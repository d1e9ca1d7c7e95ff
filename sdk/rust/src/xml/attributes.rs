//! The inside of a start tag, and of an XML declaration.

use super::names::is_space;

/// One `name="value"`, as written, with byte positions in the scanned text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raw<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Where the name starts.
    pub(super) start: usize,
    /// Where the value starts, behind the quotation mark.
    pub(super) value_start: usize,
    /// Behind the closing quotation mark.
    pub(super) end: usize,
}

/// What is wrong with a list of attributes, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something other than a name where an attribute should start.
    NoName,
    /// No white space before the attribute.
    NoSpace,
    /// No `=` behind the name.
    NoEquals,
    /// No quotation mark before or behind the value.
    NoQuote,
    /// A `<` in the value.
    LessThan,
}

/// Reads attributes one after the other; each must have white space before it.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at `at` in `text`, behind the name of the element.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    fn skip_space(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|&byte| !is_space(byte)).unwrap_or(rest.len());
    }

    /// The next attribute; `None` at the end. A fault ends the scan.
    pub(super) fn next(&mut self) -> Option<Result<Raw<'a>, (usize, Fault)>> {
        let before = self.at;
        self.skip_space();
        if self.at == self.text.len() {
            return None;
        }
        Some(self.attribute(before))
    }

    fn attribute(&mut self, before: usize) -> Result<Raw<'a>, (usize, Fault)> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if start == before {
            return Err((start, Fault::NoSpace));
        }
        let ends_name = |&byte: &u8| is_space(byte) || matches!(byte, b'=' | b'"' | b'\'' | b'<' | b'/');
        let length = bytes[start..].iter().position(ends_name).unwrap_or(bytes.len() - start);
        if length == 0 {
            return Err((start, Fault::NoName));
        }
        let name = &self.text[start..start + length];
        self.at = start + length;
        self.skip_space();
        if bytes.get(self.at) != Some(&b'=') {
            return Err((self.at, Fault::NoEquals));
        }
        self.at += 1;
        self.skip_space();
        let Some(&quote @ (b'"' | b'\'')) = bytes.get(self.at) else {
            return Err((self.at, Fault::NoQuote));
        };
        let value_start = self.at + 1;
        let found = bytes[value_start..].iter().position(|&byte| byte == quote || byte == b'<');
        match found.map(|offset| value_start + offset) {
            None => Err((self.at, Fault::NoQuote)),
            Some(end) if bytes[end] == b'<' => Err((end, Fault::LessThan)),
            Some(end) => {
                self.at = end + 1;
                Ok(Raw { name, value: &self.text[value_start..end], start, value_start, end: end + 1 })
            }
        }
    }
}
