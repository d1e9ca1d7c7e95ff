//! Reads customs declarations in the World Customs Organization's data model:
//! `Declaration` messages of the profile DMS:2, with or without the `MetaData`
//! around them, and customs' `Response` to them.
//!
//! What the profile says and what this adapter makes of it is laid out in the
//! README beside this crate. Namespaces are told apart at the root; below it,
//! elements are known by their local names, since customs' own copies of a
//! declaration are written in several namespaces.

mod declaration;
mod documents;
mod item;
mod parties;
mod response;
mod statements;
mod transport;
mod values;

use ecert_sdk::adapter::{About, Adapter, Format, Problems};
use ecert_sdk::model::documents::Document as Message;
use ecert_sdk::model::readings::{Reading, Recognition};
use ecert_sdk::xml::{self, Document, Element, Limits};

/// The format this adapter reads.
pub const FORMAT: &str = "wco-dec-dms-2";

const DECLARATION: &str = "urn:wco:datamodel:WCO:DEC-DMS:2";
const RESPONSE: &str = "urn:wco:datamodel:WCO:RES-DMS:2";

/// The adapter.
pub struct WcoDeclaration;

ecert_sdk::export_adapter!(WcoDeclaration);

impl Adapter for WcoDeclaration {
    fn about() -> About {
        About {
            name: "wco-declaration",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "WCO customs declarations"), ("zh", "世界海关组织报关单")],
            formats: &[Format {
                id: FORMAT,
                titles: &[
                    ("en", "WCO data model declaration and response, DMS:2"),
                    ("zh", "世界海关组织数据模型报关单及回执，DMS:2"),
                ],
                media_types: &["application/xml", "text/xml"],
                reads: true,
                writes: false,
            }],
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let contains = |text: &str| head.windows(text.len()).any(|window| window == text.as_bytes());
        let confidence = if contains(DECLARATION) || contains(RESPONSE) {
            100
        } else if contains("MetaData") && contains("WCOTypeName") {
            90
        } else {
            return None;
        };
        Some(Recognition { format: FORMAT.into(), confidence })
    }

    fn read(message: &[u8], _format: &str) -> Reading {
        match Document::parse(message, &Limits::default()) {
            Ok(document) => read(&document),
            Err(error) => xml::failed_reading(&error),
        }
    }
}

fn read(document: &Document<'_>) -> Reading {
    let problems = Problems::default();
    let root = document.root();
    let metadata = (root.name() == "MetaData").then_some(root);
    let body = |name: &str| match metadata {
        Some(metadata) => metadata.child(name),
        None => Some(root).filter(|root| root.name() == name),
    };
    let message = if let Some(element) = body("Declaration") {
        check_namespace(element, DECLARATION, &problems);
        declaration::read(metadata, element, &problems).map(Message::Declaration)
    } else if let Some(element) = body("Response") {
        check_namespace(element, RESPONSE, &problems);
        Some(Message::Acknowledgement(response::read(metadata, element, &problems)))
    } else {
        problems.fatal(
            "not-a-declaration",
            root.place(),
            "The message holds neither a Declaration nor a Response of the WCO data model.",
        );
        None
    };
    document.finish(message.into_iter().collect(), problems.into_list())
}

/// Copies that customs keep are sometimes written without namespaces. They say
/// the same, so they are read, with a word about it.
fn check_namespace(element: Element<'_>, expected: &str, problems: &Problems) {
    if element.namespace() != expected {
        let found = match element.namespace() {
            "" => "no namespace",
            other => other,
        };
        problems.warning(
            "unexpected-namespace",
            element.place(),
            format!("{} stands in {found}; expected {expected}.", element.name()),
        );
    }
}
