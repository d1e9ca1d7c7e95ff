//! Finding the documents in an XML message, whatever stands around them.

use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{Problem, ProblemSeverity, Reading, Unmapped};
use ecert_sdk::xml::{self, Element, Limits};

use crate::basics::Reader;
use crate::dialect::Dialect;
use crate::node::Node;
use crate::version::{Root, Version};

/// What was found in a message so far.
#[derive(Debug, Default)]
pub struct Found {
    /// Its documents.
    pub documents: Vec<Document>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// What was not taken over of messages that stand in it as texts.
    pub unmapped: Vec<Unmapped>,
}

/// Reads an XML message: `find` looks for documents from the root on. When it
/// finds nothing, and nothing wrong, the message holds no certificate.
pub fn read(message: &[u8], find: impl FnOnce(Element<'_>, &mut Found)) -> Reading {
    let document = match xml::Document::parse(message, &Limits::default()) {
        Ok(document) => document,
        Err(error) => return xml::failed_reading(&error),
    };
    let root = document.root();
    let mut found = Found::default();
    find(root, &mut found);
    if found.documents.is_empty() && found.problems.is_empty() {
        found.problems.push(nothing_found(root));
    }
    if root.name() == "Envelope" {
        // Addressing and security of the transport, not of the document.
        root.children("Header").for_each(Element::ignore);
    }
    let mut reading = document.finish(found.documents, found.problems);
    reading.unmapped.extend(found.unmapped);
    reading
}

impl Found {
    /// Reads all documents of the standard at or below an element; `dialect`
    /// says how one is written. `format` is what the message was given as.
    pub fn read_below(
        &mut self,
        root: Element<'_>,
        format: &str,
        dialect: impl Fn(Element<'_>, Version) -> Dialect,
    ) {
        for (element, kind) in root.subtree().filter_map(|element| Some((element, Root::of(element)?))) {
            let (Root::Certificate(version) | Root::Acknowledgement(version)) = kind else {
                let text = format!(
                    "{} is not a version that is read: send SPSCertificate version 17, 11 or 8",
                    element.namespace()
                );
                self.problems.push(fatal("unknown-version", text, element));
                continue;
            };
            let reader = Reader::new(dialect(element, version));
            if reader.dialect.format != format {
                let text =
                    format!("the message was given as {format} and is read as {}", reader.dialect.format);
                reader.report("other-format", ProblemSeverity::Information, element, text);
            }
            let document = match kind {
                Root::Acknowledgement(_) => reader.acknowledgement(element).map(Document::Acknowledgement),
                _ => reader.certificate(element).map(|mut certificate| {
                    if let Some(around) = element.parent() {
                        reader.laboratory_tests(around, &mut certificate);
                    }
                    Document::Certificate(certificate)
                }),
            };
            self.documents.extend(document);
            self.problems.extend(reader.into_problems());
        }
    }
}

/// A problem for which nothing of the message is kept.
pub fn fatal<'d>(code: &str, text: String, at: impl Node<'d>) -> Problem {
    Problem { code: code.into(), text, severity: ProblemSeverity::Fatal, place: at.place() }
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
