//! The small values of the WCO data model.

use ecert_sdk::adapter::Problems;
use ecert_sdk::model::values::{Code, DateTime, Decimal, Extension, Identifier, Measure, Place, Text};
use ecert_sdk::xml::Element;
use ecert_sdk::{date, reference_number, unit};

/// Scheme of what the model does not hold and the message calls by its own
/// element names.
pub(crate) const SCHEME: &str = "wco-dec";

/// An element that says something: it is there, and not empty.
pub(crate) fn filled<'d>(parent: Element<'d>, path: &str) -> Option<Element<'d>> {
    parent.at(path).filter(|element| !element.text().is_empty())
}

/// All children of a name that say something.
pub(crate) fn all_filled<'d>(parent: Element<'d>, name: &str) -> impl Iterator<Item = Element<'d>> {
    parent.children(name).filter(|element| !element.text().is_empty())
}

/// What the element says, in the language it names.
pub(crate) fn text(element: Element<'_>) -> Text {
    let language = element.attribute("languageID").map(|language| language.value().into());
    Text { value: element.text().into(), language, place: element.place() }
}

/// A code of the list that the data model prescribes, unless the message names
/// another.
pub(crate) fn code(element: Element<'_>, list: &str) -> Code {
    let code_list = element.attribute("listID").map_or(list, |list| list.value());
    let name = element.attribute("name").map(|name| name.value().into());
    Code { value: element.text().into(), code_list: Some(code_list.into()), name, place: element.place() }
}

pub(crate) fn code_at(parent: Element<'_>, path: &str, list: &str) -> Option<Code> {
    filled(parent, path).map(|element| code(element, list))
}

/// A country, by its ISO 3166-1 alpha-2 code.
pub(crate) fn country_at(parent: Element<'_>, path: &str) -> Option<Code> {
    code_at(parent, path, "ISO3166-1")
}

/// An identifier; the scheme is the message's own, else the given one.
pub(crate) fn identifier(element: Element<'_>, scheme: Option<&str>) -> Identifier {
    let written = element.attribute("schemeID").map(|scheme| scheme.value());
    identified(element.text(), written.or(scheme), element.place())
}

pub(crate) fn identifier_at(parent: Element<'_>, path: &str, scheme: Option<&str>) -> Option<Identifier> {
    filled(parent, path).map(|element| identifier(element, scheme))
}

/// An identifier that stands within a longer text.
pub(crate) fn identified(value: &str, scheme: Option<&str>, place: Place) -> Identifier {
    let normalised = Some(reference_number::normalise(value)).filter(|normalised| normalised != value);
    Identifier { value: value.into(), normalised, scheme: scheme.map(str::to_owned), place }
}

/// A number. What is none is a problem, and left out.
pub(crate) fn number_at(parent: Element<'_>, path: &str, problems: &Problems) -> Option<Decimal> {
    filled(parent, path).and_then(|element| number(element, problems))
}

pub(crate) fn number(element: Element<'_>, problems: &Problems) -> Option<Decimal> {
    match element.text().parse() {
        Ok(number) => Some(number),
        Err(error) => {
            problems.error("not-a-number", element.place(), format!("{}: {error}.", element.name()));
            None
        }
    }
}

/// A count of something, such as a sequence number.
pub(crate) fn count_at(parent: Element<'_>, path: &str, problems: &Problems) -> Option<u32> {
    let element = filled(parent, path)?;
    let count = element.text().parse().ok();
    if count.is_none() {
        let text = format!("{}: {:?} is not a whole number.", element.name(), element.text());
        problems.error("not-a-number", element.place(), text);
    }
    count
}

/// A quantity. `unwritten` is the unit that the profile prescribes where the
/// message names none.
pub(crate) fn measure_at(
    parent: Element<'_>,
    path: &str,
    unwritten: Option<&str>,
    problems: &Problems,
) -> Option<Measure> {
    let element = filled(parent, path)?;
    let written = element.attribute("unitCode").map(|unit| unit.value()).filter(|unit| !unit.is_empty());
    let value = number(element, problems)?;
    let Some(written) = written else {
        return Some(Measure {
            value,
            unit: unwritten.map(str::to_owned),
            unit_as_written: None,
            place: element.place(),
        });
    };
    // A qualifier stands behind the unit: `KGM#G` is kilograms, gross.
    let (plain, _qualifier) = written.split_once('#').unwrap_or((written, ""));
    let unit = unit::code(plain).map(str::to_owned);
    if unit.is_none() {
        let text =
            format!("{}: {written:?} is no unit of UN/ECE Recommendation 20 known here.", element.name());
        problems.warning("unknown-unit", element.place(), text);
    }
    let unit_as_written = (unit.as_deref() != Some(written)).then(|| written.to_owned());
    Some(Measure { value, unit, unit_as_written, place: element.place() })
}

/// A date or moment: `DateTimeString` with a UN/EDIFACT 2379 format code, or
/// plain text.
pub(crate) fn moment_at(parent: Element<'_>, path: &str, problems: &Problems) -> Option<DateTime> {
    let element = parent.at(path)?;
    let inner = ["DateTimeString", "DateTime", "Date"].iter().find_map(|name| element.child(name));
    let element = inner.unwrap_or(element);
    // The forms are told apart by their shape.
    element.ignore_attributes(&["formatCode"]);
    moment(element.text(), element.place(), element.name(), problems)
}

/// A date or moment within a text; `what` names it in a problem.
pub(crate) fn moment(text: &str, place: Place, what: &str, problems: &Problems) -> Option<DateTime> {
    if text.is_empty() {
        return None;
    }
    match date::parse(text) {
        Ok(moment) => Some(DateTime { place, ..moment }),
        Err(error) => {
            problems.error("not-a-date", place, format!("{what}: {error}."));
            None
        }
    }
}

/// What the model does not hold, by the element's name.
pub(crate) fn extension(name: impl Into<String>, element: Element<'_>) -> Extension {
    Extension {
        scheme: SCHEME.into(),
        name: name.into(),
        value: element.text().into(),
        place: element.place(),
    }
}

/// The texts at several paths, kept by those paths.
pub(crate) fn extensions_at(parent: Element<'_>, paths: &[&str]) -> Vec<Extension> {
    paths.iter().filter_map(|path| filled(parent, path).map(|element| extension(*path, element))).collect()
}

/// Passes over children that have no meaning for certificates.
pub(crate) fn pass_over(parent: Element<'_>, names: &[&str]) {
    parent.elements().filter(|element| names.contains(&element.name())).for_each(Element::ignore);
}
