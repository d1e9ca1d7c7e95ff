//! `SPSConsignment`: who sends what to whom, which way.

use crate::node::Node;
use crate::own;
use crate::parties::take_country;
use ecert_sdk::model::certificates::{Consignment, TradeLine};
use ecert_sdk::model::parts::{CountryArea, Equipment, Location, TransportMovement};
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Extension};

use crate::basics::Reader;

impl Reader {
    /// `SPSConsignment`.
    pub(crate) fn consignment<'d>(&self, element: impl Node<'d>) -> Consignment {
        let mut consignment = Consignment {
            consignor: self.party_of(element, "ConsignorSPSParty"),
            consignee: self.party_of(element, "ConsigneeSPSParty"),
            despatch: self.party_of(element, "DespatchSPSParty"),
            delivery: self.party_of(element, "DeliverySPSParty"),
            operator: self.party_of(element, "CustomsTransitAgentSPSParty"),
            export_country: self.country_of(element, "ExportSPSCountry"),
            reexport_countries: self.countries(element, &["ReexportSPSCountry", "ReExportSPSCountry"]),
            import_country: self.country_of(element, "ImportSPSCountry"),
            transit_countries: self.countries(element, &["TransitSPSCountry"]),
            loading_place: element.child("LoadingBaseportSPSLocation").and_then(|place| self.location(place)),
            unloading_place: element
                .child("UnloadingBaseportSPSLocation")
                .and_then(|place| self.location(place)),
            departure: self.date_time_of(element, "ExportExitDateTime"),
            arrival: self.date_time_of(element, "AvailabilityDueDateTime"),
            transport: element
                .children("MainCarriageSPSTransportMovement")
                .filter_map(|movement| self.movement(movement))
                .collect(),
            equipment: element
                .children("UtilizedSPSTransportEquipment")
                .filter_map(|equipment| self.equipment(equipment))
                .collect(),
            notes: self.notes(element, "IncludedSPSNote"),
            place: element.place(),
            ..Consignment::default()
        };
        consignment.examination_place = self.examination(element, &mut consignment.extensions);
        for other in ["CarrierSPSParty", "StorageSPSEvent"] {
            element.children(other).for_each(|it| self.keep(&mut consignment.extensions, it));
        }
        for country in ["ExportSPSCountry", "ImportSPSCountry", "TransitSPSCountry"] {
            self.authorised(element.children(country), &mut consignment.extensions);
        }
        let own = own::take(&mut consignment.notes);
        consignment.extensions.extend(own::extensions(&own));
        self.items(element, &mut consignment);
        if consignment.lines.is_empty() {
            let text =
                "the consignment has no line: add an IncludedSPSTradeLineItem for each kind of goods".into();
            self.report("no-lines", ProblemSeverity::Error, element, text);
        }
        consignment
    }

    fn countries<'d>(&self, element: impl Node<'d>, names: &[&str]) -> Vec<CountryArea> {
        let named = element.elements().filter(|child| names.contains(&&*child.name()));
        named.filter_map(|country| self.country(country)).collect()
    }

    /// Authorities that a region of a country names (TRACES).
    fn authorised<'d, N: Node<'d>>(
        &self,
        countries: impl Iterator<Item = N>,
        extensions: &mut Vec<Extension>,
    ) {
        for region in countries.flat_map(|country| country.elements()) {
            if region.name() == "SubordinateSPSCountrySubDivision" {
                region.children("FunctionTypeCode").for_each(Node::ignore);
                region.children("ActivityAuthorizedSPSParty").for_each(|party| self.keep(extensions, party));
            }
        }
    }

    /// `ExaminationSPSEvent`: where the goods are inspected. TRACES writes a
    /// time in place of the location's identifier; it is kept aside.
    fn examination<'d>(&self, element: impl Node<'d>, extensions: &mut Vec<Extension>) -> Option<Location> {
        let location = element.child("ExaminationSPSEvent")?.child("OccurrenceSPSLocation")?;
        let mut examination = self.location(location)?;
        let is_time = |scheme: Option<&str>| scheme == Some("xsd_datetime");
        for identifier in
            examination.identifiers.iter().filter(|identifier| is_time(identifier.scheme.as_deref()))
        {
            extensions.push(self.extension("ExaminationSPSEvent/DateTime", &identifier.value, location));
        }
        examination.identifiers.retain(|identifier| !is_time(identifier.scheme.as_deref()));
        (!examination.identifiers.is_empty() || !examination.names.is_empty()).then_some(examination)
    }

    /// `SPSTransportMovement`; none if it is empty.
    fn movement<'d>(&self, element: impl Node<'d>) -> Option<TransportMovement> {
        let mut identifiers = self.identifiers(element, "ID");
        let nationality = take_country(&mut identifiers);
        let means =
            element.children("UsedSPSTransportMeans").flat_map(|means| self.texts(means, "Name")).collect();
        let movement = TransportMovement {
            mode: self.code_of(element, "ModeCode", Some("REC19")),
            identifiers,
            means,
            nationality: nationality.or_else(|| element.child("ID").and_then(registration_country)),
            place: element.place(),
        };
        (movement != TransportMovement { place: element.place(), ..TransportMovement::default() })
            .then_some(movement)
    }

    /// `SPSTransportEquipment`; none if it is empty.
    fn equipment<'d>(&self, element: impl Node<'d>) -> Option<Equipment> {
        let temperature =
            element.child("SettingSPSTemperature").and_then(|it| self.measure_of(it, "ValueMeasure"));
        let equipment = Equipment {
            identifier: element.child("ID").and_then(|id| self.identifier(id)),
            type_code: self.code_of(element, "CharacteristicCode", None),
            seals: element.children("AffixedSPSSeal").flat_map(|seal| self.identifiers(seal, "ID")).collect(),
            set_temperature: temperature,
            place: element.place(),
        };
        (equipment != Equipment { place: element.place(), ..Equipment::default() }).then_some(equipment)
    }

    /// `SPSConsignmentItem`: the lines. A line 0 that only sums up gives the
    /// totals.
    fn items<'d>(&self, element: impl Node<'d>, consignment: &mut Consignment) {
        for item in element.children("IncludedSPSConsignmentItem") {
            for cargo in item.children("NatureIdentificationSPSCargo") {
                self.keep(&mut consignment.extensions, cargo);
            }
            for line in item.children("IncludedSPSTradeLineItem") {
                if consignment.totals.is_none() && self.is_totals(line) {
                    let (totals, notes) = self.totals(line);
                    consignment.totals = Some(totals);
                    consignment.notes.extend(notes);
                } else {
                    let position = u32::try_from(consignment.lines.len() + 1).unwrap_or(u32::MAX);
                    consignment.lines.push(self.line(line, position));
                }
            }
        }
    }
}

/// Gives the lines without a storage condition of their own that of the whole.
pub(crate) fn spread_storage_condition(lines: &mut [TradeLine], condition: Option<&Code>) {
    for line in lines.iter_mut().filter(|line| line.storage_condition.is_none()) {
        line.storage_condition = condition.cloned();
    }
}

/// TRACES names the country of a vehicle's registration as the agency of its
/// number.
fn registration_country<'d>(id: impl Node<'d>) -> Option<Code> {
    let (agency, place) = id.attribute_at("schemeAgencyID")?;
    let vehicle = id.attribute("schemeID")?.contains("registration");
    (vehicle && agency.len() == 2).then(|| Code {
        value: agency.into(),
        code_list: Some("ISO3166-1".into()),
        name: None,
        place,
    })
}
