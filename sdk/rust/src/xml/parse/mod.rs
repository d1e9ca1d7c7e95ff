//! From bytes to the tree. quick-xml finds where tags and all other markup end:
//! its parser of tags is asked directly, since the events of its reader would
//! check and copy what is checked and kept here. What it does not check is
//! checked here: the bytes in `encoding`,
//! elements in `tags` and `attributes`, what stands between tags in `content`.
//! `faults` words what they find.

mod attributes;
mod content;
mod encoding;
mod faults;
mod tags;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::parser::{ElementParser, Parser as _};

use super::Limits;
use super::attributes::Raw;
use super::document::Document;
use super::names::contains;
use super::scope::{Mark, Name, Scope, XML};
use crate::message::{Cursor, Error, Interned, offset};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn parse<'a>(message: &'a [u8], limits: &Limits) -> Result<Document<'a>, Error> {
    let (text, base) = encoding::decode(message, limits)?;
    let mut parser = Parser::new(text, base, limits);
    parser.run()?;
    Ok(parser.document)
}

/// An element whose end tag has not come yet.
struct Open<'a> {
    node: u32,
    last_child: u32,
    qualified: &'a str,
    before: Mark,
}

/// The tree so far, and what is in force where the reader stands.
struct Parser<'a, 'l> {
    document: Document<'a>,
    limits: &'l Limits,
    scope: Scope<'a>,
    /// Whether there is a `]` in the message; only then texts are searched.
    brackets: bool,
    /// Whether there is a carriage return in the message.
    returns: bool,
    open: Vec<Open<'a>>,
    /// The attributes of the start tag at hand.
    raw: Vec<Raw<'a>>,
    names: Vec<(Name, u32)>,
}

type Checked<T = ()> = Result<T, Error>;

impl<'a, 'l> Parser<'a, 'l> {
    fn new(text: &'a str, base: usize, limits: &'l Limits) -> Self {
        let mut namespaces = Interned::new();
        let none = namespaces.number(Cow::Borrowed(""));
        let xml = namespaces.number(Cow::Borrowed(XML));
        let expected = text.len() / 48 + 1;
        let document = Document {
            text,
            base,
            names: Interned::new(),
            namespaces,
            nodes: Vec::with_capacity(expected.min(limits.nodes)),
            attributes: Vec::new(),
            contents: RefCell::default(),
        };
        let (open, raw, names) = (Vec::with_capacity(16), Vec::new(), Vec::new());
        let (brackets, returns) = (contains(text, b']'), contains(text, b'\r'));
        let scope = Scope::new(none, xml);
        Self { document, limits, scope, brackets, returns, open, raw, names }
    }

    fn run(&mut self) -> Checked {
        let text = self.document.text;
        if text.as_bytes().starts_with(BYTE_ORDER_MARK) {
            return Err(self.outside_root(0..BYTE_ORDER_MARK.len()));
        }
        let mut at = 0;
        while at < text.len() {
            at = match &text.as_bytes()[at..] {
                [b'&', ..] | [b'<', b'!' | b'?', ..] => self.other(at)?,
                [b'<', ..] => self.tag(at)?,
                stretch => {
                    let end = stretch.iter().position(|byte| matches!(byte, b'<' | b'&'));
                    let span = at..at + end.unwrap_or(stretch.len());
                    self.text(span.clone())?;
                    span.end
                }
            };
        }
        self.end()
    }

    /// A start or end tag; says where it ends.
    fn tag(&mut self, start: usize) -> Checked<usize> {
        let stretch = &self.document.text.as_bytes()[start..];
        // Its reader knows best what is wrong with a tag that does not end.
        let Some(last) = ElementParser::Outside.feed(stretch) else { return self.other(start) };
        let end = start + last + 1;
        match stretch[1] {
            b'/' => self.end_tag(start..end)?,
            _ => self.start_tag(start..end, stretch[last - 1] == b'/')?,
        }
        Ok(end)
    }

    /// What is neither a tag nor a text, or not right; says where it ends.
    /// Setting a reader up takes no memory and hardly any time.
    fn other(&mut self, start: usize) -> Checked<usize> {
        let mut reader = Reader::from_str(&self.document.text[start..]);
        let event = reader.read_event();
        let span = start..start + position(reader.buffer_position());
        let end = span.end;
        match event {
            Ok(Event::GeneralRef(_)) => self.reference(span)?,
            Ok(Event::CData(_)) => self.cdata(span)?,
            Ok(Event::Comment(_)) => self.comment(span)?,
            Ok(Event::PI(_)) => self.instruction(span)?,
            Ok(Event::Decl(_)) => self.declaration(span)?,
            Ok(Event::DocType(_)) => return Err(self.doctype(span)),
            Ok(_) => return Err(self.bad_markup(span)),
            Err(error) => return Err(self.lexical(&error, start + position(reader.error_position()))),
        }
        Ok(end)
    }

    fn fail(&self, span: Range<usize>, code: &'static str, text: impl Into<String>) -> Error {
        let base = self.document.base;
        let (line, column) = Cursor::new(self.document.text, 0).locate(span.start);
        let name = |open: &Open<'_>| open.qualified.rsplit(':').next().unwrap_or_default().to_owned();
        let path = self.open.iter().map(name).collect();
        Error { code, text: text.into(), line, column, bytes: span.start + base..span.end + base, path }
    }

    fn line_of(&self, node: u32) -> u32 {
        Cursor::new(self.document.text, 0).locate(self.document.nodes[node as usize].start as usize).0
    }

    fn end(&self) -> Checked {
        let end = self.document.text.len();
        if let Some(open) = self.open.last() {
            let line = self.line_of(open.node);
            let text =
                format!("the message ends before </{}>, which was opened on line {line}", open.qualified);
            return Err(self.fail(end..end, "xml-unclosed-element", text));
        }
        if self.document.nodes.is_empty() {
            return Err(self.fail(end..end, "xml-no-root", "the message has no element at all"));
        }
        Ok(())
    }
}

fn position(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
