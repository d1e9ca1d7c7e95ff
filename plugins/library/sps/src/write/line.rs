//! `SPSTradeLineItem`: what is certified, line by line.

use ecert_sdk::model::certificates::{Animal, Characteristic, LaboratoryObservation, Process, TradeLine};
use ecert_sdk::model::parts::{Classification, Establishment, Packages};
use ecert_sdk::model::values::{Code, Measure, Period};

use super::Tree;
use super::certificate::referenced_document;
use super::extensions::elements_and_notes;
use super::parties::{address, bare_country, country, party_in};
use super::values::{
    code, code_in, date_time, date_time_in, identifier, identifiers, measure, measure_in, note, own_code,
    own_note, period, text, texts,
};
use crate::line::{counts, other_quantity, storage_condition};
use crate::own;

const NOTE: &str = "AdditionalInformationSPSNote";
const PROCESS: &str = "AppliedSPSProcess";
const CHARACTERISTIC: &str = "ApplicableSPSProcessCharacteristic";
const MEASURES: [&str; 4] =
    ["NetWeightMeasure", "GrossWeightMeasure", "NetVolumeMeasure", "GrossVolumeMeasure"];
/// In which of them a count is written, if it is free.
const COUNTED_IN: [usize; 4] = [2, 0, 3, 1];

/// `SPSTradeLineItem`.
pub(super) fn line(line: &TradeLine) -> Tree {
    let (others, own) = elements_and_notes(&line.extensions, &["OriginSPSLocation"], NOTE);
    let stated = [&line.net_weight, &line.gross_weight, &line.net_volume, &line.gross_volume];
    let implied = other_quantity(&line.notes);
    let said = line.count.as_ref().is_some_and(|count| implied.as_ref().is_some_and(|it| alike(it, count)));
    let (measures, uncounted) = quantities(stated, line.count.as_ref().filter(|_| !said));
    let mut tree = Tree::new("IncludedSPSTradeLineItem");
    tree.add([Tree::text("SequenceNumeric", line.sequence.to_string())]);
    tree.add(texts("Description", &line.descriptions));
    tree.add(texts("CommonName", &line.common_names));
    tree.add(texts("ScientificName", &line.scientific_names));
    tree.add(texts("IntendedUse", &line.intended_uses));
    tree.add(identifiers("ProductionBatchID", &line.batches));
    tree.add(date_time_in("ExpiryDateTime", line.expiry.as_ref()));
    tree.add(measures);
    tree.add(line.notes.iter().map(|it| note(NOTE, it)));
    tree.add(line.animals.iter().enumerate().flat_map(|(position, it)| animal(it, position + 1)));
    tree.add(uncounted.map(count_note));
    if line.storage_condition != storage_condition(&line.notes) {
        tree.add(line.storage_condition.as_ref().map(|it| own_code(NOTE, own::STORAGE_CONDITION, it)));
    }
    tree.add(own);
    tree.add(line.classifications.iter().map(classification));
    tree.add(line.packages.iter().map(packages));
    let equipment =
        |container| Tree::new("AssociatedSPSTransportEquipment").containing([identifier("ID", container)]);
    tree.add(line.containers.iter().map(equipment));
    tree.add(line.origins.iter().map(|it| country("OriginSPSCountry", it)));
    tree.add(others);
    tree.add(line.processes.iter().map(process));
    tree.add(line.production.iter().map(production));
    tree.add(line.observations.iter().map(observation));
    tree.add(line.referenced_documents.iter().map(referenced_document));
    tree
}

/// Whether a count that notes imply is the one meant.
fn alike(one: &Measure, other: &Measure) -> bool {
    Measure { place: 0, ..one.clone() } == Measure { place: 0, ..other.clone() }
}

/// Weights and volumes, and a count in one that is free; the count, where none
/// is or its unit does not say that it counts.
pub(super) fn quantities<'m>(
    stated: [&Option<Measure>; 4],
    count: Option<&'m Measure>,
) -> (Vec<Tree>, Option<&'m Measure>) {
    let mut stated = stated.map(Option::as_ref);
    let free = COUNTED_IN.into_iter().find(|&slot| stated[slot].is_none());
    let slot = free.filter(|_| count.is_some_and(|it| counts(it) && it.unit_as_written.is_none()));
    let uncounted = match slot {
        Some(slot) => {
            stated[slot] = count;
            None
        }
        None => count,
    };
    let trees = MEASURES.into_iter().zip(stated).filter_map(|(name, it)| measure_in(name, it));
    (trees.collect(), uncounted)
}

fn count_note(count: &Measure) -> Tree {
    let (unit, written) = (count.unit.as_deref(), count.unit_as_written.as_deref());
    own_note(NOTE, own::COUNT, written, unit, &count.value.to_string())
}

