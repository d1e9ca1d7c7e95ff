//! The tree of a well-formed message.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::ops::Range;

use ecert_model::values::Place;

use super::Limits;
use super::scope::Name;
use crate::message::{Error, Interned};

/// A well-formed message.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) text: &'a str,
    /// Bytes of the message before `text`: a byte order mark, or none.
    pub(super) base: usize,
    pub(super) names: Interned<'a>,
    pub(super) namespaces: Interned<'a>,
    /// Elements in document order; the root is the first.
    pub(super) nodes: Vec<Node<'a>>,
    /// Attributes in document order.
    pub(super) attributes: Vec<AttributeNode<'a>>,
    /// Places of contents that were asked for, behind those of all nodes.
    pub(super) contents: RefCell<Vec<u32>>,
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) name: Name,
    pub(super) parent: u32,
    /// First child and next sibling; 0, the root, stands for none.
    pub(super) first: u32,
    pub(super) next: u32,
    /// Bytes in `Document::text`, tags included.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Bytes between the tags.
    pub(super) content_start: u32,
    pub(super) content_end: u32,
    pub(super) attributes: u32,
    pub(super) attributes_end: u32,
    pub(super) text: Cow<'a, str>,
    pub(super) seen: Cell<bool>,
}

#[derive(Debug)]
pub(super) struct AttributeNode<'a> {
    pub(super) name: Name,
    pub(super) owner: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) value: Cow<'a, str>,
    pub(super) seen: Cell<bool>,
}

/// What stands between the tags of an element.
pub(super) struct Content {
    /// Its bytes in `Document::text`, without white space at both ends and
    /// without the marks of a CDATA section that is all there is.
    pub(super) bytes: Range<usize>,
    /// Whether these bytes are the text: no markup, no references.
    verbatim: bool,
}

impl Node<'_> {
    /// The node's content; `text` is that of the document.
    pub(super) fn content(&self, text: &str) -> Content {
        let bytes = trimmed(text, self.content_start as usize..self.content_end as usize);
        let raw = &text[bytes.clone()];
        let section = raw.strip_prefix(CDATA).and_then(|rest| rest.strip_suffix(CDATA_END));
        match section.filter(|inside| !inside.contains(CDATA_END)) {
            Some(inside) => {
                let start = bytes.start + CDATA.len();
                Content { bytes: trimmed(text, start..start + inside.len()), verbatim: true }
            }
            None => Content { bytes, verbatim: !raw.contains(['<', '&']) },
        }
    }
}

const CDATA: &str = "<![CDATA[";
const CDATA_END: &str = "]]>";

/// A stretch without the white space at both ends.
fn trimmed(text: &str, bytes: Range<usize>) -> Range<usize> {
    let raw = &text[bytes.clone()];
    let start = bytes.end - raw.trim_ascii_start().len();
    start..start + super::text::trim(raw).len()
}

impl<'a> Document<'a> {
    /// Reads a message. The error is the first fault that was met.
    pub fn parse(message: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        super::parse::parse(message, limits)
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }
}

/// An element of a [`Document`].
#[derive(Clone, Copy)]
pub struct Element<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) index: u32,
}

impl<'d> Element<'d> {
    fn node(self) -> &'d Node<'d> {
        &self.document.nodes[self.index as usize]
    }

    fn element(self, index: u32) -> Option<Self> {
        (index != 0).then_some(Self { document: self.document, index })
    }

