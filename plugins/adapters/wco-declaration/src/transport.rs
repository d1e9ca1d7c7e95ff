//! Transport: means, places, containers and seals.

use ecert_sdk::model::parts::{Equipment, Location, TransportMovement};
use ecert_sdk::model::values::Identifier;
use ecert_sdk::xml::Element;

use crate::parties::address;
use crate::values::{all_filled, code_at, country_at, filled, identified, identifier, identifier_at, text};

/// The legs that a declaration tells: across the border, and on arrival or
/// departure.
pub(crate) fn movements(
    declaration: Element<'_>,
    consignment: Option<Element<'_>>,
) -> Vec<TransportMovement> {
    let border = declaration.child("BorderTransportMeans");
    let inland = |name: &str| consignment.and_then(|consignment| consignment.child(name));
    let means = [border, inland("ArrivalTransportMeans"), inland("DepartureTransportMeans")];
    means.into_iter().flatten().map(movement).collect()
}

fn movement(means: Element<'_>) -> TransportMovement {
    let kind = filled(means, "IdentificationTypeCode").map(|kind| kind.text());
    let identifiers = all_filled(means, "ID");
    let (named, numbered): (Vec<_>, Vec<_>) = identifiers.partition(|_| kind.is_some_and(is_name));
    // The kind of means adds nothing to mode and identification.
    means.children("TypeCode").for_each(Element::ignore);
    TransportMovement {
        mode: code_at(means, "ModeCode", "REC19"),
        identifiers: numbered.into_iter().map(|id| identifier(id, kind.and_then(scheme))).collect(),
        means: all_filled(means, "Name").chain(named).map(text).collect(),
        nationality: country_at(means, "RegistrationNationalityCode"),
        place: means.place(),
    }
}

/// Whether the identification is a name: of a sea-going vessel or a vessel on
/// inland waters.
fn is_name(kind: &str) -> bool {
    matches!(kind, "11" | "81")
}

/// What the identification type (UCC data element 7/7) says of a number.
fn scheme(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "10" => "imo-number",
        "20" => "wagon-number",
        "30" | "31" => "road-vehicle-registration",
        "40" => "flight-number",
        "41" => "aircraft-registration",
        "80" => "european-vessel-number",
        _ => return None,
    })
}

/// Where the goods are.
pub(crate) fn goods_location(consignment: Element<'_>) -> Option<Location> {
    let element = consignment.child("GoodsLocation")?;
    let address = element.child("Address").map(address);
    if let Some(address) = element.child("Address") {
        // How the location is identified; `locode` below looks at it.
        address.children("TypeCode").for_each(Element::ignore);
    }
    element.children("TypeCode").for_each(Element::ignore);
    let code = all_filled(element, "Name").map(|name| identifier(name, Some("goods-location")));
    let number = all_filled(element, "ID").map(|id| identifier(id, None));
    Some(Location {
        identifiers: code.chain(number).collect(),
        names: Vec::new(),
        country: address.and_then(|address| address.country),
        place: element.place(),
    })
}

/// Where the goods enter. A location at the frontier (type A) that is
/// identified by UN/LOCODE (qualifier U) begins with the place's three letters;
/// the address gives the country.
pub(crate) fn entry_place(consignment: Element<'_>) -> Option<Location> {
    let element = consignment.child("GoodsLocation")?;
    let at_frontier =
        element.text_of("TypeCode") == Some("A") && element.text_of("Address/TypeCode") == Some("U");
    let place = filled(element, "Name").filter(|_| at_frontier)?;
    let country = element.text_of("Address/CountryCode").filter(|country| country.len() == 2)?;
    let letters = place.text().get(..3)?;
    let locode = identified(&[country, letters].concat(), Some("UNLOCODE"), place.place());
    Some(Location {
        identifiers: vec![locode],
        country: country_at(element, "Address/CountryCode"),
        place: place.place(),
        ..Location::default()
    })
}

/// Where the goods were loaded.
pub(crate) fn loading_place(consignment: Element<'_>) -> Option<Location> {
    let element = consignment.child("LoadingLocation")?;
    Some(Location {
        identifiers: all_filled(element, "ID").map(|id| identifier(id, Some("UNLOCODE"))).collect(),
        names: all_filled(element, "Name").map(text).collect(),
        country: None,
        place: element.place(),
    })
}

/// Containers and other equipment with their seals.
pub(crate) fn equipment(parent: Element<'_>) -> Vec<Equipment> {
    let one = |element: Element<'_>| {
        sequence_is_order(element);
        let seals = element.children("Seal").filter_map(|seal| {
            sequence_is_order(seal);
            identifier_at(seal, "ID", None)
        });
        Equipment {
            identifier: container(element),
            seals: seals.collect(),
            place: element.place(),
            ..Equipment::default()
        }
    };
    parent.children("TransportEquipment").map(one).collect()
}

/// Numbers of the containers that an item is loaded in.
pub(crate) fn container_numbers(commodity: Element<'_>) -> Vec<Identifier> {
    let number = |element: Element<'_>| {
        sequence_is_order(element);
        container(element)
    };
    commodity.children("TransportEquipment").filter_map(number).collect()
}

fn container(equipment: Element<'_>) -> Option<Identifier> {
    identifier_at(equipment, "ID", None)
}

/// The model keeps lists in order, so their sequence numbers say nothing more.
pub(crate) fn sequence_is_order(element: Element<'_>) {
    element.children("SequenceNumeric").for_each(Element::ignore);
}
