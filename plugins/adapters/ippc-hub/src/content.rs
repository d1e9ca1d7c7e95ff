//! Certificates that stand in an envelope as a text.

use ecert_sdk::model::documents::{Document, EmbeddedMessage};
use ecert_sdk::model::parts::AttachmentEncoding;
use ecert_sdk::model::readings::{Problem, ProblemSeverity, Unmapped};
use ecert_sdk::xml::{self, Element, Limits};
use sps::message::{Found, fatal};
use sps::{Dialect, Inside, Reader, Root};

use crate::FORMAT;
use crate::envelope::{claims, country, differences, is_envelope, pass_over};

/// Reads the texts of all envelopes. One that stands there as it is, in a CDATA
/// section, say, is a message of its own, which the host routes again; one
/// whose markup is escaped is read here.
pub(crate) fn read(root: Element<'_>, found: &mut Found) {
    for envelope in root.subtree().filter(|element| is_envelope(*element)) {
        for content in envelope.children("Content").filter(|content| !content.is_blank()) {
            match content.is_verbatim() {
                true => found.documents.push(Document::Embedded(embedded(envelope, content))),
                false => escaped(envelope, content, found),
            }
            content.ignore();
        }
        pass_over(envelope);
    }
}

/// The message in an envelope, with what the envelope says about it.
fn embedded(envelope: Element<'_>, content: Element<'_>) -> EmbeddedMessage {
    EmbeddedMessage {
        format: None,
        encoding: AttachmentEncoding::Verbatim,
        sender: country(envelope, "From"),
        receiver: country(envelope, "To"),
        claims: claims(envelope),
        place: content.content_place(),
    }
}

/// Reads a message whose every `<` is a reference. Its places are all that of
/// the text.
fn escaped(envelope: Element<'_>, content: Element<'_>, found: &mut Found) {
    let inner = match xml::Document::parse(content.text().as_bytes(), &Limits::default()) {
        Ok(inner) => inner,
        Err(error) => {
            let text = format!("the message inside, on its line {}: {}", error.line, error.text);
            found.problems.push(fatal(error.code, text, content));
            return;
        }
    };
    let place = content.content_place();
    let reader = Reader::new(Dialect::plain(FORMAT));
    let mut differing = Vec::new();
    let before = found.documents.len();
    for element in inner.root().subtree() {
        let inside = Inside::new(element, place);
        match Root::of(element) {
            Some(Root::Certificate(_)) => {
                if let Some(certificate) = reader.certificate(inside) {
                    differing.extend(differences(envelope, &certificate));
                    found.documents.push(Document::Certificate(certificate));
                }
            }
            Some(Root::Acknowledgement(_)) => {
                found.documents.extend(reader.acknowledgement(inside).map(Document::Acknowledgement));
            }
            _ => {}
        }
    }
    let problems: Vec<Problem> = reader.into_problems();
    if found.documents.len() == before && !problems.iter().any(|it| it.severity == ProblemSeverity::Fatal) {
        let text = "the text in Content holds no SPSCertificate or SPSAcknowledgement that is read".into();
        found.problems.push(fatal("no-certificate", text, content));
    }
    found.problems.extend(problems.into_iter().chain(differing));
    let left = inner.finish(Vec::new(), Vec::new()).unmapped;
    found.unmapped.extend(left.into_iter().map(|it| Unmapped { place, ..it }));
}
