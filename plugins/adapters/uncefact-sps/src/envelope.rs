//! Finding the documents in a message, whatever envelope they come in.

use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::{Acknowledgement, Document, EmbeddedMessage};
use ecert_sdk::model::parts::AttachmentEncoding;
use ecert_sdk::model::readings::{Problem, ProblemSeverity, Reading};
use ecert_sdk::model::values::Extension;
use ecert_sdk::xml::{self, Element, Limits};

use crate::basics::{Reader, identifier};
use crate::dialect::{Dialect, Root};

/// What the envelope of the IPPC hub says about the certificate in it.
const NUMBER: &str = "NPPOCertificateNumber";
const TYPE: &str = "CertificateType";
const STATUS: &str = "CertificateStatus";

/// Reads a message of any of the formats: the namespaces in it decide, the
/// format asked for is checked.
pub(crate) fn read(message: &[u8], format: &str) -> Reading {
    let document = match xml::Document::parse(message, &Limits::default()) {
        Ok(document) => document,
        Err(error) => return xml::failed_reading(&error),
    };
    let root = document.root();
    let (mut documents, mut problems) = (Vec::new(), Vec::new());
    let mut found = false;
    for (element, kind) in root.subtree().filter_map(|element| Some((element, Root::of(element)?))) {
        found = true;
        if let Some(document) = read_document(element, kind, format, &mut problems) {
            documents.push(document);
        }
    }
    for content in root.subtree().filter(|element| is_hub_content(*element)) {
        found = true;
        match content.is_verbatim() {
            true => documents.push(Document::Embedded(embedded(content))),
            false => problems.push(escaped(content)),
        }
    }
    if !found {
        problems.push(nothing_found(root));
    }
    if root.name() == "Envelope" {
        // Addressing and security of the transport, not of the document.
        root.children("Header").for_each(Element::ignore);
    }
    document.finish(documents, problems)
}

fn read_document(
    element: Element<'_>,
    kind: Root,
    format: &str,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    let (Root::Certificate(version) | Root::Acknowledgement(version)) = kind else {
        let text = format!(
            "{} is not a version that is read: send SPSCertificate version 17, 11 or 8",
            element.namespace()
        );
        problems.push(fatal("unknown-version", text, element));
        return None;
    };
    let dialect = Dialect::of(element, version);
    let reader = Reader::new(dialect);
    if dialect.format() != format {
        let text = format!("the message was given as {format} and is read as {}", dialect.format());
        reader.report("other-format", ProblemSeverity::Information, element, text);
    }
    let document = match kind {
        Root::Acknowledgement(_) => reader.acknowledgement(element).map(Document::Acknowledgement),
        _ => reader.certificate(element).map(|mut certificate| {
            reader.compare_with_envelope(element, &certificate);
            reader.laboratory_tests(element, &mut certificate);
            Document::Certificate(certificate)
        }),
    };
    problems.extend(reader.into_problems());
    document
}

fn fatal(code: &str, text: String, element: Element<'_>) -> Problem {
    Problem { code: code.into(), text, severity: ProblemSeverity::Fatal, place: element.place() }
}

/// Whether this is the text that holds the certificate in an envelope as the
/// IPPC hub stores it.
fn is_hub_content(element: Element<'_>) -> bool {
    let in_envelope = || element.parent().is_some_and(|parent| parent.child(NUMBER).is_some());
    element.name() == "Content" && !element.is_blank() && in_envelope()
}

/// The message in an envelope, with what the envelope says about it.
fn embedded(content: Element<'_>) -> EmbeddedMessage {
    let envelope = content.parent().unwrap_or(content);
    let country = |name| {
        let child = envelope.child(name)?;
        Some(identifier(child.text(), Some("ISO3166-1"), child)).filter(|country| !country.value.is_empty())
    };
    let stated = |(element, name): &(&str, &str)| {
        let child = envelope.child(element).filter(|child| !child.is_blank())?;
        let scheme = Dialect::IppcHub.format().into();
        Some(Extension { scheme, name: (*name).into(), value: child.text().into(), place: child.place() })
    };
    let message = EmbeddedMessage {
        format: None,
        encoding: AttachmentEncoding::Verbatim,
        sender: country("From"),
        receiver: country("To"),
        claims: [(NUMBER, "number"), (TYPE, "type"), (STATUS, "status")].iter().filter_map(stated).collect(),
        place: content.content_place(),
    };
    ignore_routing(envelope);
    content.ignore();
    message
}

/// The contract knows no place for a message whose every `<` is a reference.
fn escaped(content: Element<'_>) -> Problem {
    content.ignore();
    let text = "the certificate stands in Content with its markup escaped: send it as elements, or as CDATA";
    fatal("escaped-message", text.into(), content)
}

/// What the hub notes about an envelope on its way.
fn ignore_routing(envelope: Element<'_>) {
    for name in
        ["From", "To", "hubDeliveryNumber", "HUBTrackingInfo", "hubDeliveryErrorMessage", "Forwardings"]
    {
        envelope.children(name).for_each(Element::ignore);
    }
}

fn nothing_found(root: Element<'_>) -> Problem {
    let text = match root.find("SPSCertificate") {
        Some(stray) => format!(
            "SPSCertificate stands in the namespace {:?}, which is not the standard's: \
             declare urn:un:unece:uncefact:data:standard:SPSCertificate:17",
            stray.namespace()
        ),
        None => "the message has no SPSCertificate or SPSAcknowledgement".into(),
    };
    fatal("no-certificate", text, root)
}

impl Reader {
    /// `SPSAcknowledgement`.
    fn acknowledgement(&self, element: Element<'_>) -> Option<Acknowledgement> {
        let document = element.child("SPSAcknowledgementDocument").unwrap_or(element);
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
            extensions: Vec::new(),
            place: element.place(),
        })
    }

    /// The envelope of the IPPC hub repeats number, type and status; it must
    /// not say something else than the certificate in it.
    fn compare_with_envelope(&self, element: Element<'_>, certificate: &Certificate) {
        let Some(envelope) = element.parent().filter(|parent| parent.child(NUMBER).is_some()) else {
            return;
        };
        let claims = [
            (NUMBER, &certificate.number.value),
            (TYPE, &certificate.type_code.value),
            (STATUS, &certificate.status.value),
        ];
        for (name, actual) in claims {
            if let Some(claim) = envelope.child(name)
                && let Some(claimed) = self.value(claim)
                && claimed != actual
            {
                let text =
                    format!("the envelope says {claimed}, the certificate in it {actual}: both must agree");
                self.report("envelope-differs", ProblemSeverity::Error, claim, text);
            }
        }
        ignore_routing(envelope);
    }
}
