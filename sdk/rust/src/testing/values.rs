//! Short ways to write values down. They panic on what is not a value, as a
//! test should.

use ecert_model::parts::{CountryArea, Party};
use ecert_model::values::{Code, Date, DateTime, Decimal, Identifier, Measure, Text};

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
