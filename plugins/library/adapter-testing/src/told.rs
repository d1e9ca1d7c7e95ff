//! What values of the model say, in short.

use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::parts::Party;
use ecert_sdk::model::values::{Code, DateTime, Identifier, Measure, Text};

/// The texts themselves.
#[must_use]
pub fn values(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

/// The identifiers as written.
#[must_use]
pub fn numbers(identifiers: &[Identifier]) -> Vec<&str> {
    identifiers.iter().map(|identifier| identifier.value.as_str()).collect()
}

/// The code, or nothing.
#[must_use]
pub fn code(code: Option<&Code>) -> &str {
    code.map_or("", |code| &code.value)
}

/// The moment in ISO 8601, or nothing.
#[must_use]
pub fn moment(date_time: Option<DateTime>) -> String {
    date_time.map(|date_time| date_time.to_string()).unwrap_or_default()
}

/// Number and unit, or nothing.
#[must_use]
pub fn measure(measure: Option<&Measure>) -> String {
    let unit = |it: &Measure| it.unit.clone().or_else(|| it.unit_as_written.clone()).unwrap_or_default();
    measure.map(|it| format!("{} {}", it.value, unit(it))).unwrap_or_default()
}

/// Names and identifiers.
#[must_use]
pub fn named(party: Option<&Party>) -> (Vec<&str>, Vec<&str>) {
    party.map(|party| (values(&party.names), numbers(&party.identifiers))).unwrap_or_default()
}

/// System and code of each classification.
#[must_use]
pub fn class_codes(line: &TradeLine) -> Vec<(&str, &str)> {
    let classes = line.classifications.iter();
    classes.map(|it| (it.system.as_deref().unwrap_or(""), it.class_code.as_deref().unwrap_or(""))).collect()
}

/// Kind and number of the packages.
#[must_use]
pub fn packages(line: &TradeLine) -> Vec<(&str, String)> {
    let packages = line.packages.iter();
    packages
        .map(|it| (code(it.type_code.as_ref()), it.count.map(|it| it.to_string()).unwrap_or_default()))
        .collect()
}
