//! Traders and declarants.

use ecert_sdk::adapter::Field;
use ecert_sdk::model::parts::{Address, Party};
use ecert_sdk::model::values::Text;
use ecert_sdk::xml::Element;

use crate::values::Nation;

/// A party by number and name. The name is a text of several lines, of which
/// the address is all but the first.
pub(crate) fn party(parent: Element<'_>, number: &str, name: &str, nation: Nation<'_>) -> Option<Party> {
    let number = parent.filled(number);
    let name = parent.filled(name);
    let place = number.or(name)?.place();
    let mut lines = name.map(|name| name.text().lines().map(str::trim)).into_iter().flatten();
    let first = lines.find(|line| !line.is_empty());
    let address: Vec<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let place_of_name = name.map_or(place, Element::place);
    Some(Party {
        names: first
            .map(|name| Text { value: name.into(), language: None, place: place_of_name })
            .into_iter()
            .collect(),
        identifiers: number
            .map(|number| number.identifier(Some(&nation.list("TRADER"))))
            .into_iter()
            .collect(),
        address: (!address.is_empty()).then(|| Address {
            lines: address,
            place: place_of_name,
            ..Address::default()
        }),
        place,
        ..Party::default()
    })
}
