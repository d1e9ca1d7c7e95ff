//! Reads the single administrative document as ASYCUDA World writes it: the XML
//! that customs of some hundred countries exchange with declarants.
//!
//! What the dialect says and what this adapter makes of it is laid out in the
//! README beside this crate.

mod declaration;
mod item;
mod parties;
mod values;

use ecert_sdk::adapter::{About, Adapter, Format, Problems};
use ecert_sdk::model::documents::Document as Message;
use ecert_sdk::model::readings::{Reading, Recognition};
use ecert_sdk::xml::{self, Document, Limits};

/// The format this adapter reads.
pub const FORMAT: &str = "asycuda-sad";

/// The adapter.
pub struct AsycudaSad;

ecert_sdk::export_adapter!(AsycudaSad);

impl Adapter for AsycudaSad {
    fn about() -> About {
        About {
            name: "asycuda-sad",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "ASYCUDA World declarations"), ("zh", "ASYCUDA World 报关单")],
            formats: &[Format {
                id: FORMAT,
                titles: &[("en", "Single administrative document"), ("zh", "单一管理文件")],
                media_types: &["application/xml", "text/xml"],
                reads: true,
                writes: false,
            }],
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = String::from_utf8_lossy(head);
        let root = ["<ASYCUDA>", "<ASYCUDA "].iter().any(|root| head.contains(root));
        root.then(|| Recognition { format: FORMAT.into(), confidence: 95 })
    }

    fn read(message: &[u8], _format: &str) -> Reading {
        let document = match Document::parse(message, &Limits::default()) {
            Ok(document) => document,
            Err(error) => return xml::failed_reading(&error),
        };
        let problems = Problems::default();
        let root = document.root();
        let declaration = if root.name() == "ASYCUDA" {
            declaration::read(root, &problems)
        } else {
            let text = format!("The root is {}, not ASYCUDA: this is no ASYCUDA declaration.", root.name());
            problems.fatal("not-a-declaration", root.place(), text);
            None
        };
        document.finish(declaration.map(Message::Declaration).into_iter().collect(), problems.into_list())
    }
}
