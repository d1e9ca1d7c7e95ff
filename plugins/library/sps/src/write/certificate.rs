//! `SPSExchangedDocument`, and `SPSAcknowledgement`.

use ecert_sdk::model::certificates::{Authentication, Certificate, CertificateRole, Clause, Control};
use ecert_sdk::model::documents::Acknowledgement;
use ecert_sdk::model::parts::ReferencedDocument;
use ecert_sdk::model::values::{Code, DateTime, Identifier, Period};

use super::Tree;
use super::consignment::consignment;
use super::extensions::elements_and_notes;
use super::parties::{location, party_in};
use super::values::{code, code_in, date_time_in, identifier, note, own_code, own_note, texts};
use crate::implied::Implied;
use crate::own;

const NOTE: &str = "IncludedSPSNote";

/// `SPSCertificate`.
pub fn certificate(certificate: &Certificate) -> Tree {
    let parts = [exchanged_document(certificate), consignment(&certificate.consignment)];
    Tree::new("SPSCertificate").containing(parts)
}

fn exchanged_document(certificate: &Certificate) -> Tree {
    let names = ["Description", "RecipientSPSParty"];
    let (others, own) = elements_and_notes(&certificate.extensions, &names, NOTE);
    let mut tree = Tree::new("SPSExchangedDocument");
    tree.add(texts("Name", &certificate.titles));
    tree.add([identifier("ID", &certificate.number)]);
    tree.add(others);
    tree.add([
        code("TypeCode", &certificate.type_code, Some("UNCL1001")),
        code("StatusCode", &certificate.status, Some("UNCL4405")),
    ]);
    tree.add(date_time_in("IssueDateTime", certificate.issued.as_ref()));
    tree.add(party_in("IssuerSPSParty", certificate.issuer.as_ref()));
    tree.add(certificate.notes.iter().map(|it| note(NOTE, it)));
    let implied = Implied::by(certificate);
    tree.add(supplements(certificate, &implied));
    tree.add(own);
    let transport = &certificate.consignment.transport_documents;
    tree.add(certificate.referenced_documents.iter().chain(transport).map(referenced_document));
    tree.add(certificate.authentications.iter().map(authentication));
    if implied.controls != certificate.controls {
        let implied = implied.controls.len();
        tree.add(certificate.controls.iter().skip(implied).map(control));
    }
    tree
}

/// What a certificate says that nothing else in it implies.
fn supplements(certificate: &Certificate, implied: &Implied) -> Vec<Tree> {
    let of_number =
        |subject, number: &Identifier| own_note(NOTE, subject, None, number.scheme.as_deref(), &number.value);
    let mut notes = Vec::new();
    if certificate.role != implied.role {
        let role = match certificate.role {
            CertificateRole::OfficialCertificate => "official-certificate",
            CertificateRole::EntryDocument => "entry-document",
        };
        notes.push(own_note(NOTE, own::ROLE, None, None, role));
    }
    notes.extend(
        certificate.version.as_ref().map(|version| own_note(NOTE, own::VERSION, None, None, version)),
    );
    let identified = |it: &Identifier| Identifier { place: 0, ..it.clone() };
    if certificate.template.as_ref().map(identified) != implied.template.as_ref().map(identified) {
        notes.extend(certificate.template.as_ref().map(|it| of_number(own::TEMPLATE, it)));
    }
    let moments = |period: &Option<Period>| period.map(|it| (unplaced(it.start), unplaced(it.end)));
    if moments(&certificate.validity) != moments(&implied.validity) {
        let validity = certificate.validity.unwrap_or_default();
        let note =
            |subject, at: Option<DateTime>| at.map(|at| own_note(NOTE, subject, None, None, &at.to_string()));
        notes.extend(note(own::VALID_FROM, validity.start));
        notes.extend(note(own::VALID_UNTIL, validity.end));
    }
    let coded = |it: &Code| Code { place: 0, ..it.clone() };
    if certificate.issuing_country.as_ref().map(coded) != implied.issuing_country.as_ref().map(coded) {
        notes.extend(certificate.issuing_country.as_ref().map(|it| own_code(NOTE, own::ISSUING_COUNTRY, it)));
    }
    for (subject, stated, implied) in [
        (own::REPLACES, &certificate.replaces, &implied.replaces),
        (own::CITES, &certificate.cites, &implied.cites),
    ] {
        let unknown = |number: &&Identifier| !implied.iter().any(|known| known.value == number.value);
        notes.extend(stated.iter().filter(unknown).map(|number| of_number(subject, number)));
    }
    notes
}

