//! The tree of a message.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use ecert_model::values::Place;

use super::Limits;
use crate::message::{Error, Interned};

/// A message in order.
#[derive(Debug)]
pub struct Document<'a> {
    pub(super) text: &'a str,
    /// Bytes of the message before `text`: a byte order mark, or none.
    pub(super) base: usize,
    /// Number 0 is the empty text.
    pub(super) keys: Interned<'a>,
    /// Values in the order of the message; the root is the first.
    pub(super) nodes: Vec<Node<'a>>,
    /// Places of contents that were asked for, behind those of all nodes.
    pub(super) contents: RefCell<Vec<u32>>,
}

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind,
    /// Of a member; 0 for the root and for elements of arrays.
    pub(super) key: u32,
    pub(super) parent: u32,
    /// First child and next sibling; 0, the root, stands for none.
    pub(super) first: u32,
    pub(super) next: u32,
    /// Bytes in `Document::text`, quotation marks and brackets included.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Of a string, with white space at its ends; of other scalars as written.
    pub(super) text: Cow<'a, str>,
    pub(super) seen: Cell<bool>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A text between quotation marks.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl<'a> Document<'a> {
    /// Reads a message. The error is the first fault that was met.
    pub fn parse(message: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        super::parse::parse(message, limits)
    }

    /// The value that the message is.
    pub fn root(&self) -> Value<'_> {
        Value { document: self, index: 0 }
    }
}

/// A value of a [`Document`].
#[derive(Clone, Copy)]
pub struct Value<'d> {
    document: &'d Document<'d>,
    pub(super) index: u32,
}

impl<'d> Value<'d> {
    fn node(self) -> &'d Node<'d> {
        &self.document.nodes[self.index as usize]
    }

    fn value(self, index: u32) -> Option<Self> {
        (index != 0).then_some(Self { document: self.document, index })
    }

    fn children(self) -> impl Iterator<Item = Self> + Clone + use<'d> {
        std::iter::successors(self.value(self.node().first), |value| value.value(value.node().next))
    }

    /// What the value is.
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// The key that the value stands behind; empty for the root and for
    /// elements of arrays.
    pub fn key(self) -> &'d str {
        self.document.keys.text(self.node().key)
    }

    /// The value this one stands in.
    pub fn parent(self) -> Option<Self> {
        (self.index != 0).then(|| Self { document: self.document, index: self.node().parent })
    }

    /// The members of an object in order; those of anything else are none.
    pub fn members(self) -> impl Iterator<Item = Self> + Clone + use<'d> {
        self.children().filter(move |_| self.kind() == Kind::Object)
    }

    /// The member of a key.
    pub fn get(self, key: &str) -> Option<Self> {
        // Numbers compare faster than texts, and most keys that are asked for
        // occur nowhere in a message.
        let key = self.document.keys.find(key)?;
        self.members().find(|member| member.node().key == key)
    }

    /// The first member of a key, whatever its case: some senders write
    /// `itemNumber` and `ItemNumber` alike.
    pub fn get_ignoring_case(self, key: &str) -> Option<Self> {
        self.members().find(|member| member.key().eq_ignore_ascii_case(key))
    }

    /// The member down a path of keys such as `header/number`.
    pub fn at(self, path: &str) -> Option<Self> {
        path.split('/').try_fold(self, |value, key| value.get(key))
    }

    /// The elements of an array in order. A value that is no array counts as
    /// the only element of one, `null` as none: senders leave the brackets out
    /// where there is just one thing.
    pub fn items(self) -> impl Iterator<Item = Self> + Clone + use<'d> {
        let (alone, children) = match self.kind() {
            Kind::Array => (None, Some(self.children())),
            Kind::Null => (None, None),
            _ => (Some(self), None),
        };
        alone.into_iter().chain(children.into_iter().flatten())
    }

    /// The [`items`](Self::items) at a path of keys; none if it leads nowhere.
    pub fn items_at(self, path: &str) -> impl Iterator<Item = Self> + Clone + use<'d> {
        self.at(path).into_iter().flat_map(Self::items)
    }

    /// This value and all within it, in the order of the message.
    pub fn subtree(self) -> impl Iterator<Item = Self> + Clone + use<'d> {
        let document = self.document;
        let inside = move |&index: &u32| {
            index == self.index
                || document.nodes.get(index as usize).is_some_and(|node| node.parent >= self.index)
        };
        (self.index..).take_while(inside).map(move |index| Self { document, index })
    }

    /// A string without white space at both ends, a number or boolean as it is
    /// written; empty for all else. Reading it marks the value as taken over.
    pub fn text(self) -> &'d str {
        self.node().seen.set(true);
        self.node().text.trim_ascii()
    }

    /// The text at a path of keys; `None` if there is no such value or it is
    /// empty.
    pub fn text_of(self, path: &str) -> Option<&'d str> {
        self.at(path).map(Self::text).filter(|text| !text.is_empty())
    }

    /// Whether the value says nothing: `null`, or a string without a character
    /// that is seen. It is not marked.
    pub fn is_blank(self) -> bool {
        match self.kind() {
            Kind::Object | Kind::Array => false,
            _ => self.node().text.trim_ascii().is_empty(),
        }
    }

    /// Where the value stands, its quotation marks or brackets included.
    pub fn place(self) -> Place {
        self.index + 1
    }

    /// Where the content of a string stands, between its quotation marks: for
    /// attachments and messages within messages. Of other values it is the
    /// value.
    pub fn content_place(self) -> Place {
        let mut contents = self.document.contents.borrow_mut();
        contents.push(self.index);
        Place::try_from(self.document.nodes.len() + contents.len()).unwrap_or_default()
    }

    /// Whether the bytes at [`content_place`](Self::content_place) are the
    /// content itself: a string without escapes, or no string at all.
    pub fn is_verbatim(self) -> bool {
        matches!(self.node().text, Cow::Borrowed(_))
    }

    /// Marks the value and all within it as seen on purpose, so that they are
    /// not reported as unmapped.
    pub fn ignore(self) {
        self.subtree().for_each(|value| value.node().seen.set(true));
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.key(), self.kind(), self.node().text)
    }
}
