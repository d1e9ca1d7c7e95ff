//! Why a message was refused.

use std::fmt;

use ecert_model::readings::{PlaceEntry, Problem, ProblemSeverity, Reading};
use ecert_model::values::Place;

/// A fault for which a whole message is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Stable code in kebab case, such as `xml-mismatched-tag` or
    /// `json-duplicate-key`.
    pub code: &'static str,
    /// What is wrong and what would be right.
    pub text: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The faulty bytes of the message, as far as they are known.
    pub bytes: std::ops::Range<usize>,
    /// What was open: the local names of XML elements or the keys of JSON
    /// members, outermost first.
    pub path: Vec<String>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.text)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The problem that stands for this error, at a place of the reading.
    pub fn to_problem(&self, place: Place) -> Problem {
        Problem { code: self.code.into(), text: self.text.clone(), severity: ProblemSeverity::Fatal, place }
    }
}

/// The reading of a message that is not well-formed: no document, one problem,
/// and its place below what was open.
pub fn failed_reading(error: &Error) -> Reading {
    let offset = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let (start, end) = (offset(error.bytes.start), offset(error.bytes.end));
    let mut names = vec![String::new()];
    let mut places = vec![PlaceEntry { start: 0, end, line: 1, column: 1, ..PlaceEntry::default() }];
    for step in &error.path {
        let parent = u32::try_from(places.len() - 1).unwrap_or_default();
        let name = names.iter().position(|name| name == step).unwrap_or_else(|| {
            names.push(step.clone());
            names.len() - 1
        });
        let name = u32::try_from(name).unwrap_or_default();
        let (line, column) = (error.line, error.column);
        places.push(PlaceEntry { parent, name, ordinal: 0, start, end, line, column });
    }
    if error.path.is_empty() {
        let (line, column) = (error.line, error.column);
        places.push(PlaceEntry { start, end, line, column, ..PlaceEntry::default() });
    }
    let place = u32::try_from(places.len() - 1).unwrap_or_default();
    Reading { problems: vec![error.to_problem(place)], names, places, ..Reading::default() }
}
