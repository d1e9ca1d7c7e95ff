//! How the goods travel: containers, seals, means, documents.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::parts::{Equipment, TransportMovement};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::{Identifier, Place};
use ecert_sdk::reference_number::normalise;
use ecert_sdk::rules::{Cited, Difference, Judgement, Rule};

use crate::common::{normalised, same_identifier};
use crate::{GUIDELINES, OnDeclaration, Parameters};

const CERTIFIED_CONTAINERS: &str = "certified containers";
const MEANS: &str = "means of transport on both sides";
const TRANSPORT_DOCUMENTS: &str = "transport documents on both sides";

pub(crate) const CONTAINERS: Rule<Parameters> = Rule::of_declaration("containers", containers)
    .titles(&[("en", "Declared containers are certified"), ("zh", "申报集装箱列于证书")])
    .messages(&[
        ("en", "Container {container} is declared, but the certificate does not name it."),
        ("zh", "申报的集装箱 {container} 未列于证书。"),
    ])
    .arguments(&["container"])
    .needs(&[CERTIFIED_CONTAINERS])
    .after(&["citation-resolves", "certificate-status"])
    .legal_basis("Official controls: the identity check compares container numbers")
    .governed_by(GoverningDate::Arrival)
    .in_force(GUIDELINES, None);

fn containers(check: &OnDeclaration<'_>) -> Judgement {
    let cited = check.cited();
    let declared = declared_containers(check);
    if cited.is_empty() || declared.is_empty() {
        return Judgement::NotApplicable;
    }
    let certified: Vec<(u32, &Identifier)> = cited.iter().flat_map(certified_containers).collect();
    if certified.is_empty() {
        return Judgement::NotEvaluable(CERTIFIED_CONTAINERS);
    }
    let numbers: Vec<String> = certified.iter().map(|(_, number)| normalised(number)).collect();
    let mut differences = Vec::new();
    for container in declared {
        if numbers.contains(&normalised(container)) {
            continue;
        }
        let difference = Difference::new()
            .argument("container", &container.value)
            .actual(&container.value)
            .in_declaration(container.place);
        differences.push(certified.iter().fold(difference, |difference, (index, number)| {
            difference.expected(&number.value).in_certificate(*index, number.place)
        }));
    }
    Judgement::of(differences)
}

/// The containers of the due items, each once. The declaration's own list
/// counts where no item names any and all items are due: else it may hold
/// other goods.
fn declared_containers<'a>(check: &OnDeclaration<'a>) -> Vec<&'a Identifier> {
    let of_items = check.items().flat_map(|item| &item.item().containers);
    let mut found = each_once(of_items.filter(|number| !number.value.is_empty()));
    let declaration = check.declaration();
    if found.is_empty() && check.items().count() == declaration.items.len() {
        found = each_once(declaration.equipment.iter().filter_map(|one| one.identifier.as_ref()));
    }
    found
}

fn each_once<'a>(numbers: impl Iterator<Item = &'a Identifier>) -> Vec<&'a Identifier> {
    let mut found: Vec<&Identifier> = Vec::new();
    for number in numbers {
        if !found.iter().any(|known| same_identifier(known, number)) {
            found.push(number);
        }
    }
    found
}

fn certified_containers<'a>(cited: &Cited<'a>) -> Vec<(u32, &'a Identifier)> {
    let consignment = &cited.certificate.consignment;
    let on_consignment = consignment.equipment.iter().filter_map(|one| one.identifier.as_ref());
    let on_lines = consignment.lines.iter().flat_map(|line| &line.containers);
    let index = cited.index;
    each_once(on_consignment.chain(on_lines)).into_iter().map(|number| (index, number)).collect()
}

pub(crate) const SEALS: Rule<Parameters> = Rule::of_declaration("seals", seals)
    .titles(&[("en", "The seals are the certified ones"), ("zh", "封志号与证书一致")])
    .messages(&[
        ("en", "Container {container} is declared with seal {declared}, certified with {certified}."),
        ("zh", "集装箱 {container} 申报封志号为 {declared}，证书封志号为 {certified}。"),
    ])
    .arguments(&["container", "declared", "certified"])
    .severity(Severity::Information)
    .after(&["citation-resolves"])
    .legal_basis("Official controls: authorities on the way may seal anew")
    .governed_by(GoverningDate::Arrival)
    .in_force(GUIDELINES, None);

