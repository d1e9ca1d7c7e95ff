//! Reads customs declarations of the China international trade single window:
//! `DecMessage` as China Customs announced it (2018, no. 67), in XML and as the
//! JSON that the same software exchanges.
//!
//! What the dialect says and what this adapter makes of it is laid out in the
//! README beside this crate. National codes stay as they are, with the names of
//! their lists; the host maps them.

mod documents;
mod head;
mod item;
mod lists;
mod message;
mod origin;
mod parties;
mod quantities;

use ecert_sdk::adapter::{About, Adapter, Field, Format, Problems};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::{Problem, Reading, Recognition};
use ecert_sdk::{json, xml};

use message::Node;

/// The message in XML.
pub const XML: &str = "cn-dec-message";
/// The message in JSON.
pub const JSON: &str = "cn-dec-message-json";

/// The adapter.
pub struct CnSingleWindow;

ecert_sdk::export_adapter!(CnSingleWindow);

impl Adapter for CnSingleWindow {
    fn about() -> About {
        About {
            name: "cn-single-window",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "China single window declarations"), ("zh", "中国国际贸易单一窗口报关单")],
            formats: &[
                Format {
                    id: XML,
                    titles: &[("en", "DecMessage (XML)"), ("zh", "报关单报文（XML）")],
                    media_types: &["application/xml", "text/xml"],
                    reads: true,
                    writes: false,
                },
                Format {
                    id: JSON,
                    titles: &[("en", "DecMessage (JSON)"), ("zh", "报关单报文（JSON）")],
                    media_types: &["application/json"],
                    reads: true,
                    writes: false,
                },
            ],
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let is_json = head.trim_start_matches('\u{feff}').trim_ascii_start().starts_with('{');
        let (format, root, body) = match is_json {
            true => (JSON, "\"decmessage\"", "\"dechead\""),
            false => (XML, "decmessage", "<dechead"),
        };
        let confidence = match (head.contains(root), head.contains(body)) {
            (true, true) => 100,
            (_, true) => 90,
            (true, false) if !is_json => 80,
            _ => return None,
        };
        Some(Recognition { format: format.into(), confidence })
    }

    fn read(message: &[u8], format: &str) -> Reading {
        if format == JSON {
            match json::Document::parse(message, &json::Limits::default()) {
                Ok(document) => {
                    let (documents, problems) = read(Node::Json(document.root()));
                    document.finish(documents, problems)
                }
                Err(error) => json::failed_reading(&error),
            }
        } else {
            match xml::Document::parse(message, &xml::Limits::default()) {
                Ok(document) => {
                    // Of the message's form, not of what it says.
                    document.root().ignore_attributes(&["Version"]);
                    let (documents, problems) = read(Node::Xml(document.root()));
                    document.finish(documents, problems)
                }
                Err(error) => xml::failed_reading(&error),
            }
        }
    }
}

fn read(root: Node<'_>) -> (Vec<Document>, Vec<Problem>) {
    let problems = Problems::default();
    // In JSON the message may stand below its name.
    let message = if root.is("DecMessage") { root } else { root.child("DecMessage").unwrap_or(root) };
    let Some(head) = message.child("DecHead") else {
        let text = "The message holds no DecHead: it is no DecMessage of the China single window.";
        problems.fatal("not-a-declaration", root.place(), text);
        return (vec![], problems.into_list());
    };
    let declaration = head::read(message, head, &problems);
    let documents = declaration.map(Document::Declaration).into_iter().collect();
    (documents, problems.into_list())
}
