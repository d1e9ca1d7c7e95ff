//! Members of the request. Older senders write `ItemNumber`, newer ones
//! `itemNumber`: the case of keys does not count.

use ecert_sdk::adapter::Field;
use ecert_sdk::json::Value;
use ecert_sdk::model::values::Place;

/// A part of the request.
#[derive(Clone, Copy)]
pub(crate) struct Member<'d>(pub(crate) Value<'d>);

impl<'d> Field<'d> for Member<'d> {
    fn name(self) -> &'d str {
        self.0.key()
    }

    fn text(self) -> &'d str {
        self.0.text()
    }

    fn place(self) -> Place {
        self.0.place()
    }

    fn child(self, name: &str) -> Option<Self> {
        self.0.get_ignoring_case(name).map(Self)
    }
}

impl<'d> Member<'d> {
    /// The entries of a list.
    pub(crate) fn list(self, name: &str) -> impl Iterator<Item = Self> + use<'d> {
        self.child(name).into_iter().flat_map(|list| list.0.items()).map(Self)
    }

    /// Takes a part as read that says nothing of the goods.
    pub(crate) fn pass_over(self, name: &str) {
        if let Some(part) = self.child(name) {
            part.0.ignore();
        }
    }
}
