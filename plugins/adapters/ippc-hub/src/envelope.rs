//! The envelope: who sends what to whom, and what it says about the
//! certificate in it.

use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::readings::Problem;
use ecert_sdk::model::values::{Extension, Identifier, Place};
use ecert_sdk::reference_number::normalise;
use ecert_sdk::xml::Element;
use sps::identifier;
use sps::message::{Found, fatal};

use crate::FORMAT;

/// Certificate number, as the plant protection organisation gave it.
pub(crate) const NUMBER: &str = "NPPOCertificateNumber";
/// UNCL 1001.
pub(crate) const TYPE: &str = "CertificateType";
/// UNCL 4405.
pub(crate) const STATUS: &str = "CertificateStatus";
/// What the hub notes about an envelope on its way.
const ROUTING: &[&str] =
    &["From", "To", "hubDeliveryNumber", "HUBTrackingInfo", "hubDeliveryErrorMessage", "Forwardings"];
/// What the envelope repeats of the certificate that it is about.
const REPEATED: &[&str] = &[NUMBER, TYPE, STATUS];

/// Whether an element is an envelope, with or without something in it.
pub(crate) fn is_envelope(element: Element<'_>) -> bool {
    element.child(NUMBER).is_some()
}

/// Compares each document with the envelope around it.
pub(crate) fn check(root: Element<'_>, found: &mut Found) {
    for envelope in root.subtree().filter(|element| is_envelope(*element)) {
        for inside in envelope.elements() {
            for document in &found.documents {
                match document {
                    Document::Certificate(certificate) if certificate.place == inside.place() => {
                        found.problems.extend(differences(envelope, certificate));
                    }
                    Document::Acknowledgement(answer) if answer.place == inside.place() => {
                        found.problems.extend(other_subject(envelope, answer));
                    }
                    _ => {}
                }
            }
        }
        pass_over(envelope);
    }
}

/// Where the envelope and the certificate in it disagree: a problem at either
/// place.
pub(crate) fn differences(envelope: Element<'_>, certificate: &Certificate) -> Vec<Problem> {
    let (number, kind, status) = (&certificate.number, &certificate.type_code, &certificate.status);
    let stated = [
        (NUMBER, &number.value, number.place),
        (TYPE, &kind.value, kind.place),
        (STATUS, &status.value, status.place),
    ];
    stated.into_iter().flat_map(|(name, actual, place)| difference(envelope, name, actual, place)).collect()
}

/// An acknowledgement is about the certificate that its envelope names.
fn other_subject(envelope: Element<'_>, answer: &Acknowledgement) -> Vec<Problem> {
    let numbers: Vec<_> = answer.subjects.iter().filter_map(|subject| subject.number.as_ref()).collect();
    let claimed = envelope.child(NUMBER).map(|claim| normalise(claim.text())).unwrap_or_default();
    match numbers.first() {
        Some(first) if !numbers.iter().any(|number| normalise(&number.value) == claimed) => {
            difference(envelope, NUMBER, &first.value, first.place)
        }
        _ => Vec::new(),
    }
}

fn difference(envelope: Element<'_>, name: &str, actual: &str, place: Place) -> Vec<Problem> {
    let Some(claim) = envelope.child(name).filter(|claim| !claim.text().is_empty()) else {
        return Vec::new();
    };
    let claimed = claim.text();
    if normalise(claimed) == normalise(actual) {
        return Vec::new();
    }
    let outside =
        format!("the envelope says {name} {claimed:?}, the document in it {actual:?}: both must agree");
    let inside =
        format!("this says {actual:?}, {name} of the envelope around it {claimed:?}: both must agree");
    let first = fatal("envelope-differs", outside, claim);
    vec![first.clone(), Problem { text: inside, place, ..first }]
}

/// What the envelope says, by the contract's names for it.
pub(crate) fn claims(envelope: Element<'_>) -> Vec<Extension> {
    let stated = |(element, name): &(&str, &str)| {
        let child = envelope.child(element).filter(|child| !child.is_blank())?;
        let (name, value) = ((*name).into(), child.text().into());
        Some(Extension { scheme: FORMAT.into(), name, value, place: child.place() })
    };
    [(NUMBER, "number"), (TYPE, "type"), (STATUS, "status")].iter().filter_map(stated).collect()
}

/// A country that sends or receives.
pub(crate) fn country(envelope: Element<'_>, name: &str) -> Option<Identifier> {
    let child = envelope.child(name).filter(|child| !child.text().is_empty())?;
    Some(identifier(child.text(), Some("ISO3166-1"), child))
}

/// The way of an envelope is nothing of the certificate in it: another
/// delivery of the same certificate must read the same.
pub(crate) fn pass_over(envelope: Element<'_>) {
    for name in ROUTING.iter().chain(REPEATED) {
        envelope.children(name).for_each(Element::ignore);
    }
}