/// Each number of an animal is a note, as the single trade window writes it.
fn animal(animal: &Animal, number: usize) -> Vec<Tree> {
    let number = number.to_string();
    let numbers = animal.identifiers.iter().map(|it| {
        let mut tree = Tree::new(NOTE);
        tree.add([Tree::text("SubjectCode", "IDENTIFIER"), Tree::text("Subject", &number)]);
        tree.add(it.scheme.as_ref().map(|scheme| Tree::text("ContentCode", scheme)));
        tree.add([Tree::text("Content", &it.value)]);
        tree
    });
    let particulars = animal.particulars.iter().flat_map(|it| {
        let mark = Tree::new(NOTE).containing([
            Tree::text("SubjectCode", own::PARTICULAR).with("listID", Some(own::LIST)),
            Tree::text("Subject", &number),
        ]);
        [mark, note(NOTE, it)]
    });
    numbers.chain(particulars).collect()
}

/// `SPSClassification`.
fn classification(class: &Classification) -> Tree {
    let mut tree = Tree::new("ApplicableSPSClassification");
    tree.add(class.system.as_ref().map(|system| Tree::text("SystemName", system)));
    let edition = class.edition.as_deref();
    tree.add(class.class_code.as_ref().map(|it| Tree::text("ClassCode", it).with("listVersionID", edition)));
    tree.add(texts("ClassName", &class.names));
    tree
}

/// `SPSPackage`.
pub(super) fn packages(packages: &Packages) -> Tree {
    let mut tree = Tree::new("PhysicalSPSPackage");
    tree.add(code_in("LevelCode", packages.level.as_ref(), "UNCL7075"));
    tree.add(code_in("TypeCode", packages.type_code.as_ref(), "REC21"));
    tree.add(packages.count.map(|count| Tree::text("ItemQuantity", count.to_string())));
    let marks = Tree::new("PhysicalSPSShippingMarks").containing(texts("Marking", &packages.marks));
    tree.add(marks.unless_empty());
    tree
}

/// `SPSProcess`.
fn process(process: &Process) -> Tree {
    let mut tree = Tree::new(PROCESS);
    tree.add(code_in("TypeCode", process.type_code.as_ref(), "UNCL7187"));
    let mut completion = process
        .period
        .as_ref()
        .map_or_else(|| Tree::new("CompletionSPSPeriod"), |it| period("CompletionSPSPeriod", it));
    completion.add(measure_in("DurationMeasure", process.duration.as_ref()));
    tree.add(completion.unless_empty());
    tree.add(process.country.as_ref().map(|it| bare_country("OperationSPSCountry", it)));
    tree.add(process.characteristics.iter().map(characteristic));
    tree.add(process.establishment.as_ref().map(|it| establishment(it, process.type_code.as_ref())));
    tree.add(process.extensions.iter().map(|it| {
        Tree::new(NOTE).containing([Tree::text("Subject", &it.name), Tree::text("Content", &it.value)])
    }));
    tree
}

/// The establishment as the process's operator; the type of the process may
/// tell its activity already.
fn establishment(establishment: &Establishment, process: Option<&Code>) -> Tree {
    let mut tree = Tree::new("OperatorSPSParty");
    tree.add(establishment.approval_number.as_ref().map(|it| identifier("ID", it)));
    tree.add(texts("Name", &establishment.names));
    let told = crate::process::activity(process);
    let activity = establishment.activity.as_ref();
    let unplaced = |code: &Code| Code { place: 0, ..code.clone() };
    if activity.map(unplaced) != told.map(unplaced) {
        tree.add(code_in("RoleCode", activity, "UNCL3035"));
    }
    tree.add(establishment.address.as_ref().map(address));
    tree
}

/// `SPSProcessCharacteristic`: an IPPC code stands in the first description.
fn characteristic(characteristic: &Characteristic) -> Tree {
    let mut tree = Tree::new(CHARACTERISTIC);
    tree.add(characteristic.type_code.as_ref().map(|it| match it.code_list.as_deref() {
        Some("IPPC") => Tree::text("Description", &it.value),
        _ => code("TypeCode", it, None),
    }));
    tree.add(texts("Description", &characteristic.descriptions));
    tree.add(measure_in("ValueMeasure", characteristic.value.as_ref()));
    tree
}

fn own_process(kind: &str) -> Tree {
    Tree::new(PROCESS).containing([Tree::text("TypeCode", kind).with("listID", Some(own::LIST))])
}

/// A period of production of no known kind.
fn production(produced: &Period) -> Tree {
    own_process(own::PRODUCTION).containing([period("CompletionSPSPeriod", produced)])
}

/// A laboratory observation: what was looked for, how, and what was found.
fn observation(observation: &LaboratoryObservation) -> Tree {
    let mut tree = own_process(own::OBSERVATION);
    let at = observation
        .at
        .as_ref()
        .map(|at| Tree::new("CompletionSPSPeriod").containing([date_time("StartDateTime", at)]));
    tree.add(at);
    let substance = observation.substance.as_ref().map(|it| code("TypeCode", it, None));
    let method = observation.method.as_ref().map(|it| text("Description", it));
    let verdict = observation.verdict.as_ref().map(|it| code("TypeCode", it, None));
    let value = observation.value.as_ref().map(|it| measure("ValueMeasure", it));
    tree.add([
        Tree::new(CHARACTERISTIC).containing(substance),
        Tree::new(CHARACTERISTIC).containing(method),
        Tree::new(CHARACTERISTIC).containing(verdict.into_iter().chain(value)),
    ]);
    tree.add(party_in("OperatorSPSParty", observation.laboratory.as_ref()));
    tree
}
