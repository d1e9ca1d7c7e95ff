//! From bytes to the tree. quick-xml finds the borders of tags, texts and the
//! rest; what it does not check is checked here.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error as LexicalError, IllFormedError, SyntaxError};
use quick_xml::events::Event;

use super::Limits;
use super::attributes::{Fault, Raw, Scanner};
use super::document::{AttributeNode, Document, Node};
use super::error::Error;
use super::names::{illegal_character, is_name, is_space, split};
use super::position::Cursor;
use super::scope::{Bearer, Interned, Mark, Name, Scope, XML, XMLNS};
use super::text;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub(super) fn parse<'a>(message: &'a [u8], limits: &Limits) -> Result<Document<'a>, Error> {
    let (text, base) = decode(message, limits)?;
    let mut parser = Parser::new(text, base, limits);
    parser.run()?;
    Ok(parser.document)
}

/// The message as UTF-8 text, and the bytes before it.
fn decode<'a>(message: &'a [u8], limits: &Limits) -> Result<(&'a str, usize), Error> {
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

/// An element whose end tag has not come yet.
struct Open<'a> {
    node: u32,
    last_child: u32,
    qualified: &'a str,
    before: Mark,
}

struct Parser<'a, 'l> {
    document: Document<'a>,
    limits: &'l Limits,
    scope: Scope<'a>,
    /// Whether there is a `]` in the message; only then texts are searched.
    brackets: bool,
    open: Vec<Open<'a>>,
    /// The attributes of the start tag at hand.
    raw: Vec<Raw<'a>>,
    names: Vec<(Name, u32)>,
}

