//! Reads clearance requests: the JSON by which the United Kingdom's customs ask
//! the authorities for food, plants and animals whether goods may be released.
//!
//! What the dialect says and what this adapter makes of it is laid out in the
//! README beside this crate.

mod documents;
mod item;
mod member;
mod request;

use ecert_sdk::adapter::{About, Adapter, Format, Problems};
use ecert_sdk::json::{self, Document, Limits};
use ecert_sdk::model::documents::Document as Message;
use ecert_sdk::model::readings::{Reading, Recognition};

/// The format this adapter reads.
pub const FORMAT: &str = "ched-clearance-request";

/// The adapter.
pub struct ChedClearanceJson;

ecert_sdk::export_adapter!(ChedClearanceJson);

impl Adapter for ChedClearanceJson {
    fn about() -> About {
        About {
            name: "ched-clearance-json",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[
                ("en", "Clearance requests to a food authority"),
                ("zh", "海关发往食品主管部门的放行请求"),
            ],
            formats: &[Format {
                id: FORMAT,
                titles: &[("en", "Clearance request"), ("zh", "放行请求")],
                media_types: &["application/json"],
                reads: true,
                writes: false,
            }],
        }
    }

    fn recognise(head: &[u8]) -> Option<Recognition> {
        let head = String::from_utf8_lossy(head).to_ascii_lowercase();
        let has = |keys: &[&str]| keys.iter().all(|key| head.contains(&["\"", key, "\""].concat()));
        let confidence = match () {
            () if has(&["header", "entryreference"]) => 95,
            () if has(&["clearancerequest"]) || has(&["commodities", "tariccommoditycode"]) => 90,
            () if has(&["entryreference"]) || has(&["items", "tariccommoditycode"]) => 70,
            () => return None,
        };
        Some(Recognition { format: FORMAT.into(), confidence })
    }

    fn read(message: &[u8], _format: &str) -> Reading {
        let document = match Document::parse(message, &Limits::default()) {
            Ok(document) => document,
            Err(error) => return json::failed_reading(&error),
        };
        let problems = Problems::default();
        let declaration = request::read(member::Member(document.root()), &problems);
        document.finish(declaration.map(Message::Declaration).into_iter().collect(), problems.into_list())
    }
}
