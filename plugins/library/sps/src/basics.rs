//! The unqualified data types: texts, codes, identifiers, numbers, dates.

use std::cell::RefCell;

use crate::node::Node;
use ecert_sdk::model::readings::{Problem, ProblemSeverity};
use ecert_sdk::model::values::{Code, DateTime, Decimal, Extension, Identifier, Measure, Place, Text};
use ecert_sdk::{date, reference_number, unit};

use crate::dialect::{Dialect, SCHEME};

/// Reads one document and collects what is wrong with it.
pub struct Reader {
    pub(crate) dialect: Dialect,
    problems: RefCell<Vec<Problem>>,
}

/// Attributes that explain a code list or an identifier scheme to people, or
/// give its version: the value itself is complete without them.
const EXPLANATIONS: &[&str] = &[
    "schemeName",
    "schemeAgencyID",
    "schemeAgencyName",
    "schemeVersionID",
    "schemeDataURI",
    "schemeURI",
    "listName",
    "listAgencyID",
    "listAgencyName",
    "listVersionID",
    "listURI",
    "listSchemeURI",
    "languageID",
    "name",
    "format",
];

impl Reader {
    /// For documents of a dialect.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, problems: RefCell::default() }
    }

    /// What was wrong with what it read.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Notes that something is wrong.
    pub fn report<'d>(&self, code: &str, severity: ProblemSeverity, element: impl Node<'d>, text: String) {
        self.report_at(code, severity, element.place(), text);
    }

    pub(crate) fn report_at(&self, code: &str, severity: ProblemSeverity, place: Place, text: String) {
        self.problems.borrow_mut().push(Problem { code: code.into(), text, severity, place });
    }

    /// The element's text, unless it is empty or the word NULL, which some
    /// senders' databases leave behind.
    pub fn value<'d>(&self, element: impl Node<'d>) -> Option<&'d str> {
        let value = element.text();
        if value == "NULL" {
            let text = format!("{} holds the word NULL: leave the element out", element.name());
            self.report("null-literal", ProblemSeverity::Information, element, text);
            return None;
        }
        (!value.is_empty()).then_some(value)
    }

    /// A text in its language, unless it is empty.
    pub fn text<'d>(&self, element: impl Node<'d>) -> Option<Text> {
        let language = element.attribute("languageID").map(Into::into);
        Some(Text { value: self.value(element)?.into(), language, place: element.place() })
    }

    /// All children of a name as texts: languages stand side by side.
    pub fn texts<'d>(&self, element: impl Node<'d>, child: &str) -> Vec<Text> {
        element.children(child).filter_map(|child| self.text(child)).collect()
    }

    /// A code; `list` is the list that the standard prescribes for it.
    pub fn code<'d>(&self, element: impl Node<'d>, list: Option<&str>) -> Option<Code> {
        let code_list = element.attribute("listID").or(list).map(Into::into);
        let name = element.attribute("name").map(Into::into);
        element.ignore_attributes(EXPLANATIONS);
        Some(Code { value: self.value(element)?.into(), code_list, name, place: element.place() })
    }

    /// The code in the first child of a name.
    pub fn code_of<'d>(&self, element: impl Node<'d>, child: &str, list: Option<&str>) -> Option<Code> {
        self.code(element.child(child)?, list)
    }

    pub(crate) fn codes<'d>(&self, element: impl Node<'d>, child: &str, list: Option<&str>) -> Vec<Code> {
        element.children(child).filter_map(|child| self.code(child, list)).collect()
    }

    /// An identifier, unless it is empty.
    pub fn identifier<'d>(&self, element: impl Node<'d>) -> Option<Identifier> {
        let scheme = element.attribute("schemeID").or_else(|| element.attribute("schemeAgencyID"));
        element.ignore_attributes(EXPLANATIONS);
        Some(identifier(self.value(element)?, scheme, element))
    }

    pub(crate) fn identifiers<'d>(&self, element: impl Node<'d>, child: &str) -> Vec<Identifier> {
        element.children(child).filter_map(|child| self.identifier(child)).collect()
    }

    /// A number; one that is none is reported and left out.
    pub fn decimal<'d>(&self, element: impl Node<'d>) -> Option<Decimal> {
        let value = self.value(element)?;
        let number = decimal(value);
        if number.is_none() {
            let text = format!("{} should be a number such as 1250.5, not {value:?}", element.name());
            self.report("bad-number", ProblemSeverity::Error, element, text);
        }
        number
    }

    /// A quantity with its unit. A missing unit is reported, never guessed.
    pub(crate) fn measure<'d>(&self, element: impl Node<'d>) -> Option<Measure> {
        let written = element.attribute("unitCode");
        element.ignore_attributes(&["unitCodeListVersionID", "unitCodeListID"]);
        let value = self.decimal(element)?;
        let Some(written) = written.filter(|&unit| unit != "NULL") else {
            let text = format!("{} has no unitCode: say the unit, such as KGM for kilograms", element.name());
            self.report("missing-unit", ProblemSeverity::Warning, element, text);
            return Some(Measure { value, place: element.place(), ..Measure::default() });
        };
        if is_unit_code(written) {
            return Some(Measure {
                value,
                unit: Some(written.into()),
                unit_as_written: None,
                place: element.place(),
            });
        }
        let unit = unit::code(written).map(Into::into);
        if unit.is_none() {
            let text = format!("{written:?} is not a unit code of UN/ECE Recommendation 20, such as KGM");
            self.report("unknown-unit", ProblemSeverity::Warning, element, text);
        }
        Some(Measure { value, unit, unit_as_written: Some(written.into()), place: element.place() })
    }

    pub(crate) fn measure_of<'d>(&self, element: impl Node<'d>, child: &str) -> Option<Measure> {
        self.measure(element.child(child)?)
    }

    /// A date and time: in `DateTime` or `DateTimeString`, or as the bare text
    /// that some senders write.
    pub fn date_time<'d>(&self, element: impl Node<'d>) -> Option<DateTime> {
        let inner = element.child("DateTime").or_else(|| element.child("DateTimeString")).unwrap_or(element);
        inner.ignore_attributes(EXPLANATIONS);
        let value = self.value(inner)?;
        match date::parse(value) {
            Ok(date_time) => Some(DateTime { place: inner.place(), ..date_time }),
            Err(error) => {
                self.report(
                    "bad-date",
                    ProblemSeverity::Error,
                    inner,
                    format!("{}: {error}", element.name()),
                );
                None
            }
        }
    }

    /// The date and time in the first child of a name.
    pub fn date_time_of<'d>(&self, element: impl Node<'d>, child: &str) -> Option<DateTime> {
        self.date_time(element.child(child)?)
    }

    /// Keeps everything in an element that the model has no room for.
    pub fn keep<'d>(&self, extensions: &mut Vec<Extension>, element: impl Node<'d>) {
        self.keep_below(extensions, element, &element.name());
    }

    /// The same, under a name of its own.
    pub fn keep_below<'d>(&self, extensions: &mut Vec<Extension>, element: impl Node<'d>, path: &str) {
        element.ignore_attributes(&["schemeID", "listID"]);
        element.ignore_attributes(EXPLANATIONS);
        if let Some(value) = self.value(element) {
            extensions.push(self.extension(path, value, element));
        }
        for child in element.elements() {
            self.keep_below(extensions, child, &[path, "/", &child.name()].concat());
        }
    }

    /// A value that the model has no room for.
    pub fn extension<'d>(&self, name: &str, value: &str, element: impl Node<'d>) -> Extension {
        Extension { scheme: SCHEME.into(), name: name.into(), value: value.into(), place: element.place() }
    }
}

