//! From bytes to the tree. json-event-parser finds values and checks the
//! grammar; the events become nodes here, within the limits.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use json_event_parser::{JsonEvent, LowLevelJsonParser, LowLevelJsonParserResult};

use super::Limits;
use super::document::{Document, Kind, Node};
use crate::message::{Codes, Error, Interned, decode, offset};

pub(super) type Checked<T = ()> = Result<T, Error>;

pub(super) fn parse<'a>(message: &'a [u8], limits: &Limits) -> Checked<Document<'a>> {
    let codes = Codes { too_large: "json-too-large", encoding: "json-encoding" };
    let (text, base) = decode(message, limits.bytes, &codes)?;
    let mut keys = Interned::new();
    keys.number(Cow::Borrowed(""));
    let nodes = Vec::with_capacity((text.len() / 24 + 1).min(limits.values));
    let document = Document { text, base, keys, nodes, contents: RefCell::default() };
    let mut parser =
        Parser { document, limits, open: Vec::new(), key: 0, latest: Vec::new(), earlier: Vec::new() };
    parser.run()?;
    Ok(parser.document)
}

/// An object or array that has not ended yet.
pub(super) struct Open {
    pub(super) node: u32,
    last_child: u32,
    /// How long [`Parser::earlier`] was when it began.
    earlier: usize,
}

/// The tree so far, and where the reader stands in it.
pub(super) struct Parser<'a, 'l> {
    pub(super) document: Document<'a>,
    pub(super) limits: &'l Limits,
    pub(super) open: Vec<Open>,
    /// The key whose value comes next; 0 for none.
    pub(super) key: u32,
    /// By key: the innermost open object that has it, and 1.
    latest: Vec<u32>,
    /// What `latest` said before, so that the end of an object brings it back.
    earlier: Vec<(u32, u32)>,
}

impl<'a> Parser<'a, '_> {
    fn run(&mut self) -> Checked {
        let text = self.document.text;
        if text.starts_with('\u{FEFF}') {
            return Err(self.repeated_mark());
        }
        let mut events = LowLevelJsonParser::new();
        let mut at = 0;
        loop {
            let LowLevelJsonParserResult { event, consumed_bytes } =
                events.parse_next(&text.as_bytes()[at..], true);
            let end = at + consumed_bytes;
            let span = start(text, at..end)..end;
            match event {
                None => {}
                Some(Ok(JsonEvent::Eof)) => return Ok(()),
                Some(Ok(event)) => self.event(event, span)?,
                Some(Err(error)) => return Err(self.syntax(&error, span)),
            }
            at = end;
        }
    }

    fn event(&mut self, event: JsonEvent<'a>, span: Range<usize>) -> Checked {
        let written = &self.document.text[span.clone()];
        match event {
            JsonEvent::StartObject => self.open(Kind::Object, span),
            JsonEvent::StartArray => self.open(Kind::Array, span),
            JsonEvent::EndObject | JsonEvent::EndArray => {
                self.close(span.end);
                Ok(())
            }
            JsonEvent::ObjectKey(key) => self.key(key, span),
            JsonEvent::String(text) => {
                self.check_length(text.len(), self.limits.text, &span, "json-text-too-long", "string")?;
                self.add(Kind::String, text, span)
            }
            JsonEvent::Number(_) => {
                self.check_length(
                    written.len(),
                    self.limits.number,
                    &span,
                    "json-number-too-long",
                    "number",
                )?;
                self.add(Kind::Number, Cow::Borrowed(written), span)
            }
            JsonEvent::Boolean(_) => self.add(Kind::Boolean, Cow::Borrowed(written), span),
            JsonEvent::Null | JsonEvent::Eof => self.add(Kind::Null, Cow::Borrowed(""), span),
        }
    }

    fn add(&mut self, kind: Kind, text: Cow<'a, str>, span: Range<usize>) -> Checked {
        if self.document.nodes.len() >= self.limits.values {
            let text = format!("the message has more than {} values", self.limits.values);
            return Err(self.fail(span, "json-too-many-values", text));
        }
        let node = offset(self.document.nodes.len());
        let parent = self.link(node);
        let (start, end) = (offset(span.start), offset(span.end));
        let key = std::mem::take(&mut self.key);
        let seen = Cell::new(false);
        self.document.nodes.push(Node { kind, key, parent, first: 0, next: 0, start, end, text, seen });
        Ok(())
    }

    /// Hangs a new node into the open value; gives that value.
    fn link(&mut self, node: u32) -> u32 {
        let Some(open) = self.open.last_mut() else { return 0 };
        let nodes = &mut self.document.nodes;
        match open.last_child {
            0 => nodes[open.node as usize].first = node,
            sibling => nodes[sibling as usize].next = node,
        }
        open.last_child = node;
        open.node
    }

    fn open(&mut self, kind: Kind, span: Range<usize>) -> Checked {
        if self.open.len() >= self.limits.depth {
            let text = format!("objects and arrays are nested more than {} deep", self.limits.depth);
            return Err(self.fail(span, "json-too-deep", text));
        }
        let node = offset(self.document.nodes.len());
        self.add(kind, Cow::Borrowed(""), span)?;
        self.open.push(Open { node, last_child: 0, earlier: self.earlier.len() });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        self.document.nodes[open.node as usize].end = offset(end);
        for (key, before) in self.earlier.drain(open.earlier..).rev() {
            self.latest[key as usize] = before;
        }
    }

    fn key(&mut self, key: Cow<'a, str>, span: Range<usize>) -> Checked {
        self.check_length(key.len(), self.limits.key, &span, "json-key-too-long", "key")?;
        let number = self.document.keys.number(key);
        let object = self.open.last().map_or(0, |open| open.node + 1);
        self.latest.resize(self.document.keys.len(), 0);
        let before = std::mem::replace(&mut self.latest[number as usize], object);
        if before == object {
            let text = format!(
                "the key {:?} stands in this object already: keep one",
                self.document.keys.text(number)
            );
            return Err(self.fail(span, "json-duplicate-key", text));
        }
        self.earlier.push((number, before));
        self.key = number;
        Ok(())
    }

    fn check_length(
        &self,
        length: usize,
        limit: usize,
        span: &Range<usize>,
        code: &'static str,
        what: &str,
    ) -> Checked {
        if length <= limit {
            return Ok(());
        }
        Err(self.fail(span.clone(), code, format!("a {what} has more than {limit} bytes")))
    }
}

/// Where a token starts: what lies between two tokens is white space, a comma
/// or a colon.
fn start(text: &str, bytes: Range<usize>) -> usize {
    let between = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':');
    bytes.start + text.as_bytes()[bytes].iter().take_while(|byte| between(byte)).count()
}
