//! `SPSConsignment`: who sends what to whom, which way.

use ecert_sdk::model::certificates::{Consignment, Totals};
use ecert_sdk::model::parts::{CountryArea, Equipment, Location, TransportMovement};

use super::Tree;
use super::extensions::elements_and_notes;
use super::line::{line, packages, quantities};
use super::parties::{country, country_identifier, location, party_in};
use super::values::{code_in, date_time_in, identifier, identifiers, measure_in, note, texts};

const NOTE: &str = "IncludedSPSNote";
const CARGO: &str = "NatureIdentificationSPSCargo";

/// `SPSConsignment`.
pub(super) fn consignment(consignment: &Consignment) -> Tree {
    let countries =
        |name, areas: &[CountryArea]| -> Vec<_> { areas.iter().map(|it| country(name, it)).collect() };
    let place = |name, place: &Option<Location>| place.as_ref().map(|it| location(name, it));
    let names = ["CarrierSPSParty", "StorageSPSEvent", CARGO];
    let (others, own) = elements_and_notes(&consignment.extensions, &names, NOTE);
    let (cargo, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|other| other.name == CARGO);
    let mut tree = Tree::new("SPSConsignment");
    tree.add(date_time_in("AvailabilityDueDateTime", consignment.arrival.as_ref()));
    tree.add(date_time_in("ExportExitDateTime", consignment.departure.as_ref()));
    tree.add(party_in("ConsignorSPSParty", consignment.consignor.as_ref()));
    tree.add(party_in("ConsigneeSPSParty", consignment.consignee.as_ref()));
    tree.add(party_in("DeliverySPSParty", consignment.delivery.as_ref()));
    tree.add(party_in("DespatchSPSParty", consignment.despatch.as_ref()));
    tree.add(party_in("CustomsTransitAgentSPSParty", consignment.operator.as_ref()));
    tree.add(others);
    tree.add(consignment.export_country.as_ref().map(|it| country("ExportSPSCountry", it)));
    tree.add(countries("ReexportSPSCountry", &consignment.reexport_countries));
    tree.add(consignment.import_country.as_ref().map(|it| country("ImportSPSCountry", it)));
    tree.add(countries("TransitSPSCountry", &consignment.transit_countries));
    tree.add(place("LoadingBaseportSPSLocation", &consignment.loading_place));
    tree.add(place("UnloadingBaseportSPSLocation", &consignment.unloading_place));
    let examination = place("OccurrenceSPSLocation", &consignment.examination_place);
    tree.add(examination.map(|place| Tree::new("ExaminationSPSEvent").containing([place])));
    tree.add(consignment.transport.iter().map(movement));
    tree.add(consignment.equipment.iter().map(equipment));
    tree.add(consignment.notes.iter().map(|it| note(NOTE, it)));
    tree.add(own);
    tree.add(items(consignment, cargo));
    tree
}

/// `SPSConsignmentItem`: the totals as a line 0, and the lines, in the first;
/// each further kind of cargo in one of its own.
fn items(consignment: &Consignment, cargo: Vec<Tree>) -> Vec<Tree> {
    let item = || Tree::new("IncludedSPSConsignmentItem");
    let mut cargo = cargo.into_iter();
    let mut first = item().containing(cargo.next());
    first.add(consignment.totals.as_ref().map(totals));
    first.add(consignment.lines.iter().map(line));
    std::iter::once(first).chain(cargo.map(|kind| item().containing([kind]))).collect()
}

/// A line 0 that names no goods sums up the others.
fn totals(totals: &Totals) -> Tree {
    let mut tree = Tree::new("IncludedSPSTradeLineItem");
    tree.add([Tree::text("SequenceNumeric", "0")]);
    let stated = [&totals.net_weight, &totals.gross_weight, &totals.volume, &None];
    tree.add(quantities(stated, totals.count.as_ref()).0);
    tree.add(totals.packages.iter().map(packages));
    tree
}

/// `SPSTransportMovement`; the country of registration is an identifier of ISO
/// 3166-1.
fn movement(movement: &TransportMovement) -> Tree {
    let mut tree = Tree::new("MainCarriageSPSTransportMovement");
    tree.add(identifiers("ID", &movement.identifiers));
    tree.add(movement.nationality.as_ref().map(country_identifier));
    tree.add(code_in("ModeCode", movement.mode.as_ref(), "REC19"));
    let means = Tree::new("UsedSPSTransportMeans").containing(texts("Name", &movement.means));
    tree.add(means.unless_empty());
    tree
}

/// `SPSTransportEquipment`.
fn equipment(equipment: &Equipment) -> Tree {
    let mut tree = Tree::new("UtilizedSPSTransportEquipment");
    tree.add(equipment.identifier.as_ref().map(|it| identifier("ID", it)));
    tree.add(equipment.type_code.as_ref().map(|it| super::values::code("CharacteristicCode", it, None)));
    let temperature = measure_in("ValueMeasure", equipment.set_temperature.as_ref());
    tree.add(temperature.map(|value| Tree::new("SettingSPSTemperature").containing([value])));
    tree.add(
        equipment.seals.iter().map(|seal| Tree::new("AffixedSPSSeal").containing([identifier("ID", seal)])),
    );
    tree
}
