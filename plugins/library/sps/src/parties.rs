//! Who acts, and where: `SPSParty`, `SPSAddress`, `SPSPerson`, `SPSLocation`,
//! `SPSCountry`.

use crate::node::Node;
use ecert_sdk::model::parts::{Address, CountryArea, Location, Party, Person};
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Identifier};

use crate::basics::{Reader, identifier};

const COUNTRIES: Option<&str> = Some("ISO3166-1");

impl Reader {
    /// `SPSParty`; none if nothing in it says who it is.
    pub(crate) fn party<'d>(&self, element: impl Node<'d>) -> Option<Party> {
        let mut party = Party {
            names: self.texts(element, "Name"),
            identifiers: self.identifiers(element, "ID"),
            roles: self.codes(element, "RoleCode", Some("UNCL3035")),
            type_codes: Vec::new(),
            address: element.child("SpecifiedSPSAddress").and_then(|address| self.address(address)),
            persons: element
                .children("SpecifiedSPSPerson")
                .filter_map(|person| self.person(person))
                .collect(),
            extensions: Vec::new(),
            place: element.place(),
        };
        for code in element.children("TypeCode") {
            match registration_number(code) {
                Some(scheme) => {
                    party
                        .identifiers
                        .extend(self.value(code).map(|value| identifier(value, Some(scheme), code)));
                }
                None => party.type_codes.extend(self.code(code, None)),
            }
        }
        for contact in element.children("DefinedSPSContact") {
            self.keep(&mut party.extensions, contact);
        }
        let unnamed = party.names.is_empty() && party.identifiers.is_empty() && party.persons.is_empty();
        let unsaid = party.address.is_none() && party.roles.is_empty() && party.type_codes.is_empty();
        (!(unnamed && unsaid)).then_some(party)
    }

    pub(crate) fn party_of<'d>(&self, element: impl Node<'d>, child: &str) -> Option<Party> {
        self.party(element.child(child)?)
    }

    /// `SPSAddress`; none if it is empty.
    pub(crate) fn address<'d>(&self, element: impl Node<'d>) -> Option<Address> {
        let lines = ["LineOne", "LineTwo", "LineThree", "LineFour", "LineFive"];
        let text = |child| {
            let child = element.child(child)?;
            child.ignore_attributes(&["languageID"]);
            self.value(child).map(String::from)
        };
        let country = element.child("CountryID").and_then(|id| {
            let name = element.child("CountryName").and_then(|name| self.text(name));
            Some(Code { name: name.map(|name| name.value), ..self.code(id, COUNTRIES)? })
        });
        let address = Address {
            lines: lines.into_iter().filter_map(text).collect(),
            postcode: text("PostcodeCode"),
            city: text("CityName").or_else(|| text("CityID")),
            subdivision: self.subdivision(element, "CountrySubDivisionID", "CountrySubDivisionName"),
            country,
            place: element.place(),
        };
        (address != Address { place: element.place(), ..Address::default() }).then_some(address)
    }

    fn person<'d>(&self, element: impl Node<'d>) -> Option<Person> {
        let qualification =
            element.child("AttainedSPSQualification").and_then(|it| self.text(it.child("Name")?));
        let names = self.texts(element, "Name");
        (!names.is_empty() || qualification.is_some()).then(|| Person {
            names,
            qualification,
            place: element.place(),
        })
    }

    /// `SPSLocation`; none if it is empty.
    pub(crate) fn location<'d>(&self, element: impl Node<'d>) -> Option<Location> {
        let mut location = Location { place: element.place(), ..Location::default() };
        for id in element.children("ID") {
            location.identifiers.extend(self.identifier(id).map(locode));
        }
        for name in element.children("Name") {
            match self.dialect.names_hold_codes && name.attribute("languageID").is_none() {
                true => self.traces_name(&mut location, name),
                false => location.names.extend(self.text(name)),
            }
        }
        location.country = take_country(&mut location.identifiers).or(location.country);
        (location != Location { place: element.place(), ..Location::default() }).then_some(location)
    }

    /// TRACES repeats `Name` for the country, the authority's code and the
    /// UN/LOCODE of a border post, beside what it is called.
    fn traces_name<'d>(&self, location: &mut Location, name: impl Node<'d>) {
        let Some(value) = self.value(name) else { return };
        let capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let code = value.bytes().all(capital) && value.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
        let known =
            |identifiers: &[Identifier]| identifiers.iter().any(|identifier| identifier.value == value);
        match value.len() {
            2 if code => {
                let code_list = COUNTRIES.map(Into::into);
                location.country =
                    Some(Code { value: value.into(), code_list, name: None, place: name.place() });
            }
            5..=8 if code && known(&location.identifiers) => {}
            5..=8 if code => {
                location.identifiers.push(identifier(value, Some("authority_activity_id"), name))
            }
            _ => location.names.extend(self.text(name)),
        }
    }

    /// `SPSCountry`; none if it is empty.
    pub(crate) fn country<'d>(&self, element: impl Node<'d>) -> Option<CountryArea> {
        let name = element.children("Name").filter_map(|name| self.text(name)).map(|name| name.value).next();
        let code = element.child("ID").and_then(|id| self.code(id, COUNTRIES));
        if code.is_none()
            && let Some(name) = &name
        {
            let text =
                format!("{} names {name} but has no code: add its ISO 3166-1 code as ID", element.name());
            self.report("missing-country-code", ProblemSeverity::Warning, element, text);
        }
        let subdivisions = element
            .children("SubordinateSPSCountrySubDivision")
            .filter_map(|it| self.subdivision(it, "ID", "Name"));
        Some(CountryArea {
            subdivisions: subdivisions.collect(),
            country: Code { name, ..code? },
            place: element.place(),
        })
    }

    pub(crate) fn country_of<'d>(&self, element: impl Node<'d>, child: &str) -> Option<CountryArea> {
        self.country(element.child(child)?)
    }

    /// A region: its code, or its name where it has none.
    fn subdivision<'d>(&self, element: impl Node<'d>, id: &str, name: &str) -> Option<Code> {
        let name = element.child(name).and_then(|name| self.text(name));
        // The level's number says nothing that the region itself does not.
        if let Some(level) = element.child("HierarchicalLevelCode") {
            level.ignore();
        }
        match element.child(id).and_then(|id| self.code(id, Some("ISO3166-2"))) {
            Some(code) => Some(Code { name: name.map(|name| name.value), ..code }),
            None => name.map(|name| Code { value: name.value, place: name.place, ..Code::default() }),
        }
    }
}

/// The country of a place or of a means of transport, which stands among its
/// identifiers.
pub(crate) fn take_country(identifiers: &mut Vec<Identifier>) -> Option<Code> {
    let is_country = |it: &Identifier| it.scheme.as_deref() == COUNTRIES && it.value.len() == 2;
    let position = identifiers.iter().position(is_country)?;
    let Identifier { value, scheme, place, .. } = identifiers.remove(position);
    Some(Code { value, code_list: scheme, name: None, place })
}

/// A UN/LOCODE. IPPC systems give it the scheme of the country code that it
/// begins with.
fn locode(id: Identifier) -> Identifier {
    let of_country = id.scheme.as_deref().is_some_and(|scheme| scheme.starts_with("ISO_3166-1"));
    match of_country && id.value.len() == 5 {
        true => Identifier { scheme: Some("UNLOCODE".into()), ..id },
        false => id,
    }
}

/// IPPC systems write a party's registration number as its type; `listName`
/// says so.
fn registration_number<'d>(code: impl Node<'d>) -> Option<&'d str> {
    code.attribute("listID")
        .is_none()
        .then(|| code.attribute("listName"))?
        .filter(|name| name.ends_with("Number"))
}
