//! Reads and writes UN/CEFACT SPS certificates and acknowledgements as JSON:
//! the names of the standard's XML in camel case, and each value an object with
//! its attributes.

mod member;
mod write;

use ecert_sdk::adapter::{About, Adapter, Format};
use ecert_sdk::json::{self, Kind, Limits, Value};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{Problem, Reading, Recognition};
use sps::message::fatal;
use sps::{Dialect, Reader};

use member::Member;

/// The adapter for SPS certificates in JSON.
pub struct SpsJson;

ecert_sdk::export_adapter!(SpsJson);

/// Identifier of the format.
pub const FORMAT: &str = "sps-json";

const CERTIFICATE: &str = "spsExchangedDocument";
const ACKNOWLEDGEMENT: &str = "spsAcknowledgementDocument";

const FORMATS: &[Format] = &[Format {
    id: FORMAT,
    titles: &[("en", "UN/CEFACT SPS certificate in JSON"), ("zh", "JSON格式的UN/CEFACT SPS证书")],
    media_types: &["application/json"],
    reads: true,
    writes: true,
}];

impl Adapter for SpsJson {
    fn about() -> About {
        About {
            name: "sps-json",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "UN/CEFACT SPS certificates in JSON"), ("zh", "JSON格式的UN/CEFACT SPS证书")],
            formats: FORMATS,
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let text = String::from_utf8_lossy(head);
        let is_json = text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with(['{', '[']);
        let told = [CERTIFICATE, ACKNOWLEDGEMENT, "spsConsignment"];
        let known = is_json && told.iter().any(|key| text.contains(&["\"", key, "\""].concat()));
        known.then(|| Recognition { format: FORMAT.into(), confidence: 90 })
    }

    fn read(message: &[u8], _format: &str) -> Reading {
        let document = match json::Document::parse(message, &Limits::default()) {
            Ok(document) => document,
            Err(error) => return json::failed_reading(&error),
        };
        let root = document.root();
        let reader = Reader::new(Dialect::plain(FORMAT));
        let found = root.subtree().filter(|value| value.kind() == Kind::Object);
        let documents: Vec<_> = found.filter_map(|value| read_document(&reader, value)).collect();
        let mut problems = reader.into_problems();
        if documents.is_empty() && problems.is_empty() {
            let text = format!("nothing in the message has a member {CERTIFICATE} or {ACKNOWLEDGEMENT}");
            problems.push(fatal("no-certificate", text, Member(root)));
        }
        document.finish(documents, problems)
    }

    fn write(document: &Document, _format: &str) -> Result<Vec<u8>, Vec<Problem>> {
        write::write(document)
    }
}

/// The document that an object is, if it is one. One with a consignment and
/// nothing that says which certificate it is gives a problem.
fn read_document(reader: &Reader, value: Value<'_>) -> Option<Document> {
    if value.get(ACKNOWLEDGEMENT).is_some() {
        return reader.acknowledgement(Member(value)).map(Document::Acknowledgement);
    }
    let certified = value.get(CERTIFICATE).is_some() || value.get("spsConsignment").is_some();
    if !certified {
        return None;
    }
    reader.certificate(Member(value)).map(Document::Certificate)
}
