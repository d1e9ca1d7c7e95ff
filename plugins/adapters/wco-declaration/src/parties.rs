//! Parties and their addresses.

use ecert_sdk::model::parts::{Address, Party, Person};
use ecert_sdk::model::values::Identifier;
use ecert_sdk::xml::Element;

use crate::values::{all_filled, code_at, country_at, extension, filled, identifier, text};

/// The party in the child of that name.
pub(crate) fn party_at(parent: Element<'_>, path: &str) -> Option<Party> {
    parent.at(path).map(party).filter(|party| *party != Party { place: party.place, ..Party::default() })
}

fn party(element: Element<'_>) -> Party {
    Party {
        names: all_filled(element, "Name").map(text).collect(),
        identifiers: all_filled(element, "ID").map(trader).collect(),
        // Direct or indirect representation, of an agent.
        roles: code_at(element, "FunctionCode", "WCO229").into_iter().collect(),
        address: element.child("Address").map(address),
        persons: element.children("Contact").filter_map(person).collect(),
        extensions: all_communications(element),
        place: element.place(),
        ..Party::default()
    }
}

/// A trader's number. The profile asks for an EORI: a country and up to
/// fifteen signs.
fn trader(element: Element<'_>) -> Identifier {
    let text = element.text();
    let country = text.get(..2).is_some_and(|country| country.bytes().all(|byte| byte.is_ascii_uppercase()));
    let is_eori =
        country && (3..=17).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    identifier(element, is_eori.then_some("EORI"))
}

fn person(contact: Element<'_>) -> Option<Person> {
    let names: Vec<_> = all_filled(contact, "Name").map(text).collect();
    (!names.is_empty()).then(|| Person { names, place: contact.place(), ..Person::default() })
}

fn all_communications(party: Element<'_>) -> Vec<ecert_sdk::model::values::Extension> {
    let number = |communication: Element<'_>| {
        let kind = filled(communication, "TypeCode").map_or("", |kind| kind.text());
        let name = ["Communication/", kind].concat();
        filled(communication, "ID").map(|number| extension(name.trim_end_matches('/'), number))
    };
    party.children("Communication").filter_map(number).collect()
}

pub(crate) fn address(element: Element<'_>) -> Address {
    let subdivision = code_at(element, "CountrySubDivisionCode", "ISO3166-2")
        .or_else(|| code_at(element, "CountrySubDivisionName", "name"));
    Address {
        lines: all_filled(element, "Line").map(|line| line.text().into()).collect(),
        postcode: element.text_of("PostcodeID").map(str::to_owned),
        city: element.text_of("CityName").map(str::to_owned),
        subdivision,
        country: country_at(element, "CountryCode"),
        place: element.place(),
    }
}
