//! The unqualified data types.

use ecert_sdk::model::parts::Note;
use ecert_sdk::model::values::{Code, DateTime, Identifier, Measure, Period, Text};

use super::Tree;
use crate::own;

pub(super) fn text(name: &'static str, text: &Text) -> Tree {
    Tree::text(name, &text.value).with("languageID", text.language.as_deref())
}

pub(super) fn texts(name: &'static str, texts: &[Text]) -> impl Iterator<Item = Tree> {
    texts.iter().map(move |it| text(name, it))
}

/// A code; its list is not written where the standard prescribes it.
pub(super) fn code(name: &'static str, code: &Code, prescribed: Option<&str>) -> Tree {
    let list = code.code_list.as_deref().filter(|list| Some(*list) != prescribed);
    Tree::text(name, &code.value).with("listID", list).with("name", code.name.as_deref())
}

pub(super) fn code_in(name: &'static str, value: Option<&Code>, prescribed: &str) -> Option<Tree> {
    value.map(|it| code(name, it, Some(prescribed)))
}

pub(super) fn identifier(name: &'static str, identifier: &Identifier) -> Tree {
    Tree::text(name, &identifier.value).with("schemeID", identifier.scheme.as_deref())
}

pub(super) fn identifiers(name: &'static str, all: &[Identifier]) -> impl Iterator<Item = Tree> {
    all.iter().map(move |it| identifier(name, it))
}

/// A quantity, with the unit as it was written.
pub(super) fn measure(name: &'static str, measure: &Measure) -> Tree {
    let unit = measure.unit_as_written.as_deref().or(measure.unit.as_deref());
    Tree::text(name, measure.value.to_string()).with("unitCode", unit)
}

pub(super) fn measure_in(name: &'static str, value: Option<&Measure>) -> Option<Tree> {
    value.map(|it| measure(name, it))
}

pub(super) fn date_time(name: &'static str, date_time: &DateTime) -> Tree {
    Tree::new(name).containing([Tree::text("DateTimeString", date_time.to_string())])
}

pub(super) fn date_time_in(name: &'static str, value: Option<&DateTime>) -> Option<Tree> {
    value.map(|it| date_time(name, it))
}

pub(super) fn period(name: &'static str, period: &Period) -> Tree {
    let start = date_time_in("StartDateTime", period.start.as_ref());
    Tree::new(name).containing(start.into_iter().chain(date_time_in("EndDateTime", period.end.as_ref())))
}

/// `SPSNote`: a subject that is nothing but a text stands there as IPPC writes
/// it, any other as TRACES does.
pub(super) fn note(name: &'static str, note: &Note) -> Tree {
    let mut tree = Tree::new(name);
    if let Some(subject) = &note.subject {
        match (&subject.code_list, &subject.name) {
            (None, None) => tree.add([Tree::text("Subject", &subject.value)]),
            (list, name) => {
                tree.add([Tree::text("SubjectCode", &subject.value).with("listID", list.as_deref())]);
                tree.add(name.as_ref().map(|name| Tree::text("Subject", name)));
            }
        }
    }
    tree.add(note.content_codes.iter().map(|it| code("ContentCode", it, None)));
    tree.add(texts("Content", &note.contents));
    tree
}

/// A note of our own: its subject, what is named, a code and a text.
pub(super) fn own_note(
    name: &'static str,
    subject: &str,
    named: Option<&str>,
    code: Option<&str>,
    text: &str,
) -> Tree {
    let mut tree = Tree::new(name);
    tree.add([Tree::text("SubjectCode", subject).with("listID", Some(own::LIST))]);
    tree.add(named.map(|named| Tree::text("Subject", named)));
    tree.add(code.map(|code| Tree::text("ContentCode", code)));
    tree.add([Tree::text("Content", text)]);
    tree
}

/// A note of our own that holds a code.
pub(super) fn own_code(name: &'static str, subject: &str, value: &Code) -> Tree {
    let subject = Tree::text("SubjectCode", subject).with("listID", Some(own::LIST));
    Tree::new(name).containing([subject, code("ContentCode", value, None)])
}
