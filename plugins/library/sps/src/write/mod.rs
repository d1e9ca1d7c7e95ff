//! Writing documents of the standard.
//!
//! [`certificate()`] and [`acknowledgement()`] make a tree of the standard's
//! elements; [`xml`] writes it as XML, and the JSON adapter as JSON. What is
//! written is read back to the same document. What the standard has no element
//! for is written in notes and processes whose subject or type is of the list
//! `ecert`. Files are left out, unless they are links: their bytes are in the
//! original alone.

mod certificate;
mod consignment;
mod extensions;
mod line;
mod parties;
mod tree;
mod values;
pub mod xml;

pub use certificate::{acknowledgement, certificate};
pub use tree::Tree;

use ecert_sdk::model::readings::{Problem, ProblemSeverity};
use ecert_sdk::model::values::Place;

/// A document that a format has no way to say.
pub fn refused(text: &str, place: Place) -> Vec<Problem> {
    vec![Problem {
        code: "not-expressible".into(),
        text: text.into(),
        severity: ProblemSeverity::Fatal,
        place,
    }]
}
