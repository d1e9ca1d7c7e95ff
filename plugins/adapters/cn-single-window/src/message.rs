//! One message in two notations: elements of XML, members of JSON objects.

use ecert_sdk::adapter::Field;
use ecert_sdk::json::Value;
use ecert_sdk::model::values::{Extension, Place};
use ecert_sdk::xml::Element;

/// A part of the message.
///
/// Names are written as in XML (`DecHead`, `CodeTS`). JSON writes them with a
/// small first letter, sometimes not, and `codeTs`: their case does not count.
#[derive(Clone, Copy)]
pub(crate) enum Node<'d> {
    Xml(Element<'d>),
    Json(Value<'d>),
}

impl<'d> Field<'d> for Node<'d> {
    fn name(self) -> &'d str {
        match self {
            Self::Xml(element) => element.name(),
            Self::Json(value) => value.key(),
        }
    }

    fn text(self) -> &'d str {
        match self {
            Self::Xml(element) => element.text(),
            Self::Json(value) => value.text(),
        }
    }

    fn place(self) -> Place {
        match self {
            Self::Xml(element) => element.place(),
            Self::Json(value) => value.place(),
        }
    }

    fn child(self, name: &str) -> Option<Self> {
        match self {
            Self::Xml(element) => element.child(name).map(Self::Xml),
            Self::Json(value) => value.get_ignoring_case(name).map(Self::Json),
        }
    }
}

impl<'d> Node<'d> {
    pub(crate) fn is(self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// The entries of a list: `DecLists/DecList` in XML, an array `decLists`
    /// in JSON, whose entries may once more stand below their name.
    pub(crate) fn list(self, list: &str, entry: &str) -> Vec<Self> {
        let Some(list) = self.child(list) else { return Vec::new() };
        match list {
            Self::Xml(element) => element.children(entry).map(Self::Xml).collect(),
            Self::Json(value) => {
                let unwrapped = |value: Value<'d>| match Self::Json(value).child(entry) {
                    Some(Self::Json(inner)) => inner,
                    _ => value,
                };
                value.items().flat_map(|value| unwrapped(value).items()).map(Self::Json).collect()
            }
        }
    }

    /// A code that the model has no place for: an extension in the name of its
    /// list.
    pub(crate) fn coded(self, name: &str, list: &str) -> Option<Extension> {
        let field = self.filled(name)?;
        let (value, place) = (field.text().into(), field.place());
        Some(Extension { scheme: list.into(), name: name.into(), value, place })
    }

    /// Passes over parts that have no meaning for certificates.
    pub(crate) fn pass_over(self, names: &[&str]) {
        let known = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        match self {
            Self::Xml(element) => {
                element.elements().filter(|child| known(child.name())).for_each(Element::ignore);
            }
            Self::Json(value) => {
                value.members().filter(|child| known(child.key())).for_each(Value::ignore);
            }
        }
    }
}
