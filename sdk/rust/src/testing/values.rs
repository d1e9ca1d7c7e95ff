//! Short ways to write values down. They panic on what is not a value, as a
//! test should.

use ecert_model::certificates::{Characteristic, LaboratoryObservation, Process};
use ecert_model::declarations::SupportingDocument;
use ecert_model::parts::{CountryArea, Establishment, Note, Party};
use ecert_model::values::{Code, Date, DateTime, Decimal, Identifier, Measure, Period, Text};

/// A code without its list.
#[must_use]
pub fn code(value: &str) -> Code {
    Code { value: value.into(), ..Code::default() }
}

/// An identifier without a scheme.
#[must_use]
pub fn identifier(value: &str) -> Identifier {
    Identifier { value: value.into(), ..Identifier::default() }
}

/// A text without a language.
#[must_use]
pub fn text(value: &str) -> Text {
    Text { value: value.into(), ..Text::default() }
}

/// A number such as `"12.50"`.
#[must_use]
pub fn decimal(value: &str) -> Decimal {
    value.parse().unwrap_or_else(|_| panic!("`{value}` is not a decimal number"))
}

/// A quantity with a UN/ECE Recommendation 20 unit.
#[must_use]
pub fn measure(value: &str, unit: &str) -> Measure {
    Measure { value: decimal(value), unit: Some(unit.into()), ..Measure::default() }
}

/// A date such as `"2026-03-31"`.
#[must_use]
pub fn date(value: &str) -> Date {
    value.parse().unwrap_or_else(|_| panic!("`{value}` is not a date"))
}

/// A day without a time.
#[must_use]
pub fn date_time(day: &str) -> DateTime {
    DateTime { date: date(day), ..DateTime::default() }
}

/// A moment in UTC, from `"2026-03-31"` and `"08:15:00"`.
#[must_use]
pub fn moment(day: &str, time: &str) -> DateTime {
    let time = time.parse().unwrap_or_else(|_| panic!("`{time}` is not a time"));
    DateTime { date: date(day), time: Some(time), offset_minutes: Some(0), place: 0 }
}

/// A party by its name.
#[must_use]
pub fn party(name: &str) -> Party {
    Party { names: vec![text(name)], ..Party::default() }
}

/// A country without its regions.
#[must_use]
pub fn country_area(country: &str) -> CountryArea {
    CountryArea { country: code(country), ..CountryArea::default() }
}

/// From one day to another.
#[must_use]
pub fn period(from: &str, until: &str) -> Period {
    Period { start: Some(date_time(from)), end: Some(date_time(until)), place: 0 }
}

/// A note: its subject and what it says, as a text.
#[must_use]
pub fn note(subject: &str, content: &str) -> Note {
    Note { subject: Some(code(subject)), contents: vec![text(content)], ..Note::default() }
}

/// A process of a type (UNCL 7187, or an activity's letters) and when.
#[must_use]
pub fn process(type_code: &str, from: &str, until: &str) -> Process {
    Process { type_code: Some(code(type_code)), period: Some(period(from, until)), ..Process::default() }
}

/// A characteristic of a process: its code, and a value with its unit.
#[must_use]
pub fn characteristic(type_code: &str, value: &str, unit: &str) -> Characteristic {
    Characteristic {
        type_code: Some(code(type_code)),
        value: Some(measure(value, unit)),
        ..Characteristic::default()
    }
}

/// An establishment by its approval number and activity.
#[must_use]
pub fn establishment(number: &str, activity: &str) -> Establishment {
    Establishment {
        approval_number: Some(identifier(number)),
        activity: Some(code(activity)),
        ..Establishment::default()
    }
}

/// A laboratory's verdict on a substance or organism.
#[must_use]
pub fn finding(substance: &str, verdict: &str) -> LaboratoryObservation {
    LaboratoryObservation {
        substance: Some(code(substance)),
        verdict: Some(code(verdict)),
        ..LaboratoryObservation::default()
    }
}

/// What a laboratory measured.
#[must_use]
pub fn measured(substance: &str, value: &str, unit: &str) -> LaboratoryObservation {
    LaboratoryObservation {
        substance: Some(code(substance)),
        value: Some(measure(value, unit)),
        ..LaboratoryObservation::default()
    }
}

/// A supporting document by its type and number.
#[must_use]
pub fn document(type_code: &str, number: &str) -> SupportingDocument {
    SupportingDocument {
        type_code: Some(code(type_code)),
        number: Some(identifier(number)),
        ..SupportingDocument::default()
    }
}