/// An identifier as written, with the form that comparisons use.
pub fn identifier<'d>(value: &str, scheme: Option<&str>, element: impl Node<'d>) -> Identifier {
    let (normalised, scheme) = (normalised(value), scheme.map(Into::into));
    Identifier { value: value.into(), normalised, scheme, place: element.place() }
}

/// An identifier that stands in a note's text.
pub(crate) fn identifier_in(text: &Text, scheme: Option<&str>) -> Identifier {
    let (value, normalised) = (text.value.clone(), normalised(&text.value));
    Identifier { value, normalised, scheme: scheme.map(Into::into), place: text.place }
}

/// The form of an identifier that comparisons use, if it is another than the
/// one written: upper case, letters and digits only.
fn normalised(value: &str) -> Option<String> {
    if value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return None;
    }
    Some(reference_number::normalise(value))
        .filter(|normalised| !normalised.is_empty() && normalised != value)
}

/// Whether a text has the form of a Recommendation 20 code.
fn is_unit_code(unit: &str) -> bool {
    matches!(unit.len(), 2 | 3) && unit.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// An `xs:decimal`, or an `xs:double` that can be written as one.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return text.parse().ok() };
    let mut number: Decimal = mantissa.parse().ok()?;
    let exponent: i8 = exponent.parse().ok()?;
    let scale = i16::from(number.scale) - i16::from(exponent);
    if scale >= 0 {
        number.scale = u8::try_from(scale).ok().filter(|&scale| scale <= 28)?;
    } else {
        number.coefficient =
            number.coefficient.checked_mul(10i64.checked_pow(u32::from(scale.unsigned_abs()))?)?;
        number.scale = 0;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_scale() {
        for (text, expected) in [("12.50", "12.50"), ("1.5E3", "1500"), ("2.5e-3", "0.0025"), ("-18", "-18")]
        {
            assert_eq!(decimal(text).map(|number| number.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "NaN", "INF", "1,5", "1e99", "1e-99", "9e18e1", "e5"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
