//! What the hub answers: how far an envelope came, and what it found when it
//! checked a certificate.

use ecert_sdk::model::documents::{Acknowledgement, Document};
use ecert_sdk::model::parts::ReferencedDocument;
use ecert_sdk::model::values::{Code, Extension, Text};
use ecert_sdk::xml::Element;
use sps::message::Found;
use sps::{Dialect, Reader};

use crate::FORMAT;
use crate::envelope::{NUMBER, STATUS, TYPE, is_envelope};

/// The list that levels are of.
pub(crate) const LEVEL_LIST: &str = "ePhyto validation level";
/// What the hub found about one thing.
pub(crate) const RESULT: &str = "ValidationResult";
/// Levels of what the hub finds, the gravest first.
const LEVELS: [&str; 3] = ["SEVERE", "WARNING", "INFO"];

/// Reads envelopes with nothing in them, and results of a check.
pub(crate) fn read(root: Element<'_>, found: &mut Found) {
    let reader = Reader::new(Dialect::plain(FORMAT));
    for element in root.subtree() {
        let results = || element.children(RESULT).next();
        if is_envelope(element) && is_header(element) {
            found.documents.push(Document::Acknowledgement(tracking(&reader, element)));
        } else if results().is_some() || element.name() == "ValidatePhytoXMLResponse" {
            found.documents.push(Document::Acknowledgement(validation(&reader, element)));
        }
    }
    found.problems.extend(reader.into_problems());
}

/// Whether an envelope has only its header.
fn is_header(envelope: Element<'_>) -> bool {
    !["Content", "SPSCertificate", "SPSAcknowledgement"].iter().any(|name| envelope.child(name).is_some())
}

/// How far an envelope came. One that waits to be fetched has no word for it:
/// then the certificate's status is all there is to say.
fn tracking(reader: &Reader, envelope: Element<'_>) -> Acknowledgement {
    let status = reader
        .code_of(envelope, "HUBTrackingInfo", Some("HUBTrackingInfo"))
        .or_else(|| reader.code_of(envelope, STATUS, Some("UNCL4405")));
    envelope.children(STATUS).for_each(Element::ignore);
    let subject = ReferencedDocument {
        type_code: reader.code_of(envelope, TYPE, Some("UNCL1001")),
        number: envelope.child(NUMBER).and_then(|number| reader.identifier(number)),
        place: envelope.place(),
        ..ReferencedDocument::default()
    };
    let mut extensions = Vec::new();
    for name in ["From", "To", "Forwardings"] {
        envelope.children(name).for_each(|child| reader.keep(&mut extensions, child));
    }
    Acknowledgement {
        number: envelope.child("hubDeliveryNumber").and_then(|number| reader.identifier(number)),
        status: status.unwrap_or_else(|| Code { place: envelope.place(), ..Code::default() }),
        issued: None,
        reasons: reader.texts(envelope, "hubDeliveryErrorMessage"),
        subjects: vec![subject],
        extensions,
        place: envelope.place(),
    }
}

/// What the hub found: the gravest level is the status, each finding a reason,
/// with its area and field as extensions.
fn validation(reader: &Reader, element: Element<'_>) -> Acknowledgement {
    let mut answer = Acknowledgement { place: element.place(), ..Acknowledgement::default() };
    let mut levels = Vec::new();
    for result in element.children(RESULT) {
        let said = |name: &str| result.child(name).and_then(|child| reader.value(child)).unwrap_or_default();
        let (area, field, level, message) = (said("area"), said("field"), said("level"), said("msg"));
        levels.extend(LEVELS.iter().position(|known| *known == level).map(|rank| (rank, result.place())));
        let place = result.place();
        let value = format!("{level} {area}: {message} ({field})");
        answer.reasons.push(Text { value, language: None, place });
        for (name, value) in [("area", area), ("field", field), ("level", level), ("msg", message)] {
            let name = format!("{RESULT}/{name}");
            answer.extensions.push(Extension { scheme: FORMAT.into(), name, value: value.into(), place });
        }
    }
    let gravest = levels.iter().min().map(|&(rank, place)| (LEVELS[rank], place));
    let (value, place) = gravest.unwrap_or(("valid", element.place()));
    let code_list = Some(LEVEL_LIST.into());
    answer.status = Code { value: value.into(), code_list, name: None, place };
    answer
}