fn unplaced(at: Option<DateTime>) -> Option<DateTime> {
    at.map(|at| DateTime { place: 0, ..at })
}

/// `SPSReferencedDocument`; of its files only links.
pub(super) fn referenced_document(document: &ReferencedDocument) -> Tree {
    let mut tree = Tree::new("ReferenceSPSReferencedDocument");
    tree.add(date_time_in("IssueDateTime", document.issued.as_ref()));
    tree.add(code_in("TypeCode", document.type_code.as_ref(), "UNCL1001"));
    tree.add(code_in("RelationshipTypeCode", document.relationship.as_ref(), "UNCL1153"));
    tree.add(document.number.as_ref().map(|number| identifier("ID", number)));
    tree.add(document.attachments.iter().filter(|it| it.uri.is_some()).map(|it| {
        Tree::new("AttachmentBinaryObject")
            .with("uri", it.uri.as_deref())
            .with("filename", it.filename.as_deref())
            .with("mimeCode", it.media_type.as_deref())
    }));
    tree.add(texts("Information", &document.information));
    tree
}

/// `SPSAuthentication`.
fn authentication(authentication: &Authentication) -> Tree {
    let mut tree = Tree::new("SignatorySPSAuthentication");
    tree.add(code_in("TypeCode", authentication.type_code.as_ref(), "UNCL9417"));
    tree.add(date_time_in("ActualDateTime", authentication.at.as_ref()));
    tree.add(authentication.location.as_ref().map(|it| location("IssueSPSLocation", it)));
    tree.add(party_in("ProviderSPSParty", authentication.provider.as_ref()));
    tree.add(authentication.clauses.iter().map(clause));
    tree
}

/// `SPSClause`.
fn clause(clause: &Clause) -> Tree {
    let mut tree = Tree::new("IncludedSPSClause");
    tree.add(clause.identifier.as_ref().map(|id| Tree::text("ID", id)));
    tree.add(texts("Content", &clause.contents));
    tree
}

/// A control that no clause implies: an authentication of our own.
fn control(control: &Control) -> Tree {
    let mut tree = Tree::new("SignatorySPSAuthentication");
    tree.add(control.type_code.as_ref().map(|it| code("TypeCode", it, None)));
    tree.add(date_time_in("ActualDateTime", control.at.as_ref()));
    tree.add(party_in("ProviderSPSParty", control.authority.as_ref()));
    let own = Tree::text("ID", own::CONTROL).with("schemeID", Some(own::LIST));
    let decision = control.decision.as_ref().map(|it| code("ContentCode", it, None));
    let clause = || Tree::new("IncludedSPSClause");
    tree.add([
        clause().containing([own]),
        clause().containing(decision),
        clause().containing(texts("Content", &control.remarks)),
    ]);
    tree
}

/// `SPSAcknowledgement`.
pub fn acknowledgement(acknowledgement: &Acknowledgement) -> Tree {
    let mut tree = Tree::new("SPSAcknowledgementDocument");
    tree.add(acknowledgement.number.as_ref().map(|number| identifier("ID", number)));
    tree.add(date_time_in("IssueDateTime", acknowledgement.issued.as_ref()));
    tree.add([code("StatusCode", &acknowledgement.status, Some("UNCL4405"))]);
    tree.add(texts("ReasonInformation", &acknowledgement.reasons));
    tree.add(acknowledgement.subjects.iter().map(referenced_document));
    tree.add(elements_and_notes(&acknowledgement.extensions, &[], NOTE).1);
    Tree::new("SPSAcknowledgement").containing([tree])
}
