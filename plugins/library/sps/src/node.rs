//! What the standard's elements are read from: XML elements here, members of
//! JSON objects elsewhere.

use std::borrow::Cow;

use ecert_sdk::model::values::Place;
use ecert_sdk::xml::{Attribute, Element};

/// An element of a message, in whatever syntax it is written. Names are those
/// of the standard's XML (`IncludedSPSNote`).
pub trait Node<'d>: Copy {
    /// Its name.
    fn name(self) -> Cow<'d, str>;

    /// The elements within this one, in order.
    fn elements(self) -> impl Iterator<Item = Self>;

    /// The elements of a name within this one, in order.
    fn children(self, name: &str) -> impl Iterator<Item = Self>;

    /// The first element of a name within this one.
    fn child(self, name: &str) -> Option<Self> {
        self.children(name).next()
    }

    /// Its own text, without white space at both ends. Reading it marks the
    /// element as taken over.
    fn text(self) -> &'d str;

    /// An attribute's value, unless it is empty, and its place. Reading it
    /// marks the attribute as taken over.
    fn attribute_at(self, name: &str) -> Option<(&'d str, Place)>;

    /// An attribute's value, unless it is empty.
    fn attribute(self, name: &str) -> Option<&'d str> {
        self.attribute_at(name).map(|(value, _)| value)
    }

    /// Where it stands.
    fn place(self) -> Place;

    /// Where its text stands, as it is written.
    fn content_place(self) -> Place;

    /// Marks the element and all below it as seen on purpose.
    fn ignore(self);

    /// Marks attributes of these names as seen on purpose.
    fn ignore_attributes(self, names: &[&str]);
}

impl<'d> Node<'d> for Element<'d> {
    fn name(self) -> Cow<'d, str> {
        Element::name(self).into()
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        Element::elements(self)
    }

    fn children(self, name: &str) -> impl Iterator<Item = Self> {
        Element::children(self, name)
    }

    fn text(self) -> &'d str {
        Element::text(self)
    }

    fn attribute_at(self, name: &str) -> Option<(&'d str, Place)> {
        let attribute = Element::attribute(self, name)?;
        Some((attribute.value(), attribute.place())).filter(|(value, _)| !value.is_empty())
    }

    fn place(self) -> Place {
        Element::place(self)
    }

    fn content_place(self) -> Place {
        Element::content_place(self)
    }

    fn ignore(self) {
        Element::ignore(self);
    }

    fn ignore_attributes(self, names: &[&str]) {
        let meant = |attribute: &Attribute<'_>| names.contains(&attribute.name());
        self.attributes().filter(meant).for_each(Attribute::ignore);
    }
}

/// An element of a message that stands as a text inside another message: its
/// places are all that of the text.
#[derive(Clone, Copy)]
pub struct Inside<'d> {
    element: Element<'d>,
    place: Place,
}

impl<'d> Inside<'d> {
    /// `element`, as if it stood at `place`.
    pub fn new(element: Element<'d>, place: Place) -> Self {
        Self { element, place }
    }

    fn with(self, element: Element<'d>) -> Self {
        Self { element, ..self }
    }
}

impl<'d> Node<'d> for Inside<'d> {
    fn name(self) -> Cow<'d, str> {
        Node::name(self.element)
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        Element::elements(self.element).map(move |element| self.with(element))
    }

    fn children(self, name: &str) -> impl Iterator<Item = Self> {
        Element::children(self.element, name).map(move |element| self.with(element))
    }

    fn text(self) -> &'d str {
        self.element.text()
    }

    fn attribute_at(self, name: &str) -> Option<(&'d str, Place)> {
        Some((self.element.attribute_at(name)?.0, self.place))
    }

    fn place(self) -> Place {
        self.place
    }

    fn content_place(self) -> Place {
        self.place
    }

    fn ignore(self) {
        self.element.ignore();
    }

    fn ignore_attributes(self, names: &[&str]) {
        Node::ignore_attributes(self.element, names);
    }
}
