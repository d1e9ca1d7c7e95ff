//! Reading JSON messages: strict, bounded, and with a place for every value.
//!
//! [`Document::parse`] checks a message (RFC 8259, with one value, no repeated
//! keys and whole characters) and keeps it as a tree of values that borrow from
//! the message. Whoever maps the tree asks for members and their texts; the
//! document remembers what was asked for, and [`Document::finish`] lists the
//! rest as unmapped, so that nothing vanishes silently.
//!
//! ```
//! use ecert_sdk::json::{Document, Kind, Limits};
//!
//! let message = br#"{"items": [{"netMass": 12.50, "code": "020230"}, {"netMass": "7"}]}"#;
//! let document = Document::parse(message, &Limits::default())?;
//! let masses = document.root().items_at("items").filter_map(|item| item.text_of("netMass"));
//! assert_eq!(masses.collect::<Vec<_>>(), ["12.50", "7"]);
//! assert_eq!(document.root().at("items").map(|items| items.kind()), Some(Kind::Array));
//! assert_eq!(document.finish(vec![], vec![]).unmapped[0].path, "/items/code");
//! # Ok::<(), ecert_sdk::json::Error>(())
//! ```
//!
//! Numbers stay as they were written, exact to the last digit, and are texts
//! like any other: dialects differ in what they put between quotation marks.
//! [`Value::kind`] tells where it matters.
//!
//! A message that is not in order is refused as a whole, with the line and
//! column of the first fault; [`failed_reading`] makes the answer of it.

mod document;
mod faults;
mod finish;
mod parse;

pub use crate::message::{Error, failed_reading};
pub use document::{Document, Kind, Value};

/// What a message may ask for. Each limit has an error code of its own.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of the message (`json-too-large`).
    pub bytes: usize,
    /// Objects and arrays within each other (`json-too-deep`).
    pub depth: usize,
    /// Values of every kind together (`json-too-many-values`).
    pub values: usize,
    /// Bytes of a key (`json-key-too-long`).
    pub key: usize,
    /// Bytes of a number (`json-number-too-long`).
    pub number: usize,
    /// Bytes of a string (`json-text-too-long`).
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 128, values: 1_000_000, key: 256, number: 64, text: 32 << 20 }
    }
}

#[cfg(test)]
mod tests;
