//! Reading XML messages: strict, bounded, and with a place for every value.
//!
//! [`Document::parse`] checks a message for well-formedness (XML 1.0, fifth
//! edition, and Namespaces in XML 1.0) and keeps it as a tree of elements that
//! borrow from the message. Whoever maps the tree asks for children,
//! attributes and texts; the document remembers what was asked for, and
//! [`Document::finish`] lists the rest as unmapped, so that nothing vanishes
//! silently.
//!
//! ```
//! use ecert_sdk::xml::{Document, Limits};
//!
//! let message = br#"<Line xmlns="urn:example"><Weight unitCode="KGM">12.5</Weight></Line>"#;
//! let document = Document::parse(message, &Limits::default())?;
//! let weight = document.root().child("Weight").expect("the line has a weight");
//! assert_eq!(weight.namespace(), "urn:example");
//! assert_eq!(weight.text(), "12.5");
//! assert_eq!(weight.attribute("unitCode").map(|unit| unit.value()), Some("KGM"));
//! # Ok::<(), ecert_sdk::xml::Error>(())
//! ```
//!
//! A message that is not well-formed is refused as a whole, with the line and
//! column of the first fault; [`failed_reading`] makes the answer of it.
//! A DOCTYPE is refused always: no partner format needs one, and it is the root
//! of entity expansion and of files fetched from elsewhere.

mod attributes;
mod declaration;
mod document;
mod finish;
mod names;
mod parse;
mod scope;
mod text;

pub use crate::message::{Error, failed_reading};
pub use document::{Attribute, Document, Element};

/// What a message may ask for. Each limit has an error code of its own.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the message (`xml-too-large`).
    pub bytes: usize,
    /// Elements within elements (`xml-too-deep`).
    pub depth: usize,
    /// Elements and attributes together (`xml-too-many-nodes`).
    pub nodes: usize,
    /// Attributes of one element, namespace declarations included
    /// (`xml-too-many-attributes`).
    pub attributes: usize,
    /// Namespace declarations in force at one place (`xml-too-many-namespaces`).
    pub namespaces: usize,
    /// Bytes of a name with its prefix (`xml-name-too-long`).
    pub name: usize,
    /// Bytes of one text or attribute value (`xml-text-too-long`).
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 128,
            nodes: 1_000_000,
            attributes: 256,
            namespaces: 256,
            name: 256,
            text: 32 << 20,
        }
    }
}

#[cfg(test)]
mod tests;
