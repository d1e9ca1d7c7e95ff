//! Which parts of a certificate somebody sees.

use std::collections::BTreeSet;
use std::str::FromStr;

use ecert_model::certificates::{Certificate, Consignment, TradeLine};
use ecert_model::parts::Party;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A group of fields. Number, type, status, dates, issuing authority and
/// countries are seen by everybody who sees a certificate at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Descriptions, species, commodity codes, origins, intended use.
    Goods,
    /// Weights, volumes, counts and packages.
    Quantities,
    /// Consignor, consignee and other parties, persons and addresses.
    Parties,
    /// Places, movements, transport documents, containers and seals.
    Transport,
    /// Processes, establishments, production, batches and animals.
    Processes,
    /// Signatures, clauses, controls, notes and laboratory results.
    Attestations,
    /// Documents referred to, and what the model does not hold.
    Documents,
}

impl Field {
    /// All groups.
    pub const ALL: [Self; 7] = [
        Self::Goods,
        Self::Quantities,
        Self::Parties,
        Self::Transport,
        Self::Processes,
        Self::Attestations,
        Self::Documents,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Quantities => "quantities",
            Self::Parties => "parties",
            Self::Transport => "transport",
            Self::Processes => "processes",
            Self::Attestations => "attestations",
            Self::Documents => "documents",
        }
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|field| field.name() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|field| field.name()).collect();
            format!("{text:?} is not a group of fields; there are {}", known.join(", "))
        })
    }
}

/// What everybody may see who holds a certificate: its goods and quantities,
/// no person, no address, no trader.
pub fn essential(certificate: &Certificate) -> Certificate {
    visible(certificate, &BTreeSet::from([Field::Goods, Field::Quantities]))
}

/// The certificate with the given groups of fields only.
pub(super) fn visible(certificate: &Certificate, fields: &BTreeSet<Field>) -> Certificate {
    if fields.len() == Field::ALL.len() {
        return certificate.clone();
    }
    let sees = Sees(fields);
    let whole = certificate.clone();
    Certificate {
        issuer: whole.issuer.map(|party| sees.authority(party)),
        authentications: sees.list(
            Field::Attestations,
            whole.authentications.into_iter().map(|mut authentication| {
                authentication.provider = authentication.provider.map(|party| sees.authority(party));
                authentication
            }),
        ),
        controls: sees.list(
            Field::Attestations,
            whole.controls.into_iter().map(|mut control| {
                control.authority = control.authority.map(|party| sees.authority(party));
                control
            }),
        ),
        notes: sees.list(Field::Attestations, whole.notes),
        referenced_documents: sees.list(Field::Documents, whole.referenced_documents),
        consignment: sees.consignment(whole.consignment),
        extensions: sees.list(Field::Documents, whole.extensions),
        ..whole
    }
}

struct Sees<'f>(&'f BTreeSet<Field>);

