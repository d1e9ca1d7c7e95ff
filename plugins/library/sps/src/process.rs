//! `SPSProcess`: slaughter, freezing, treatment, and where they were done.

use crate::node::Node;
use crate::own;
use ecert_sdk::model::certificates::{Characteristic, LaboratoryObservation, Process, TradeLine};
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::model::values::{Code, Extension, Period};

use crate::basics::Reader;
use crate::dialect::SCHEME;

impl Reader {
    /// `SPSProcess`.
    pub(crate) fn process<'d>(&self, element: impl Node<'d>) -> Process {
        let type_code = self.code_of(element, "TypeCode", Some("UNCL7187"));
        let country = self.country_of(element, "OperationSPSCountry").map(|area| area.country);
        let completion = element.child("CompletionSPSPeriod");
        Process {
            establishment: element
                .child("OperatorSPSParty")
                .and_then(|party| self.establishment(party, type_code.as_ref(), country.as_ref())),
            period: completion.and_then(|period| self.period(period)),
            duration: completion.and_then(|period| self.measure_of(period, "DurationMeasure")),
            characteristics: element
                .children("ApplicableSPSProcessCharacteristic")
                .map(|characteristic| self.characteristic(characteristic))
                .collect(),
            extensions: self.process_notes(element),
            type_code,
            country,
            place: element.place(),
        }
    }

    /// A process of our own list: what the standard has no element for.
    pub(crate) fn own_process<'d>(&self, element: impl Node<'d>, line: &mut TradeLine) {
        let period = element.child("CompletionSPSPeriod").and_then(|period| self.period(period));
        match self.code_of(element, "TypeCode", None).map(|code| code.value).as_deref() {
            Some(own::PRODUCTION) => line.production.extend(period),
            Some(own::OBSERVATION) => {
                let mut told = element.children("ApplicableSPSProcessCharacteristic");
                let (substance, method, verdict) = (told.next(), told.next(), told.next());
                line.observations.push(LaboratoryObservation {
                    substance: substance.and_then(|it| self.code_of(it, "TypeCode", None)),
                    method: method.and_then(|it| self.text(it.child("Description")?)),
                    value: verdict.and_then(|it| self.measure_of(it, "ValueMeasure")),
                    verdict: verdict.and_then(|it| self.code_of(it, "TypeCode", None)),
                    at: period.and_then(|period| period.start),
                    laboratory: self.party_of(element, "OperatorSPSParty"),
                    place: element.place(),
                });
            }
            _ => line.processes.push(self.process(element)),
        }
    }

    /// `SPSPeriod`; none if both ends are open.
    fn period<'d>(&self, element: impl Node<'d>) -> Option<Period> {
        let start = self.date_time_of(element, "StartDateTime");
        let end = self.date_time_of(element, "EndDateTime");
        (start.is_some() || end.is_some()).then(|| Period { start, end, place: element.place() })
    }

    /// `SPSProcessCharacteristic`. IPPC systems put its code (`TTFT`, `TTCH` …)
    /// into the first description.
    fn characteristic<'d>(&self, element: impl Node<'d>) -> Characteristic {
        let mut descriptions = self.texts(element, "Description");
        let mut type_code = self.code_of(element, "TypeCode", None);
        if type_code.is_none() && descriptions.first().is_some_and(|text| is_treatment_code(&text.value)) {
            let code = descriptions.remove(0);
            let code_list = Some("IPPC".into());
            type_code = Some(Code { value: code.value, code_list, name: None, place: code.place });
        }
        let value = self.measure_of(element, "ValueMeasure");
        Characteristic { type_code, descriptions, value, place: element.place() }
    }

    /// The operator of a process is an establishment: its number is the
    /// approval, its role the activity. TRACES tells the activity by the type
    /// of the process (`SH`) and leaves the role undefined.
    fn establishment<'d>(
        &self,
        element: impl Node<'d>,
        process: Option<&Code>,
        country: Option<&Code>,
    ) -> Option<Establishment> {
        let party = self.party(element)?;
        let role = party.roles.into_iter().find(|role| role.value != "ZZZ");
        let of_address = party.address.as_ref().and_then(|address| address.country.clone());
        Some(Establishment {
            approval_number: party.identifiers.into_iter().next(),
            names: party.names,
            country: of_address.or_else(|| country.cloned()),
            activity: role.or_else(|| activity(process).cloned()),
            address: party.address,
            production: Vec::new(),
            place: party.place,
        })
    }

    fn process_notes<'d>(&self, element: impl Node<'d>) -> Vec<Extension> {
        let mut extensions = Vec::new();
        for note in self.notes(element, "AdditionalInformationSPSNote") {
            let name =
                note.subject.map_or_else(|| "AdditionalInformationSPSNote".into(), |subject| subject.value);
            let codes = note.content_codes.into_iter().map(|code| code.value);
            for value in codes.chain(note.contents.into_iter().map(|text| text.value)) {
                let scheme = SCHEME.into();
                extensions.push(Extension { scheme, name: name.clone(), value, place: note.place });
            }
        }
        extensions
    }
}

/// `TTFT` full text, `TTCH` chemical, `TTCO` concentration, `TTTM` temperature,
/// `TTL1` and `TTL2` levels of the method, `TTAI` more information …
fn is_treatment_code(text: &str) -> bool {
    text.len() == 4 && text.starts_with("TT") && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The activity that the type of a process tells.
pub(crate) fn activity(process: Option<&Code>) -> Option<&Code> {
    process.filter(|code| code.value != "ZZZ" && code.value.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether a process is of our own list.
pub(crate) fn is_own<'d>(element: impl Node<'d>) -> bool {
    element.child("TypeCode").is_some_and(|code| code.attribute("listID") == Some(own::LIST))
}
