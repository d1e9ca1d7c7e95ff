//! Statements: what a declaration says beside its elements.
//!
//! The profile has no elements for establishments, production dates, batches,
//! expiry, purpose, the line of a certificate, and the dates of dispatch and
//! arrival. They are stated in `AdditionalInformation` under the codes below;
//! every other statement becomes a note. The README lays the codes out.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::parts::{Establishment, Note};
use ecert_sdk::model::values::{Code, DateTime, Identifier, Period, Place, Text};
use ecert_sdk::reference_number;
use ecert_sdk::xml::Element;

use crate::values::{code_at, filled, identified, moment, text};

/// List of statement codes.
const STATEMENTS: &str = "UCC 2/2";

/// What the statements of a declaration or an item say.
#[derive(Default)]
pub(crate) struct Statements {
    pub(crate) establishments: Vec<Establishment>,
    pub(crate) production: Vec<Period>,
    pub(crate) expiry: Option<DateTime>,
    pub(crate) batches: Vec<Identifier>,
    pub(crate) purpose: Option<Code>,
    pub(crate) arrival: Option<DateTime>,
    pub(crate) dispatched: Option<DateTime>,
    pub(crate) notes: Vec<Note>,
    lines: Vec<CertificateLine>,
}

/// A line of a certificate that an item names.
struct CertificateLine {
    number: String,
    line: u32,
    place: Place,
}

impl Statements {
    pub(crate) fn of(parent: Element<'_>, problems: &Problems) -> Self {
        let mut statements = Self::default();
        for element in parent.children("AdditionalInformation") {
            statements.add(element, problems);
        }
        statements
    }

    fn add(&mut self, element: Element<'_>, problems: &Problems) {
        let description = filled(element, "StatementDescription");
        let Some(statement) = description.map(|element| Statement { element, problems }) else {
            self.notes.push(note(element));
            return;
        };
        match element.text_of("StatementCode") {
            Some("SPEST") => self.establishments.extend(statement.establishment()),
            Some("SPPRD") => self.production.extend(statement.period(statement.text())),
            Some("SPEXP") => self.expiry = statement.moment(statement.text()),
            Some("SPLOT") => self.batches.push(identified(statement.text(), None, statement.place())),
            Some("SPUSE") => self.purpose = Some(statement.code(statement.text(), "purpose")),
            Some("SPLIN") => self.lines.extend(statement.certificate_line()),
            Some("SPARR") => self.arrival = statement.moment(statement.text()),
            Some("SPDEP") => self.dispatched = statement.moment(statement.text()),
            _ => self.notes.push(note(element)),
        }
    }

    /// Gives the documents the lines that were stated for them. A document of
    /// which several lines are meant is cited once for each.
    pub(crate) fn name_lines(&self, documents: &mut Vec<SupportingDocument>, problems: &Problems) {
        for stated in &self.lines {
            let cites = |document: &&mut SupportingDocument| {
                document
                    .number
                    .as_ref()
                    .is_some_and(|number| reference_number::same(&number.value, &stated.number))
            };
            match documents.iter_mut().filter(cites).last() {
                Some(document) if document.line.is_none() => document.line = Some(stated.line),
                Some(document) => {
                    let again = SupportingDocument { line: Some(stated.line), ..document.clone() };
                    documents.push(again);
                }
                None => problems.warning(
                    "statement-without-document",
                    stated.place,
                    format!("SPLIN names the document {:?}, which the item does not cite.", stated.number),
                ),
            }
        }
    }
}

fn note(element: Element<'_>) -> Note {
    // Who the statement is meant for; the code says it already.
    element.children("StatementTypeCode").for_each(Element::ignore);
    element.children("Pointer").for_each(Element::ignore);
    Note {
        subject: code_at(element, "StatementCode", STATEMENTS),
        contents: filled(element, "StatementDescription").map(text).into_iter().collect(),
        place: element.place(),
        ..Note::default()
    }
}

/// The text of a statement.
#[derive(Clone, Copy)]
struct Statement<'d, 'p> {
    element: Element<'d>,
    problems: &'p Problems,
}

impl<'d> Statement<'d, '_> {
    fn text(self) -> &'d str {
        self.element.text()
    }

    fn place(self) -> Place {
        self.element.place()
    }

    /// `activity=SH; country=NZ; number=ME9112; produced=2026-03-05/2026-03-07`
    fn establishment(self) -> Option<Establishment> {
        let number = self.part("number");
        if number.is_none() {
            self.bad("an establishment such as \"number=ME9112; country=NZ; activity=SH\"");
        }
        let periods = self.part("produced").into_iter().flat_map(|periods| periods.split(','));
        Some(Establishment {
            approval_number: Some(identified(number?, None, self.place())),
            names: self.part("name").map(|name| self.plain(name)).into_iter().collect(),
            country: self.part("country").map(|country| self.code(country, "ISO3166-1")),
            activity: self.part("activity").map(|activity| self.code(activity, "activity")),
            address: None,
            production: periods.filter_map(|period| self.period(period.trim())).collect(),
            place: self.place(),
        })
    }

    /// `number=NZ2026/HDM/20400; line=2`
    fn certificate_line(self) -> Option<CertificateLine> {
        let line = self.part("line").and_then(|line| line.parse().ok());
        let stated = self.part("number").zip(line);
        if stated.is_none() {
            self.bad("a line of a certificate such as \"number=NZ2026/HDM/20400; line=2\"");
        }
        stated.map(|(number, line)| CertificateLine { number: number.into(), line, place: self.place() })
    }

    /// `2026-03-05`, or `2026-03-05/2026-03-07`
    fn period(self, text: &str) -> Option<Period> {
        let (start, end) = text.split_once('/').unwrap_or((text, text));
        let (start, end) = (self.moment(start), self.moment(end));
        (start.is_some() || end.is_some()).then(|| Period { start, end, place: self.place() })
    }

    fn moment(self, text: &str) -> Option<DateTime> {
        moment(text.trim(), self.place(), self.element.name(), self.problems)
    }

    fn code(self, value: &str, list: &str) -> Code {
        Code { value: value.into(), code_list: Some(list.into()), name: None, place: self.place() }
    }

    fn plain(self, value: &str) -> Text {
        Text { value: value.into(), language: None, place: self.place() }
    }

    /// The value of a key in `key=value; key=value`.
    fn part(self, key: &str) -> Option<&'d str> {
        let mut parts = self.text().split(';').filter_map(|part| part.split_once('='));
        parts
            .find(|(name, _)| name.trim() == key)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    fn bad(self, expected: &str) {
        let text = format!("{:?} is not {expected}.", self.text());
        self.problems.error("bad-statement", self.place(), text);
    }
}