fn seals(check: &OnDeclaration<'_>) -> Judgement {
    let cited = check.cited();
    let mut differences = Vec::new();
    let mut compared = false;
    for declared in check.declaration().equipment.iter().filter(|one| !one.seals.is_empty()) {
        let Some(container) = &declared.identifier else { continue };
        let certified = cited.iter().filter_map(|cited| Some((*cited, sealed(cited, container)?)));
        let certified: Vec<(Cited<'_>, &Equipment)> = certified.collect();
        let Some(&(first, equipment)) = certified.first() else { continue };
        compared = true;
        let shared = |(_, equipment): &(Cited<'_>, &Equipment)| {
            let mut seals = declared.seals.iter();
            seals.any(|seal| equipment.seals.iter().any(|other| same_identifier(seal, other)))
        };
        if certified.iter().any(shared) {
            continue;
        }
        let (told, expected) = (&declared.seals[0], &equipment.seals[0]);
        differences.push(
            Difference::new()
                .argument("container", &container.value)
                .argument("declared", &told.value)
                .argument("certified", &expected.value)
                .expected(&expected.value)
                .actual(&told.value)
                .in_certificate(first.index, expected.place)
                .in_declaration(told.place),
        );
    }
    if compared { Judgement::of(differences) } else { Judgement::NotApplicable }
}

/// The certified container of that number, if its seals are certified.
fn sealed<'a>(cited: &Cited<'a>, container: &Identifier) -> Option<&'a Equipment> {
    let equipment = cited.certificate.consignment.equipment.iter();
    let mut sealed = equipment.filter(|one| !one.seals.is_empty());
    sealed.find(|one| one.identifier.as_ref().is_some_and(|number| same_identifier(number, container)))
}

pub(crate) const IDENTITY: Rule<Parameters> = Rule::of_declaration("transport-identity", transport_identity)
    .titles(&[("en", "The goods arrive by the certified means"), ("zh", "运输工具与证书一致")])
    .messages(&[
        ("en", "The goods arrive by {declared}; the certificate says {certified}."),
        ("zh", "货物由 {declared} 运抵，证书所列运输工具为 {certified}。"),
    ])
    .arguments(&["declared", "certified"])
    .needs(&[MEANS])
    .severity(Severity::Information)
    .after(&["citation-resolves"])
    .legal_basis("Official controls: transhipment changes the means of transport")
    .governed_by(GoverningDate::Arrival)
    .in_force(GUIDELINES, None);

fn transport_identity(check: &OnDeclaration<'_>) -> Judgement {
    let cited = check.cited();
    if cited.is_empty() {
        return Judgement::NotApplicable;
    }
    let declared = check.declaration().transport.iter().flat_map(marks);
    let declared: Vec<(&str, Place)> = declared.collect();
    let certified: Vec<(u32, &str, Place)> = cited
        .iter()
        .flat_map(|cited| {
            let marks = cited.certificate.consignment.transport.iter().flat_map(marks);
            marks.map(|(mark, place)| (cited.index, mark, place))
        })
        .collect();
    let (Some(&(told, here)), Some(&(index, expected, there))) = (declared.first(), certified.first()) else {
        return Judgement::NotEvaluable(MEANS);
    };
    let known: Vec<String> = certified.iter().map(|(_, mark, _)| normalise(mark)).collect();
    if declared.iter().any(|(mark, _)| known.contains(&normalise(mark))) {
        return Judgement::Passed;
    }
    Difference::new()
        .argument("declared", told)
        .argument("certified", expected)
        .expected(expected)
        .actual(told)
        .in_certificate(index, there)
        .in_declaration(here)
        .into()
}

/// Names and numbers of a means of transport, names first.
fn marks(movement: &TransportMovement) -> impl Iterator<Item = (&str, Place)> {
    let names = movement.means.iter().map(|name| (name.value.as_str(), name.place));
    let numbers = movement.identifiers.iter().map(|number| (number.value.as_str(), number.place));
    names.chain(numbers).filter(|(mark, _)| !mark.is_empty())
}

pub(crate) const DOCUMENTS: Rule<Parameters> =
    Rule::of_declaration("transport-documents", transport_documents)
        .titles(&[("en", "The transport documents are the certified ones"), ("zh", "运输单证与证书一致")])
        .messages(&[
            ("en", "Transport document {declared} is declared, {certified} is certified."),
            ("zh", "申报运输单证为 {declared}，证书所列为 {certified}。"),
        ])
        .arguments(&["declared", "certified"])
        .needs(&[TRANSPORT_DOCUMENTS])
        .severity(Severity::Information)
        .after(&["citation-resolves"])
        .legal_basis("Official controls: house and master bills differ, and bills are changed on the way")
        .governed_by(GoverningDate::Arrival)
        .in_force(GUIDELINES, None);

fn transport_documents(check: &OnDeclaration<'_>) -> Judgement {
    let cited = check.cited();
    if cited.is_empty() {
        return Judgement::NotApplicable;
    }
    let declared = check.declaration().transport_documents.iter();
    let declared: Vec<&Identifier> = declared.filter_map(|document| document.number.as_ref()).collect();
    let certified: Vec<(u32, &Identifier)> = cited
        .iter()
        .flat_map(|cited| {
            let documents = cited.certificate.consignment.transport_documents.iter();
            documents.filter_map(|document| Some((cited.index, document.number.as_ref()?)))
        })
        .collect();
    let (Some(&told), Some(&(index, expected))) = (declared.first(), certified.first()) else {
        return Judgement::NotEvaluable(TRANSPORT_DOCUMENTS);
    };
    let known: Vec<String> = certified.iter().map(|(_, number)| normalised(number)).collect();
    if declared.iter().any(|number| known.contains(&normalised(number))) {
        return Judgement::Passed;
    }
    Difference::new()
        .argument("declared", &told.value)
        .argument("certified", &expected.value)
        .expected(&expected.value)
        .actual(&told.value)
        .in_certificate(index, expected.place)
        .in_declaration(told.place)
        .into()
}
