//! `SPSReferencedDocument`, `SPSNote`, and what they say about other
//! certificates.

use crate::node::Node;
use ecert_sdk::model::certificates::{Certificate, CertificateRole};
use ecert_sdk::model::parts::{Attachment, AttachmentEncoding, Note, ReferencedDocument};
use ecert_sdk::model::values::{Code, Identifier};

use crate::basics::{Reader, identifier_in};

/// UNCL 1001: bills of lading, waybills, consignment notes.
const TRANSPORT_DOCUMENTS: &[&str] = &[
    "703", "704", "705", "706", "707", "710", "714", "720", "722", "730", "740", "741", "750", "760", "785",
    "787",
];
/// UNCL 1001: certificates of the exporting country.
const CERTIFICATES: &[&str] = &["657", "851", "852", "853"];
/// UNCL 1001: a CHED to TRACES; as a supporting document, a health certificate
/// of the exporting country.
const HEALTH_CERTIFICATE: &[&str] = &["636"];
/// UNCL 1153: supporting document.
const SUPPORTING: &[&str] = &["ZZZ"];

impl Reader {
    /// `SPSReferencedDocument`.
    pub(crate) fn referenced_document<'d>(&self, element: impl Node<'d>) -> ReferencedDocument {
        ReferencedDocument {
            type_code: self.code_of(element, "TypeCode", Some("UNCL1001")),
            relationship: self.code_of(element, "RelationshipTypeCode", Some("UNCL1153")),
            number: element.child("ID").and_then(|id| self.identifier(id)),
            issued: self.date_time_of(element, "IssueDateTime"),
            information: self.texts(element, "Information"),
            attachments: element.children("AttachmentBinaryObject").filter_map(attachment).collect(),
            place: element.place(),
        }
    }

    /// `SPSNote`: the subject as IPPC writes it (text) or TRACES (code). Where
    /// both are there, the text tells the code's name.
    pub(crate) fn note<'d>(&self, element: impl Node<'d>) -> Option<Note> {
        let code = self.code_of(element, "SubjectCode", None);
        let subject = match (code, self.code_of(element, "Subject", None)) {
            (Some(code), Some(text)) => Some(Code { name: Some(text.value), ..code }),
            (code, text) => code.or(text),
        };
        let content_codes = self.codes(element, "ContentCode", None);
        let contents = self.texts(element, "Content");
        let empty = subject.is_none() && content_codes.is_empty() && contents.is_empty();
        (!empty).then(|| Note { subject, content_codes, contents, place: element.place() })
    }

    pub(crate) fn notes<'d>(&self, element: impl Node<'d>, child: &str) -> Vec<Note> {
        element.children(child).filter_map(|note| self.note(note)).collect()
    }
}

/// The content of a note: its first code, else its first text.
pub(crate) fn content(note: &Note) -> Option<&str> {
    let code = note.content_codes.first().map(|code| code.value.as_str());
    code.or_else(|| note.contents.first().map(|text| text.value.as_str()))
}

/// Notes about a subject.
pub(crate) fn about<'n>(notes: &'n [Note], subject: &str) -> impl Iterator<Item = &'n Note> {
    notes.iter().filter(move |note| note.subject.as_ref().is_some_and(|code| code.value == subject))
}

/// An attachment: only where it stands; its bytes stay in the message.
fn attachment<'d>(element: impl Node<'d>) -> Option<Attachment> {
    let uri = element.attribute("uri").map(String::from);
    let filename = element.attribute("filename").map(Into::into);
    let media_type = element.attribute("mimeCode").map(Into::into);
    element.ignore_attributes(&["format", "encodingCode", "characterSetCode"]);
    let (encoding, place) = match (element.text().is_empty(), &uri) {
        (false, _) => (AttachmentEncoding::Base64, element.content_place()),
        (true, Some(_)) => (AttachmentEncoding::External, element.place()),
        (true, None) => return None,
    };
    Some(Attachment { filename, media_type, encoding, uri, place })
}

/// Sorts the referenced documents of a certificate: those of the transport go
/// to the consignment; the rest says what it replaces and what it cites.
pub(crate) fn sort(certificate: &mut Certificate, documents: Vec<ReferencedDocument>) {
    for document in documents {
        let is = |code: Option<&Code>, among: &[&str]| {
            code.is_some_and(|code| among.contains(&code.value.as_str()))
        };
        let (kind, relationship) = (document.type_code.as_ref(), document.relationship.as_ref());
        if is(kind, TRANSPORT_DOCUMENTS) || is(relationship, &["BM"]) {
            certificate.consignment.transport_documents.push(document);
            continue;
        }
        if let Some(number) = &document.number
            && number.value != certificate.number.value
        {
            if is(relationship, &["ACW"]) {
                add(&mut certificate.replaces, number.clone());
            } else if certificate.role == CertificateRole::EntryDocument
                && (is(kind, CERTIFICATES) || is(kind, HEALTH_CERTIFICATE) && is(relationship, SUPPORTING))
            {
                add(&mut certificate.cites, number.clone());
            }
        }
        certificate.referenced_documents.push(document);
    }
    let replaced: Vec<_> =
        about(&certificate.notes, "ADRPN").flat_map(|note| &note.contents).cloned().collect();
    for text in replaced {
        add(&mut certificate.replaces, identifier_in(&text, None));
    }
}

fn add(numbers: &mut Vec<Identifier>, number: Identifier) {
    if !numbers.iter().any(|known| known.value == number.value) {
        numbers.push(number);
    }
}
