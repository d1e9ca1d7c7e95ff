//! Elements to be written.

use std::borrow::Cow;

/// An element of the standard, to be written in whatever syntax.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Its name, as in the standard's XML.
    pub name: Cow<'static, str>,
    /// Its attributes, in order.
    pub attributes: Vec<(&'static str, String)>,
    /// Its own text.
    pub text: String,
    /// The elements within it, in order.
    pub children: Vec<Tree>,
}

impl Tree {
    /// An empty element.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// An element with a text.
    pub fn text(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::new(name) }
    }

    /// The element with an attribute, if there is a value for it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.attributes.extend(value.map(|value| (name, value.into())));
        self
    }

    /// Adds elements.
    pub fn add(&mut self, children: impl IntoIterator<Item = Self>) {
        self.children.extend(children);
    }

    /// The element with others within it.
    #[must_use]
    pub fn containing(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.add(children);
        self
    }

    /// Nothing, if there is nothing in the element.
    #[must_use]
    pub fn unless_empty(self) -> Option<Self> {
        let empty = self.text.is_empty() && self.children.is_empty() && self.attributes.is_empty();
        (!empty).then_some(self)
    }
}
