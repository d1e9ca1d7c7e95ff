//! Small values, read alike from XML elements and JSON values.

use ecert_model::values::{Code, DateTime, Decimal, Extension, Identifier, Measure, Place, Text};

use super::Problems;
use crate::{date, json, reference_number, xml};

/// What stands in one place of a message: an XML element or a JSON value. What
/// is read of it is marked as taken over.
///
/// Methods that take a path look below this field, down names such as
/// `Header/Number`. They find nothing where the field is empty.
pub trait Field<'d>: Copy {
    /// The element's local name, or the value's key.
    fn name(self) -> &'d str;

    /// The text, without white space at both ends; empty if there is none.
    fn text(self) -> &'d str;

    /// Where it stands.
    fn place(self) -> Place;

    /// The first field of a name within this one.
    fn child(self, name: &str) -> Option<Self>;

    /// The field down a path, if it says something.
    fn filled(self, path: &str) -> Option<Self> {
        let field = path.split('/').try_fold(self, |field, name| field.child(name))?;
        Some(field).filter(|field| !field.text().is_empty())
    }

    /// The text down a path.
    fn text_at(self, path: &str) -> Option<&'d str> {
        self.filled(path).map(Self::text)
    }

    /// What this field says, in a language where the format fixes one.
    fn spoken(self, language: Option<&str>) -> Text {
        Text { value: self.text().into(), language: language.map(str::to_owned), place: self.place() }
    }

    /// What this field says, as a code of a list.
    fn code(self, list: &str) -> Code {
        Code { value: self.text().into(), code_list: Some(list.into()), name: None, place: self.place() }
    }

    /// The code down a path.
    fn code_at(self, path: &str, list: &str) -> Option<Code> {
        self.filled(path).map(|field| field.code(list))
    }

    /// What this field says, as an identifier of a scheme.
    fn identifier(self, scheme: Option<&str>) -> Identifier {
        let value = self.text();
        let normalised = Some(reference_number::normalise(value)).filter(|normalised| normalised != value);
        Identifier { value: value.into(), normalised, scheme: scheme.map(str::to_owned), place: self.place() }
    }

    /// The identifier down a path.
    fn identifier_at(self, path: &str, scheme: Option<&str>) -> Option<Identifier> {
        self.filled(path).map(|field| field.identifier(scheme))
    }

    /// The number down a path. What is none is the problem `not-a-number`.
    fn number_at(self, path: &str, problems: &Problems) -> Option<Decimal> {
        let field = self.filled(path)?;
        match field.text().parse() {
            Ok(number) => Some(number),
            Err(error) => {
                problems.error("not-a-number", field.place(), format!("{}: {error}.", field.name()));
                None
            }
        }
    }

    /// The sequence number or count down a path. What is none is the problem
    /// `not-a-number`.
    fn count_at(self, path: &str, problems: &Problems) -> Option<u32> {
        let field = self.filled(path)?;
        let count = field.text().parse().ok();
        if count.is_none() {
            let text = format!("{}: {:?} is not a whole number.", field.name(), field.text());
            problems.error("not-a-number", field.place(), text);
        }
        count
    }

    /// The quantity down a path, in a unit (UN/ECE Recommendation 20) that the
    /// format fixes.
    fn measure_at(self, path: &str, unit: Option<&str>, problems: &Problems) -> Option<Measure> {
        let value = self.number_at(path, problems)?;
        let place = self.filled(path)?.place();
        Some(Measure { value, unit: unit.map(str::to_owned), unit_as_written: None, place })
    }

    /// The date or moment down a path, in one of the forms that
    /// [`date::parse`] understands. What is none is the problem `not-a-date`.
    fn moment_at(self, path: &str, problems: &Problems) -> Option<DateTime> {
        let field = self.filled(path)?;
        match date::parse(field.text()) {
            Ok(moment) => Some(DateTime { place: field.place(), ..moment }),
            Err(error) => {
                problems.error("not-a-date", field.place(), format!("{}: {error}.", field.name()));
                None
            }
        }
    }

    /// What the model does not hold: the texts down several paths, kept by
    /// those paths.
    fn extensions_at(self, scheme: &str, paths: &[&str]) -> Vec<Extension> {
        let extension = |path: &&str| {
            let field = self.filled(path)?;
            Some(Extension {
                scheme: scheme.into(),
                name: (*path).into(),
                value: field.text().into(),
                place: field.place(),
            })
        };
        paths.iter().filter_map(extension).collect()
    }
}

impl<'d> Field<'d> for xml::Element<'d> {
    fn name(self) -> &'d str {
        self.name()
    }

    fn text(self) -> &'d str {
        self.text()
    }

    fn place(self) -> Place {
        self.place()
    }

    fn child(self, name: &str) -> Option<Self> {
        self.child(name)
    }
}

impl<'d> Field<'d> for json::Value<'d> {
    fn name(self) -> &'d str {
        self.key()
    }

    fn text(self) -> &'d str {
        self.text()
    }

    fn place(self) -> Place {
        self.place()
    }

    fn child(self, name: &str) -> Option<Self> {
        self.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a field with these members.
    fn read<'d>(field: impl Field<'d>) -> (Vec<String>, Vec<Option<String>>) {
        let problems = Problems::default();
        let values = [
            field.text_at("a/empty").map(str::to_owned),
            field.code_at("a/code", "LIST").map(|code| format!("{:?} {}", code.code_list, code.value)),
            field.identifier_at("a/number", None).and_then(|number| number.normalised),
            field
                .measure_at("a/mass", Some("KGM"), &problems)
                .map(|mass| format!("{} {:?}", mass.value, mass.unit)),
            field.count_at("a/count", &problems).map(|count| count.to_string()),
            field.moment_at("a/day", &problems).map(|day| day.to_string()),
            field.number_at("a/code", &problems).map(|number| number.to_string()),
            field.count_at("a/mass", &problems).map(|count| count.to_string()),
            field.moment_at("a/count", &problems).map(|day| day.to_string()),
            field.extensions_at("here", &["a/day", "a/none"]).first().map(|kept| kept.name.clone()),
        ];
        let told =
            problems.into_list().into_iter().map(|problem| format!("{}: {}", problem.code, problem.text));
        (told.collect(), values.to_vec())
    }

    #[test]
    fn elements_and_members_are_read_alike() {
        let xml = b"<r><a><empty> </empty><code>0202</code><number>NZ/1-b</number><mass>1.50</mass><count>12</count>\
            <day>20260302</day></a></r>";
        let json = br#"{"a": {"empty": " ", "code": "0202", "number": "NZ/1-b", "mass": 1.50, "count": 12,
            "day": "20260302"}}"#;
        let xml = xml::Document::parse(xml, &xml::Limits::default()).expect("well-formed");
        let json = json::Document::parse(json, &json::Limits::default()).expect("in order");
        let (told, values) = read(xml.root());
        assert_eq!(read(json.root()), (told.clone(), values.clone()));
        let values: Vec<_> = values.iter().map(|value| value.as_deref().unwrap_or("-")).collect();
        assert_eq!(
            values,
            [
                "-",
                "Some(\"LIST\") 0202",
                "NZ1B",
                "1.50 Some(\"KGM\")",
                "12",
                "2026-03-02",
                "202",
                "-",
                "-",
                "a/day"
            ]
        );
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("not-a-number: mass: \"1.50\" is not a whole number"), "{told:?}");
        assert!(told[1].starts_with("not-a-date: count: \"12\" is not a date"), "{told:?}");
    }
}
