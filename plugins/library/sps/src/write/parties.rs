//! Who acts, and where.

use ecert_sdk::model::parts::{Address, CountryArea, Location, Party, Person};
use ecert_sdk::model::values::Code;

use super::Tree;
use super::extensions::elements;
use super::values::{code, code_in, identifiers, text, texts};

const COUNTRIES: &str = "ISO3166-1";
const SUBDIVISIONS: &str = "ISO3166-2";
const LINES: [&str; 5] = ["LineOne", "LineTwo", "LineThree", "LineFour", "LineFive"];

/// `SPSParty`.
pub(super) fn party(name: &'static str, party: &Party) -> Tree {
    let mut tree = Tree::new(name);
    tree.add(identifiers("ID", &party.identifiers));
    tree.add(texts("Name", &party.names));
    tree.add(party.roles.iter().map(|role| code("RoleCode", role, Some("UNCL3035"))));
    tree.add(party.type_codes.iter().map(|kind| code("TypeCode", kind, None)));
    tree.add(party.address.as_ref().map(address));
    tree.add(elements(&party.extensions, &["DefinedSPSContact"]).0);
    tree.add(party.persons.iter().map(person));
    tree
}

pub(super) fn party_in(name: &'static str, value: Option<&Party>) -> Option<Tree> {
    value.map(|it| party(name, it))
}

/// `SPSAddress`: five lines at most; the fifth holds what is beyond.
pub(super) fn address(address: &Address) -> Tree {
    let mut tree = Tree::new("SpecifiedSPSAddress");
    tree.add(address.postcode.as_ref().map(|postcode| Tree::text("PostcodeCode", postcode)));
    let mut lines = address.lines.iter().take(4).cloned().collect::<Vec<_>>();
    lines.extend(address.lines.get(4..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(", ")));
    tree.add(LINES.into_iter().zip(lines).map(|(name, line)| Tree::text(name, line)));
    tree.add(address.city.as_ref().map(|city| Tree::text("CityName", city)));
    if let Some(country) = &address.country {
        tree.add([code("CountryID", &Code { name: None, ..country.clone() }, Some(COUNTRIES))]);
        tree.add(country.name.as_ref().map(|name| Tree::text("CountryName", name)));
    }
    let subdivision = address.subdivision.as_ref();
    tree.add(
        subdivision.into_iter().flat_map(|it| region(it, "CountrySubDivisionID", "CountrySubDivisionName")),
    );
    tree
}

fn person(person: &Person) -> Tree {
    let mut tree = Tree::new("SpecifiedSPSPerson");
    tree.add(texts("Name", &person.names));
    let qualification = person.qualification.as_ref();
    tree.add(qualification.map(|it| Tree::new("AttainedSPSQualification").containing([text("Name", it)])));
    tree
}

/// `SPSLocation`; its country is an identifier of ISO 3166-1.
pub(super) fn location(name: &'static str, location: &Location) -> Tree {
    let mut tree = Tree::new(name);
    tree.add(identifiers("ID", &location.identifiers));
    tree.add(location.country.as_ref().map(country_identifier));
    tree.add(texts("Name", &location.names));
    tree
}

/// A country among identifiers.
pub(super) fn country_identifier(country: &Code) -> Tree {
    Tree::text("ID", &country.value).with("schemeID", Some(COUNTRIES))
}

/// `SPSCountry`.
pub(super) fn country(name: &'static str, area: &CountryArea) -> Tree {
    let regions = area
        .subdivisions
        .iter()
        .map(|it| Tree::new("SubordinateSPSCountrySubDivision").containing(region(it, "ID", "Name")));
    bare_country(name, &area.country).containing(regions)
}

/// `SPSCountry` without regions.
pub(super) fn bare_country(name: &'static str, country: &Code) -> Tree {
    let mut tree = Tree::new(name);
    tree.add([code("ID", &Code { name: None, ..country.clone() }, Some(COUNTRIES))]);
    tree.add(country.name.as_ref().map(|name| Tree::text("Name", name)));
    tree
}

/// A region by its code, or by its name where it has none.
fn region(region: &Code, id: &'static str, name: &'static str) -> Vec<Tree> {
    if region.code_list.is_none() && region.name.is_none() {
        return vec![Tree::text(name, &region.value)];
    }
    let code = code_in(id, Some(&Code { name: None, ..region.clone() }), SUBDIVISIONS);
    code.into_iter().chain(region.name.as_ref().map(|it| Tree::text(name, it))).collect()
}
