//! Members of JSON objects as the standard's elements.

use std::borrow::Cow;

use ecert_sdk::json::{Kind, Value};
use ecert_sdk::model::values::Place;
use sps::Node;

/// A member, or one of several in an array: `includedSpsNote` is the element
/// `IncludedSPSNote`. A text stands in the member `value` of an object, beside
/// its attributes, or alone.
#[derive(Clone, Copy)]
pub(crate) struct Member<'d>(pub(crate) Value<'d>);

impl<'d> Member<'d> {
    /// The value that is the text; of several, the first.
    fn value(self) -> Option<Value<'d>> {
        match self.0.kind() {
            Kind::Object => self.0.get("value")?.items().next(),
            Kind::Array => None,
            _ => Some(self.0),
        }
    }

    /// Whether a member of this object is an element, no attribute: beside a
    /// `value` only what has parts of its own.
    fn is_element(self, member: Value<'d>) -> bool {
        let structured = matches!(member.kind(), Kind::Object | Kind::Array);
        member.key() != "value" && (structured || self.0.get("value").is_none())
    }
}

impl<'d> Node<'d> for Member<'d> {
    fn name(self) -> Cow<'d, str> {
        let key = match self.0.key() {
            "" => self.0.parent().map_or("", Value::key),
            key => key,
        };
        if key == "id" {
            return "ID".into();
        }
        let mut characters = key.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>().replace("Sps", "SPS").into()
    }

    fn elements(self) -> impl Iterator<Item = Self> {
        self.0.members().filter(move |member| self.is_element(*member)).flat_map(Value::items).map(Member)
    }

    /// Keys differ from names in their capitals alone.
    fn children(self, name: &str) -> impl Iterator<Item = Self> {
        let member = self.0.members().find(|member| member.key().eq_ignore_ascii_case(name));
        member.filter(|member| self.is_element(*member)).into_iter().flat_map(Value::items).map(Member)
    }

    fn text(self) -> &'d str {
        self.value().map_or("", Value::text)
    }

    fn attribute_at(self, name: &str) -> Option<(&'d str, Place)> {
        let attribute =
            self.0.get(name).filter(|it| self.0.get("value").is_some() && !self.is_element(*it))?;
        Some((attribute.text(), attribute.place())).filter(|(value, _)| !value.is_empty())
    }

    fn place(self) -> Place {
        self.0.place()
    }

    fn content_place(self) -> Place {
        self.value().map_or(self.0.place(), Value::content_place)
    }

    fn ignore(self) {
        self.0.ignore();
    }

    fn ignore_attributes(self, names: &[&str]) {
        let attributes = self.0.members().filter(|member| !self.is_element(*member));
        attributes.filter(|member| names.contains(&member.key())).for_each(Value::ignore);
    }
}
