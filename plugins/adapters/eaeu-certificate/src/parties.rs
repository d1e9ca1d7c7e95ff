//! Consignor and consignee.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::model::parts::{Address, Party};
use ecert_sdk::xml::Element;

use crate::values::{Texts, country};

/// Numbers of parties: in the register of the service, and for taxes.
const REGISTER: &str = "EAEU-REGISTER";
const TAXPAYER: &str = "EAEU-TAXPAYER";

pub(crate) fn party(parent: Element<'_>, name: &str, problems: &Problems) -> Option<Party> {
    let element = parent.child(name)?;
    let mut texts = Texts::new(problems);
    let numbers = [("Code", REGISTER), ("Identifier", TAXPAYER)];
    let line = texts.take(element, "Place");
    let country = country(element, "CountryCode", Some("Country"), &mut texts);
    let party = Party {
        names: texts.all(element, &["Name"]),
        identifiers: numbers
            .iter()
            .filter_map(|(name, scheme)| element.identifier_at(name, Some(scheme)))
            .collect(),
        address: (line.is_some() || country.is_some()).then(|| Address {
            lines: line.into_iter().map(|line| line.value).collect(),
            country,
            place: element.place(),
            ..Address::default()
        }),
        extensions: texts.damaged,
        place: element.place(),
        ..Party::default()
    };
    (party != Party { place: element.place(), ..Party::default() }).then_some(party)
}