    /// The local name.
    pub fn name(self) -> &'d str {
        self.document.names.text(self.node().name.local)
    }

    /// The namespace's URI; empty if the element is in none.
    pub fn namespace(self) -> &'d str {
        self.document.namespaces.text(self.node().name.namespace)
    }

    /// Whether this is an element of that namespace and local name.
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.name() == local && self.namespace() == namespace
    }

    /// The element this one stands in.
    pub fn parent(self) -> Option<Self> {
        (self.index != 0).then(|| Self { document: self.document, index: self.node().parent })
    }

    /// The elements within this one, in order.
    pub fn elements(self) -> impl Iterator<Item = Self> + Clone {
        std::iter::successors(self.element(self.node().first), |element| element.element(element.node().next))
    }

    /// The elements within this one whose local name has that number. Numbers
    /// compare faster than texts, and most names that are asked for occur
    /// nowhere in a message.
    fn named(self, local: Option<u32>) -> impl Iterator<Item = Self> + Clone + use<'d> {
        let first = local.and_then(|_| self.element(self.node().first));
        std::iter::successors(first, |element| element.element(element.node().next))
            .filter(move |element| Some(element.node().name.local) == local)
    }

    /// The first child of a local name, in whatever namespace.
    pub fn child(self, local: &str) -> Option<Self> {
        self.named(self.document.names.find(local)).next()
    }

    /// The first child of a namespace and local name.
    pub fn child_in(self, namespace: &str, local: &str) -> Option<Self> {
        self.children(local).find(|child| child.namespace() == namespace)
    }

    /// The children of a local name, in whatever namespace, in order.
    pub fn children(self, local: &str) -> impl Iterator<Item = Self> + Clone + use<'d> {
        self.named(self.document.names.find(local))
    }

    /// The first element down a path of local names such as `Header/Number`.
    pub fn at(self, path: &str) -> Option<Self> {
        path.split('/').try_fold(self, |element, step| element.child(step))
    }

    /// The first element of this local name among this one and all below it,
    /// in document order.
    pub fn find(self, local: &str) -> Option<Self> {
        self.subtree().find(|element| element.name() == local)
    }

    /// This element and all below it, in document order.
    pub fn subtree(self) -> impl Iterator<Item = Self> + Clone {
        let inside = move |&index: &u32| {
            index == self.index
                || self.document.nodes.get(index as usize).is_some_and(|node| node.parent >= self.index)
        };
        let document = self.document;
        (self.index..).take_while(inside).map(move |index| Self { document, index })
    }

    /// The element's own text, without white space at both ends; empty if it
    /// has none. Reading it marks the element as taken over.
    pub fn text(self) -> &'d str {
        self.node().seen.set(true);
        &self.node().text
    }

    /// The text at a path of local names; `None` if there is no such element
    /// or it is empty.
    pub fn text_of(self, path: &str) -> Option<&'d str> {
        self.at(path).map(Self::text).filter(|text| !text.is_empty())
    }

    /// Whether the element has no text of its own, without marking it.
    pub fn is_blank(self) -> bool {
        self.node().text.is_empty()
    }

    /// The attribute of that name in no namespace.
    pub fn attribute(self, local: &str) -> Option<Attribute<'d>> {
        self.attribute_in("", local)
    }

    /// The attribute of a namespace and local name.
    pub fn attribute_in(self, namespace: &str, local: &str) -> Option<Attribute<'d>> {
        self.attributes().find(|attribute| attribute.name() == local && attribute.namespace() == namespace)
    }

    /// The attributes, namespace declarations left out.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'d>> + Clone {
        let document = self.document;
        (self.node().attributes..self.node().attributes_end).map(move |index| Attribute { document, index })
    }

    /// Where the element stands, tags included.
    pub fn place(self) -> Place {
        self.index + 1
    }

    /// Where the content between the tags stands, white space at both ends
    /// and the marks of a CDATA section that is all of it left out: for
    /// attachments and messages within messages.
    pub fn content_place(self) -> Place {
        let mut contents = self.document.contents.borrow_mut();
        contents.push(self.index);
        let before = self.document.nodes.len() + self.document.attributes.len() + contents.len();
        Place::try_from(before).unwrap_or_default()
    }

    /// Whether the bytes at [`content_place`](Self::content_place) are the
    /// content itself: a text without references, or one CDATA section.
    pub fn is_verbatim(self) -> bool {
        self.node().content(self.document.text).verbatim
    }

    /// Marks the element, its attributes and all below it as seen on purpose,
    /// so that they are not reported as unmapped.
    pub fn ignore(self) {
        for element in self.subtree() {
            element.node().seen.set(true);
            element.attributes().for_each(Attribute::ignore);
        }
    }

    /// Marks attributes of these names, where they are, as seen on purpose.
    pub fn ignore_attributes(self, locals: &[&str]) {
        self.attributes().filter(|attribute| locals.contains(&attribute.name())).for_each(Attribute::ignore);
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> {:?}", self.name(), self.node().text)
    }
}

/// An attribute of an [`Element`].
#[derive(Clone, Copy)]
pub struct Attribute<'d> {
    pub(super) document: &'d Document<'d>,
    pub(super) index: u32,
}

impl<'d> Attribute<'d> {
    fn node(self) -> &'d AttributeNode<'d> {
        &self.document.attributes[self.index as usize]
    }

    /// The local name.
    pub fn name(self) -> &'d str {
        self.document.names.text(self.node().name.local)
    }

    /// The namespace's URI; empty if the attribute is in none.
    pub fn namespace(self) -> &'d str {
        self.document.namespaces.text(self.node().name.namespace)
    }

    /// The value, normalised as XML prescribes. Reading it marks the attribute
    /// as taken over.
    pub fn value(self) -> &'d str {
        self.node().seen.set(true);
        &self.node().value
    }

    /// Where the attribute stands, its name included.
    pub fn place(self) -> Place {
        let before = self.document.nodes.len() + self.index as usize + 1;
        Place::try_from(before).unwrap_or_default()
    }

    /// Marks the attribute as seen on purpose.
    pub fn ignore(self) {
        self.node().seen.set(true);
    }
}

impl std::fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={:?}", self.name(), self.node().value)
    }
}