impl Sees<'_> {
    fn list<T>(&self, field: Field, values: impl IntoIterator<Item = T>) -> Vec<T> {
        if self.0.contains(&field) { values.into_iter().collect() } else { Vec::new() }
    }

    fn one<T>(&self, field: Field, value: Option<T>) -> Option<T> {
        value.filter(|_| self.0.contains(&field))
    }

    /// An authority is known by name; its officers and address are a party's.
    fn authority(&self, party: Party) -> Party {
        let persons = self.list(Field::Parties, party.persons);
        let extensions = self.list(Field::Parties, party.extensions);
        Party { address: self.one(Field::Parties, party.address), persons, extensions, ..party }
    }

    fn consignment(&self, whole: Consignment) -> Consignment {
        use Field::{Attestations, Documents, Parties, Quantities, Transport};
        let lines = whole.lines.into_iter().map(|line| self.line(line)).collect();
        Consignment {
            consignor: self.one(Parties, whole.consignor),
            consignee: self.one(Parties, whole.consignee),
            despatch: self.one(Parties, whole.despatch),
            delivery: self.one(Parties, whole.delivery),
            operator: self.one(Parties, whole.operator),
            export_country: whole.export_country,
            reexport_countries: whole.reexport_countries,
            import_country: whole.import_country,
            transit_countries: whole.transit_countries,
            loading_place: self.one(Transport, whole.loading_place),
            unloading_place: self.one(Transport, whole.unloading_place),
            examination_place: self.one(Transport, whole.examination_place),
            departure: self.one(Transport, whole.departure),
            arrival: self.one(Transport, whole.arrival),
            transport: self.list(Transport, whole.transport),
            transport_documents: self.list(Transport, whole.transport_documents),
            equipment: self.list(Transport, whole.equipment),
            totals: self.one(Quantities, whole.totals),
            lines,
            notes: self.list(Attestations, whole.notes),
            extensions: self.list(Documents, whole.extensions),
            place: whole.place,
        }
    }

    fn line(&self, whole: TradeLine) -> TradeLine {
        use Field::{Attestations, Documents, Goods, Processes, Quantities, Transport};
        let mut processes = self.list(Processes, whole.processes);
        if !self.0.contains(&Field::Parties) {
            for establishment in processes.iter_mut().filter_map(|process| process.establishment.as_mut()) {
                establishment.address = None;
            }
        }
        TradeLine {
            sequence: whole.sequence,
            descriptions: self.list(Goods, whole.descriptions),
            common_names: self.list(Goods, whole.common_names),
            scientific_names: self.list(Goods, whole.scientific_names),
            intended_uses: self.list(Goods, whole.intended_uses),
            classifications: self.list(Goods, whole.classifications),
            net_weight: self.one(Quantities, whole.net_weight),
            gross_weight: self.one(Quantities, whole.gross_weight),
            net_volume: self.one(Quantities, whole.net_volume),
            gross_volume: self.one(Quantities, whole.gross_volume),
            count: self.one(Quantities, whole.count),
            packages: self.list(Quantities, whole.packages),
            origins: self.list(Goods, whole.origins),
            processes,
            production: self.list(Processes, whole.production),
            expiry: self.one(Goods, whole.expiry),
            batches: self.list(Processes, whole.batches),
            containers: self.list(Transport, whole.containers),
            animals: self.list(Processes, whole.animals),
            observations: self.list(Attestations, whole.observations),
            storage_condition: self.one(Goods, whole.storage_condition),
            notes: self.list(Attestations, whole.notes),
            referenced_documents: self.list(Documents, whole.referenced_documents),
            extensions: self.list(Documents, whole.extensions),
            place: whole.place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_any_field_no_trader_person_or_address_is_left() {
        let party = || Party {
            names: vec![ecert_model::values::Text { value: "Harbour Foods".into(), ..Default::default() }],
            address: Some(ecert_model::parts::Address {
                city: Some("Lyttelton".into()),
                ..Default::default()
            }),
            persons: vec![ecert_model::parts::Person {
                names: vec![ecert_model::values::Text { value: "Mere Tane".into(), ..Default::default() }],
                ..Default::default()
            }],
            ..Party::default()
        };
        let mut certificate = Certificate { issuer: Some(party()), ..Certificate::default() };
        certificate.consignment.consignee = Some(party());
        certificate.consignment.lines = vec![TradeLine { sequence: 1, ..TradeLine::default() }];
        let text = |shown: &Certificate| serde_json::to_string(shown).unwrap();
        for shown in [essential(&certificate), visible(&certificate, &BTreeSet::new())] {
            assert!(shown.consignment.consignee.is_none());
            assert!(!text(&shown).contains("Lyttelton") && !text(&shown).contains("Mere"));
            assert!(text(&shown).contains("Harbour Foods"), "the authority's name stays");
        }
        assert_eq!(visible(&certificate, &Field::ALL.into()), certificate);
    }

    #[test]
    fn names_are_read_back() {
        for field in Field::ALL {
            assert_eq!(field.name().parse(), Ok(field));
        }
        assert!("weights".parse::<Field>().unwrap_err().contains("quantities"));
    }
}