/// Byte positions go into the tree as `u32`; `decode` refuses longer messages.
fn offset(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

type Checked<T = ()> = Result<T, Error>;

impl<'a, 'l> Parser<'a, 'l> {
    fn new(text: &'a str, base: usize, limits: &'l Limits) -> Self {
        let mut namespaces = Interned::default();
        let none = namespaces.number(Cow::Borrowed(""));
        let xml = namespaces.number(Cow::Borrowed(XML));
        let expected = text.len() / 48 + 1;
        let document = Document {
            text,
            base,
            names: Interned::default(),
            namespaces,
            nodes: Vec::with_capacity(expected.min(limits.nodes)),
            attributes: Vec::new(),
            contents: RefCell::default(),
        };
        let (open, raw, names) = (Vec::with_capacity(16), Vec::new(), Vec::new());
        let (scope, brackets) = (Scope::new(none, xml), text.as_bytes().contains(&b']'));
        Self { document, limits, scope, brackets, open, raw, names }
    }

    fn run(&mut self) -> Checked {
        let text = self.document.text;
        if text.as_bytes().starts_with(BYTE_ORDER_MARK) {
            return Err(self.outside_root(0..BYTE_ORDER_MARK.len()));
        }
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        loop {
            let start = position(reader.buffer_position());
            let event = reader.read_event();
            let span = start..position(reader.buffer_position());
            match event {
                Ok(Event::Start(_)) => self.start_tag(span, false)?,
                Ok(Event::Empty(_)) => self.start_tag(span, true)?,
                Ok(Event::End(_)) => self.end_tag(span)?,
                Ok(Event::Text(_)) => self.text(span)?,
                Ok(Event::GeneralRef(_)) => self.reference(span)?,
                Ok(Event::CData(_)) => self.cdata(span)?,
                Ok(Event::Comment(_)) => self.comment(span)?,
                Ok(Event::PI(_)) => self.instruction(span)?,
                Ok(Event::Decl(_)) => self.declaration(span)?,
                Ok(Event::DocType(_)) => return Err(self.doctype(span)),
                Ok(Event::Eof) => return self.end(),
                Err(error) => return Err(self.lexical(&error, position(reader.error_position()))),
            }
        }
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

    fn start_tag(&mut self, span: Range<usize>, empty: bool) -> Checked {
        let document = &self.document;
        if self.open.is_empty() && !document.nodes.is_empty() {
            return Err(self.fail(
                span,
                "xml-several-roots",
                "a message has one root element; here a second one starts",
            ));
        }
        if self.open.len() >= self.limits.depth {
            let text = format!("elements are nested more than {} deep", self.limits.depth);
            return Err(self.fail(span, "xml-too-deep", text));
        }
        if document.nodes.len() + document.attributes.len() >= self.limits.nodes {
            let text = format!("the message has more than {} elements and attributes", self.limits.nodes);
            return Err(self.fail(span, "xml-too-many-nodes", text));
        }
        let inside = &document.text[span.start + 1..span.end - if empty { 2 } else { 1 }];
        let length = inside.bytes().position(is_space).unwrap_or(inside.len());
        let qualified = &inside[..length];
        if length == 0 {
            let at = span.start + 1;
            return Err(self.fail(
                at..at,
                "xml-bad-name",
                "a name must follow the < of a tag; write &lt; for the character",
            ));
        }
        let before = self.scope.mark();
        let attributes = document.attributes.len();
        let node = offset(document.nodes.len());
        if length < inside.len() {
            self.scan_attributes(inside, length, span.start + 1)?;
        } else {
            self.raw.clear();
        }
        let name = self.resolve(Bearer::Element, qualified, span.start + 1)?;
        if !self.raw.is_empty() {
            self.add_attributes(node, span.start + 1)?;
        }
        let parent = self.link(node);
        self.document.nodes.push(Node {
            name,
            parent,
            first: 0,
            next: 0,
            start: offset(span.start),
            end: offset(span.end),
            content_start: offset(span.end),
            content_end: offset(span.end),
            attributes: offset(attributes),
            attributes_end: offset(self.document.attributes.len()),
            text: Cow::Borrowed(""),
            seen: Cell::new(false),
        });
        if empty {
            self.scope.restore(before);
        } else {
            self.open.push(Open { node, last_child: 0, qualified, before });
        }
        Ok(())
    }

    /// Hangs a new node below the open element; gives its parent.
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

    /// Collects the attributes of a start tag, and brings its namespace
    /// declarations into force.
    fn scan_attributes(&mut self, inside: &'a str, from: usize, base: usize) -> Checked {
        self.raw.clear();
        let mut scanner = Scanner::new(inside, from);
        while let Some(attribute) = scanner.next() {
            let raw = attribute.map_err(|(at, fault)| self.attribute_fault(base + at, fault))?;
            let span = base + raw.start..base + raw.end;
            if self.raw.len() >= self.limits.attributes {
                let text = format!("an element has more than {} attributes", self.limits.attributes);
                return Err(self.fail(span, "xml-too-many-attributes", text));
            }
            if raw.value.len() > self.limits.text {
                return Err(self.text_too_long(span));
            }
            self.raw.push(raw);
            if let Some(prefix) = declared_prefix(raw.name) {
                self.declare(prefix, raw, base)?;
            }
        }
        Ok(())
    }

    fn attribute_fault(&self, at: usize, fault: Fault) -> Error {
        let (code, text) = match fault {
            Fault::NoName => {
                ("xml-bad-attribute", "here an attribute's name should start: write name=\"value\"")
            }
            Fault::NoSpace => ("xml-bad-attribute", "white space is missing before this attribute"),
            Fault::NoEquals => ("xml-bad-attribute", "the attribute has no value: write name=\"value\""),
            Fault::NoQuote => ("xml-bad-attribute", "the attribute's value is not in quotation marks"),
            Fault::LessThan => ("xml-less-than-in-attribute", "write &lt; for < in an attribute's value"),
        };
        self.fail(at..at + 1, code, text)
    }

    fn declare(&mut self, prefix: &'a str, raw: Raw<'a>, base: usize) -> Checked {
        let span = base + raw.start..base + raw.end;
        let uri = self.value(raw, base)?;
        let wrong = match (prefix, uri.as_ref()) {
            ("xmlns", _) => Some("the prefix xmlns cannot be declared"),
            ("xml", uri) => (uri != XML).then_some("the prefix xml stands for its own namespace only"),
            (_, XML | XMLNS) => Some("this namespace is reserved"),
            ("", _) => None,
            (prefix, _) if !is_name(prefix) => Some("the prefix is not a name"),
            (_, uri) => uri.is_empty().then_some("a prefix cannot be declared as no namespace"),
        };
        if let Some(wrong) = wrong {
            return Err(self.fail(span, "xml-bad-namespace", format!("{}: {wrong}", raw.name)));
        }
        if self.scope.len() >= self.limits.namespaces {
            let text = format!("more than {} namespace declarations are in force", self.limits.namespaces);
            return Err(self.fail(span, "xml-too-many-namespaces", text));
        }
        let namespace = self.document.namespaces.number(uri);
        self.scope.bind(prefix, namespace);
        Ok(())
    }

    fn value(&self, raw: Raw<'a>, base: usize) -> Checked<Cow<'a, str>> {
        text::attribute_value(raw.value).map_err(|(at, bad)| {
            let start = base + raw.value_start + at;
            self.bad_reference(start..base + raw.end, &bad)
        })
    }

    /// Resolves and keeps the attributes collected last.
    fn add_attributes(&mut self, owner: u32, base: usize) -> Checked {
        let raw = std::mem::take(&mut self.raw);
        self.names.clear();
        for (index, &attribute) in raw.iter().enumerate() {
            let declared = declared_prefix(attribute.name);
            let name = match declared {
                Some(prefix) => Name {
                    local: self.document.names.number(Cow::Borrowed(prefix)),
                    namespace: self.document.namespaces.number(Cow::Borrowed(XMLNS)),
                },
                None => self.resolve(Bearer::Attribute, attribute.name, base + attribute.start)?,
            };
            self.names.push((name, offset(index)));
            if declared.is_none() {
                let value = self.value(attribute, base)?;
                let (start, end) = (offset(base + attribute.start), offset(base + attribute.end));
                self.document.attributes.push(AttributeNode {
                    name,
                    owner,
                    start,
                    end,
                    value,
                    seen: Cell::new(false),
                });
            }
        }
        if let Some(duplicate) = duplicate(&mut self.names) {
            let attribute = raw[duplicate as usize];
            let span = base + attribute.start..base + attribute.end;
            let text = format!("the attribute {} is there twice: keep one", attribute.name);
            return Err(self.fail(span, "xml-duplicate-attribute", text));
        }
        self.raw = raw;
        Ok(())
    }

    fn resolve(&mut self, bearer: Bearer, qualified: &'a str, at: usize) -> Checked<Name> {
        if let Some(name) = self.scope.recall(bearer, qualified) {
            return Ok(name);
        }
        let span = at..at + qualified.len();
        if qualified.len() > self.limits.name {
            let text = format!("a name has more than {} bytes", self.limits.name);
            return Err(self.fail(span, "xml-name-too-long", text));
        }
        let Some((prefix, local)) = split(qualified) else {
            let text = format!("{qualified:?} is not a name that XML allows here");
            return Err(self.fail(span, "xml-bad-name", text));
        };
        let namespace = match (bearer, prefix) {
            (Bearer::Attribute, "") => Some(0),
            _ => self.scope.namespace(prefix),
        };
        let Some(namespace) = namespace else {
            let text = format!(
                "the prefix {prefix} of {qualified} is not declared: add xmlns:{prefix}=\"…\" to this element or one around it"
            );
            return Err(self.fail(span, "xml-undeclared-prefix", text));
        };
        let name = Name { local: self.document.names.number(Cow::Borrowed(local)), namespace };
        self.scope.remember(bearer, qualified, name);
        Ok(name)
    }

    fn end_tag(&mut self, span: Range<usize>) -> Checked {
        let qualified =
            self.document.text[span.start + 2..span.end - 1].trim_end_matches([' ', '\t', '\r', '\n']);
        let Some(open) = self.open.last() else {
            let text = format!("the end tag </{qualified}> has no start tag");
            return Err(self.fail(span, "xml-unexpected-end-tag", text));
        };
        if open.qualified != qualified {
            let (expected, line) = (open.qualified, self.line_of(open.node));
            let text = format!(
                "the end tag </{qualified}> stands where </{expected}> should, which was opened on line {line}"
            );
            return Err(self.fail(span, "xml-mismatched-tag", text));
        }
        let node = &mut self.document.nodes[open.node as usize];
        node.content_end = offset(span.start);
        node.end = offset(span.end);
        text::trim_in_place(&mut node.text);
        self.scope.restore(open.before);
        self.open.pop();
        Ok(())
    }

    fn outside_root(&self, span: Range<usize>) -> Error {
        self.fail(span, "xml-text-outside-root", "text stands outside the root element: remove it")
    }

    fn text_too_long(&self, span: Range<usize>) -> Error {
        let text = format!("a text has more than {} bytes", self.limits.text);
        self.fail(span, "xml-text-too-long", text)
    }

    fn text(&mut self, span: Range<usize>) -> Checked {
        let stretch = &self.document.text[span.clone()];
        if self.open.is_empty() {
            return match stretch.bytes().position(|byte| !is_space(byte)) {
                None => Ok(()),
                Some(at) => Err(self.outside_root(span.start + at..span.end)),
            };
        }
        if self.brackets
            && let Some(at) = stretch.find("]]>")
        {
            let start = span.start + at;
            return Err(self.fail(
                start..start + 3,
                "xml-cdata-end-in-text",
                "write ]]&gt; for ]]> in a text",
            ));
        }
        self.append(span)
    }

    fn append(&mut self, span: Range<usize>) -> Checked {
        let Some(open) = self.open.last() else { return Err(self.outside_root(span)) };
        let node = &mut self.document.nodes[open.node as usize];
        if node.text.len() + span.len() > self.limits.text {
            return Err(self.text_too_long(span));
        }
        text::append(&mut node.text, &self.document.text[span]);
        Ok(())
    }

    fn cdata(&mut self, span: Range<usize>) -> Checked {
        if self.open.is_empty() {
            return Err(self.outside_root(span));
        }
        self.append(span.start + "<![CDATA[".len()..span.end - "]]>".len())
    }

    fn reference(&mut self, span: Range<usize>) -> Checked {
        let Some(open) = self.open.last() else { return Err(self.outside_root(span)) };
        let reference = &self.document.text[span.start + 1..span.end - 1];
        match text::resolve(reference) {
            Ok(character) => {
                let node = &mut self.document.nodes[open.node as usize];
                node.text.to_mut().push(character);
                Ok(())
            }
            Err(bad) => Err(self.bad_reference(span, &bad)),
        }
    }

    fn bad_reference(&self, span: Range<usize>, bad: &text::BadReference) -> Error {
        let written = &self.document.text[span.clone()];
        let written = &written[..written.find(';').map_or(written.len().min(1), |end| end + 1)];
        let (code, text) = match bad {
            text::BadReference::UnknownEntity => (
                "xml-unknown-entity",
                format!("the entity {written} is not one of XML's five: write the character itself"),
            ),
            text::BadReference::Malformed => (
                "xml-bad-reference",
                "a & starts a reference such as &amp;: write &amp; for the character itself".into(),
            ),
            text::BadReference::IllegalCharacter => {
                ("xml-illegal-character", format!("{written} stands for a character that XML does not allow"))
            }
        };
        self.fail(span.start..span.start + written.len(), code, text)
    }

    fn comment(&self, span: Range<usize>) -> Checked {
        let inside = &self.document.text[span.start + "<!--".len()..span.end - "-->".len()];
        if inside.contains("--") || inside.ends_with('-') {
            return Err(self.fail(span, "xml-bad-comment", "two hyphens may not stand within a comment"));
        }
        Ok(())
    }

    fn instruction(&self, span: Range<usize>) -> Checked {
        let inside = &self.document.text[span.start + 2..span.end - 2];
        let target = &inside[..inside.bytes().position(is_space).unwrap_or(inside.len())];
        if !is_name(target) || target.eq_ignore_ascii_case("xml") {
            let text = format!("{target:?} cannot be the target of a processing instruction");
            return Err(self.fail(span, "xml-bad-instruction", text));
        }
        Ok(())
    }

    fn declaration(&self, span: Range<usize>) -> Checked {
        if span.start != 0 {
            let text = "the XML declaration must be the very first thing in the message";
            return Err(self.fail(span, "xml-bad-declaration", text));
        }
        let inside = &self.document.text["<?xml".len()..span.end - "?>".len()];
        super::declaration::check(inside).map_err(|(code, text)| self.fail(span, code, text))
    }

    fn doctype(&self, span: Range<usize>) -> Error {
        let text = "the message has a document type declaration (DOCTYPE): remove it";
        self.fail(span, "xml-doctype", text)
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

    /// What the tokenizer could not make out.
    fn lexical(&self, error: &LexicalError, at: usize) -> Error {
        let at = at.min(self.document.text.len());
        let (code, text) = match error {
            LexicalError::IllFormed(IllFormedError::UnclosedReference) => (
                "xml-bad-reference",
                "a & starts a reference such as &amp;: write &amp; for the character itself",
            ),
            LexicalError::IllFormed(IllFormedError::MissingDoctypeName)
            | LexicalError::Syntax(SyntaxError::UnclosedDoctype) => return self.doctype(at..at),
            LexicalError::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => (
                "xml-bad-instruction",
                "a processing instruction or XML declaration starts here but does not end",
            ),
            LexicalError::Syntax(SyntaxError::UnclosedComment) => {
                ("xml-bad-comment", "a comment starts here but does not end")
            }
            LexicalError::Syntax(SyntaxError::UnclosedCData) => {
                ("xml-unclosed-cdata", "a CDATA section starts here but does not end")
            }
            LexicalError::Syntax(
                SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => (
                "xml-unclosed-tag",
                "a tag starts here but does not end: is a > or a quotation mark missing?",
            ),
            _ => ("xml-bad-markup", "this is not markup: write &lt; for the character <"),
        };
        self.fail(at..at, code, text)
    }
}

fn position(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The prefix that a namespace declaration declares (empty: the default one).
fn declared_prefix(name: &str) -> Option<&str> {
    match name.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':').filter(|prefix| !prefix.is_empty()),
    }
}

/// The position of an attribute whose name came before. Sorting keeps this
/// from being quadratic; the usual few are compared as they are.
fn duplicate(names: &mut [(Name, u32)]) -> Option<u32> {
    if names.len() <= 8 {
        let before =
            |&(at, (name, _)): &(usize, &(Name, u32))| names[..at].iter().any(|(other, _)| other == name);
        return names.iter().enumerate().find(before).map(|(_, &(_, index))| index);
    }
    names.sort_unstable();
    names.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1)
}
