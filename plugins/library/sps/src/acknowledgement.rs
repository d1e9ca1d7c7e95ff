//! `SPSAcknowledgement`: what became of a certificate.

use ecert_sdk::model::documents::Acknowledgement;
use ecert_sdk::model::readings::ProblemSeverity;

use crate::basics::Reader;
use crate::node::Node;
use crate::own;

impl Reader {
    /// `SPSAcknowledgement`; none, with a problem, if it says no status.
    pub fn acknowledgement<'d>(&self, root: impl Node<'d>) -> Option<Acknowledgement> {
        let document = root.child("SPSAcknowledgementDocument").unwrap_or(root);
        let Some(status) = self.code_of(document, "StatusCode", Some("UNCL4405")) else {
            let text = "StatusCode is missing: it says what became of the certificate".into();
            self.report("missing-status", ProblemSeverity::Fatal, document, text);
            return None;
        };
        Some(Acknowledgement {
            number: document.child("ID").and_then(|id| self.identifier(id)),
            status,
            issued: self.date_time_of(document, "IssueDateTime"),
            reasons: self.texts(document, "ReasonInformation"),
            subjects: document
                .children("ReferenceSPSReferencedDocument")
                .map(|reference| self.referenced_document(reference))
                .collect(),
            extensions: own::extensions(&self.notes(document, "IncludedSPSNote")),
            place: root.place(),
        })
    }
}
