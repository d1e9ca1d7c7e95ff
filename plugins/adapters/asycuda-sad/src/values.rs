//! Values in the ways of ASYCUDA: dates, and codes of national lists.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::date;
use ecert_sdk::model::values::{Code, DateTime, Measure};
use ecert_sdk::unit;
use ecert_sdk::xml::Element;

/// The country whose customs has the declaration: its lists bear its name.
#[derive(Clone, Copy)]
pub(crate) struct Nation<'d>(pub(crate) Option<&'d str>);

impl Nation<'_> {
    /// The name of a national list, such as `FJ-PACKAGE`.
    pub(crate) fn list(self, list: &str) -> String {
        [self.0.unwrap_or("ASYCUDA"), "-", list].concat()
    }

    pub(crate) fn code_at(self, parent: Element<'_>, path: &str, list: &str) -> Option<Code> {
        parent.code_at(path, &self.list(list))
    }

    /// A quantity whose unit stands beside it, as a code of the national list
    /// unless it is one of Recommendation 20.
    pub(crate) fn measure(
        self,
        parent: Element<'_>,
        quantity: &str,
        code: &str,
        problems: &Problems,
    ) -> Option<Measure> {
        let measure = parent.measure_at(quantity, None, problems)?;
        let Some(written) = parent.text_of(code) else { return Some(measure) };
        let unit = unit::code(written).map(str::to_owned);
        let unit_as_written = match unit.as_deref() {
            Some(unit) if unit == written => None,
            Some(_) => Some(written.to_owned()),
            None => Some([&self.list("UNIT"), ":", written].concat()),
        };
        Some(Measure { unit, unit_as_written, ..measure })
    }
}

/// A date: month, day, and year in two digits or four, `5/9/26`. Zeros are
/// none.
pub(crate) fn day_at(parent: Element<'_>, path: &str, problems: &Problems) -> Option<DateTime> {
    let field = parent.filled(path)?;
    let text = field.text();
    if text.bytes().all(|byte| matches!(byte, b'0' | b'/')) {
        return None;
    }
    let iso = match text.split('/').collect::<Vec<_>>().as_slice() {
        [month, day, year] => year_of(year).map(|year| format!("{year}-{month:0>2}-{day:0>2}")),
        _ => Some(text.to_owned()),
    };
    let moment = iso.and_then(|iso| date::parse(&iso).ok());
    if moment.is_none() {
        let text =
            format!("{}: {text:?} is not a date: expected month/day/year such as 5/9/26.", field.name());
        problems.error("not-a-date", field.place(), text);
    }
    moment.map(|moment| DateTime { place: field.place(), ..moment })
}

/// Two digits are of this century; ASYCUDA World is of this century too.
fn year_of(year: &str) -> Option<String> {
    match year.len() {
        2 => Some(["20", year].concat()),
        4 => Some(year.to_owned()),
        _ => None,
    }
}
