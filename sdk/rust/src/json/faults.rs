//! What is wrong with a message, in words for whoever sent it.

use std::ops::Range;

use json_event_parser::JsonSyntaxError;

use super::document::Kind;
use super::parse::Parser;
use crate::message::{Cursor, Error};

impl Parser<'_, '_> {
    pub(super) fn fail(&self, span: Range<usize>, code: &'static str, text: impl Into<String>) -> Error {
        let document = &self.document;
        let (line, column) = Cursor::new(document.text, 0).locate(span.start);
        let open = self.open.iter().map(|open| document.nodes[open.node as usize].key);
        let keys = open.chain([self.key]).filter(|&key| key != 0);
        let path = keys.map(|key| document.keys.text(key).to_owned()).collect();
        let bytes = span.start + document.base..span.end + document.base;
        Error { code, text: text.into(), line, column, bytes, path }
    }

    pub(super) fn repeated_mark(&self) -> Error {
        self.fail(0..3, "json-syntax", "a byte order mark stands here; at most one may begin the message")
    }

    /// What the parser could not make out; `token` is what it read last.
    pub(super) fn syntax(&self, error: &JsonSyntaxError, token: Range<usize>) -> Error {
        let text = self.document.text;
        let byte = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
        let (start, end) = (byte(error.location().start.offset), byte(error.location().end.offset));
        let span = floor(text, start)..floor(text, end.max(start));
        if start >= token.end {
            return self.cut_off(start);
        }
        if !self.document.nodes.is_empty() && self.open.is_empty() {
            let text = "a message is one value; it has ended before this";
            return self.fail(span, "json-several-values", text);
        }
        let in_string = text[token.start..].starts_with('"') && start > token.start;
        match text.as_bytes().get(start) {
            Some(control @ 0..0x20) if in_string => {
                let text = format!("a control character stands in a string: write it as \\u{control:04x}");
                self.fail(span, "json-control-character", text)
            }
            _ if in_string => self.fail(span, "json-bad-escape", error.message()),
            _ => self.fail(span, "json-syntax", error.message()),
        }
    }

    /// The message ends within something, which may be a token.
    fn cut_off(&self, at: usize) -> Error {
        let text = self.document.text;
        if text[at..].starts_with('"') {
            let text =
                "a string starts here but does not end: is a quotation mark or half of an escape missing?";
            return self.fail(at..at, "json-unclosed-string", text);
        }
        let Some(open) = self.open.last() else {
            return self.fail(at..at, "json-no-value", "the message has no value at all");
        };
        let node = &self.document.nodes[open.node as usize];
        let what = if node.kind == Kind::Array { "array" } else { "object" };
        let (line, _) = Cursor::new(text, 0).locate(node.start as usize);
        let text = format!("the message ends within the {what} that starts on line {line}");
        self.fail(at..at, "json-unexpected-end", text)
    }
}

/// The start of the character that a byte belongs to.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}
