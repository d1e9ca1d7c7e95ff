//! Reads the phytosanitary certificates that quarantine services in the
//! Eurasian Economic Union and their neighbours exchange: a flat XML of their
//! own, without namespaces or code lists of UN/CEFACT.
//!
//! What the dialect says and what this adapter makes of it is laid out in the
//! README beside this crate.

mod certificate;
mod goods;
mod mojibake;
mod parties;
mod values;

use ecert_sdk::adapter::{About, Adapter, Format, Problems};
use ecert_sdk::model::documents::Document as Message;
use ecert_sdk::model::readings::{Reading, Recognition};
use ecert_sdk::xml::{self, Document, Element, Limits};

/// The format this adapter reads.
pub const FORMAT: &str = "eaeu-certificate";

/// The request that carries certificates.
const REQUEST: &str = "Request91";

/// The adapter.
pub struct EaeuCertificate;

ecert_sdk::export_adapter!(EaeuCertificate);

impl Adapter for EaeuCertificate {
    fn about() -> About {
        About {
            name: "eaeu-certificate",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[
                ("en", "Phytosanitary certificates of Eurasian services"),
                ("zh", "欧亚地区检疫部门植物检疫证书"),
            ],
            formats: &[Format {
                id: FORMAT,
                titles: &[("en", "Request91 certificate"), ("zh", "Request91 证书")],
                media_types: &["application/xml", "text/xml"],
                reads: true,
                writes: false,
            }],
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = String::from_utf8_lossy(head);
        let has = |name: &str| head.contains(&["<", name].concat()) || head.contains(&[":", name].concat());
        let confidence = match (has(REQUEST), has("Certificate"), has("Blanc")) {
            (true, true, _) => 90,
            (true, ..) => 60,
            (_, true, true) => 70,
            _ => return None,
        };
        Some(Recognition { format: FORMAT.into(), confidence })
    }

    fn read(message: &[u8], _format: &str) -> Reading {
        let document = match Document::parse(message, &Limits::default()) {
            Ok(document) => document,
            Err(error) => return xml::failed_reading(&error),
        };
        let problems = Problems::default();
        let certificates: Vec<Element<'_>> =
            document.root().subtree().filter(|element| element.name() == "Certificate").collect();
        if certificates.is_empty() {
            let text = "The message holds no Certificate.";
            problems.fatal("no-certificate", document.root().place(), text);
        }
        document.root().subtree().filter(|element| element.name() == REQUEST).for_each(of_the_request);
        let documents = certificates.into_iter().filter_map(|element| certificate::read(element, &problems));
        let documents = documents.map(Message::Certificate).collect();
        document.finish(documents, problems.into_list())
    }
}

/// The request's own number and time, which the certificate repeats.
fn of_the_request(request: Element<'_>) {
    ["GUID", "SendDateTime"].iter().flat_map(|name| request.children(name)).for_each(Element::ignore);
}
