//! What was wrong with a message.

use std::cell::RefCell;

use ecert_model::readings::{Problem, ProblemSeverity};
use ecert_model::values::Place;

/// The problems met while a message is read, by stable codes in kebab case.
#[derive(Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Worth knowing; nothing was lost.
    pub fn information(&self, code: &str, place: Place, text: impl Into<String>) {
        self.add(code, ProblemSeverity::Information, place, text.into());
    }

    /// Unusual, but understood.
    pub fn warning(&self, code: &str, place: Place, text: impl Into<String>) {
        self.add(code, ProblemSeverity::Warning, place, text.into());
    }

    /// A value could not be taken over.
    pub fn error(&self, code: &str, place: Place, text: impl Into<String>) {
        self.add(code, ProblemSeverity::Error, place, text.into());
    }

    /// The document cannot be relied on.
    pub fn fatal(&self, code: &str, place: Place, text: impl Into<String>) {
        self.add(code, ProblemSeverity::Fatal, place, text.into());
    }

    fn add(&self, code: &str, severity: ProblemSeverity, place: Place, text: String) {
        self.0.borrow_mut().push(Problem { code: code.into(), text, severity, place });
    }

    /// The problems in the order of the message.
    pub fn into_list(self) -> Vec<Problem> {
        let mut problems = self.0.into_inner();
        problems.sort_by_key(|problem| problem.place);
        problems
    }
}
