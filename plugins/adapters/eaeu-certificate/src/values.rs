//! Values in the ways of this dialect.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::date;
use ecert_sdk::model::values::{Code, DateTime, Extension, Text};
use ecert_sdk::xml::Element;

use crate::FORMAT;
use crate::mojibake::is_mojibake;

/// The texts of a record; what is mojibake becomes a problem and an extension.
pub(crate) struct Texts<'p> {
    problems: &'p Problems,
    /// What could not be taken for what it should say.
    pub(crate) damaged: Vec<Extension>,
}

impl<'p> Texts<'p> {
    pub(crate) fn new(problems: &'p Problems) -> Self {
        Self { problems, damaged: Vec::new() }
    }

    /// The text in a child, if there is one and it can be read.
    pub(crate) fn take(&mut self, parent: Element<'_>, name: &str) -> Option<Text> {
        let field = parent.filled(name)?;
        let text = field.spoken(None);
        if !is_mojibake(&text.value) {
            return Some(text);
        }
        let told = format!(
            "{name}: these letters were written in one character set and read in another. They are kept as they \
             came, and not taken for a text: send them in UTF-8."
        );
        self.problems.error("mojibake", field.place(), told);
        let (scheme, name, place) = (FORMAT.into(), name.into(), field.place());
        self.damaged.push(Extension { scheme, name, value: text.value, place });
        None
    }

    /// The texts in children of several names.
    pub(crate) fn all(&mut self, parent: Element<'_>, names: &[&str]) -> Vec<Text> {
        names.iter().filter_map(|name| self.take(parent, name)).collect()
    }
}

/// A date or moment; `15.09.2026` occurs beside ISO 8601, and the year 1 stands
/// for none.
pub(crate) fn moment_at(parent: Element<'_>, name: &str, problems: &Problems) -> Option<DateTime> {
    let field = parent.filled(name)?;
    let text = field.text();
    let iso = match text.split('.').collect::<Vec<_>>().as_slice() {
        [day, month, year] if year.len() == 4 => format!("{year}-{month}-{day}"),
        _ => text.to_owned(),
    };
    match date::parse(&iso) {
        Ok(moment) if moment.date.year == 1 => None,
        Ok(moment) => Some(DateTime { place: field.place(), ..moment }),
        Err(_) => {
            let text = format!("{name}: {text:?} is not a date: expected 2026-09-15 or 15.09.2026.");
            problems.error("not-a-date", field.place(), text);
            None
        }
    }
}

/// A country by its ISO 3166-1 letters, with the name beside it.
pub(crate) fn country(
    parent: Element<'_>,
    code: &str,
    name: Option<&str>,
    texts: &mut Texts<'_>,
) -> Option<Code> {
    let name = name.and_then(|name| texts.take(parent, name)).map(|name| name.value);
    Some(Code { name, ..parent.code_at(code, "ISO3166-1")? })
}
