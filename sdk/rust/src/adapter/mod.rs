//! Format adapters: messages in, documents out.
//!
//! An adapter says which formats it knows, recognises them by their first
//! bytes, and reads them. What is wrong with a message is a [`Problem`] with a
//! code and a place; where a problem is fatal, nothing of the message is kept.
//! What the adapter does not ask for is listed as unmapped, so that nothing
//! vanishes silently.
//!
//! [`xml`](crate::xml) and [`json`](crate::json) read messages; [`Field`] makes
//! codes, identifiers, quantities and dates of what stands in them, in both
//! alike, and [`Problems`] collects what is wrong with it.
//!
//! ```
//! use ecert_sdk::adapter::{About, Adapter, Format};
//! use ecert_sdk::model::certificates::Certificate;
//! use ecert_sdk::model::documents::Document;
//! use ecert_sdk::model::readings::{Problem, ProblemSeverity, Reading, Recognition};
//! use ecert_sdk::model::values::Identifier;
//! use ecert_sdk::xml::{self, Limits};
//!
//! /// Slips of an imaginary partner.
//! pub struct Slips;
//!
//! const NAMESPACE: &str = "urn:example:slip";
//!
//! impl Adapter for Slips {
//!     fn about() -> About {
//!         About {
//!             name: "slips",
//!             version: env!("CARGO_PKG_VERSION"),
//!             titles: &[("en", "Slips"), ("zh", "单据")],
//!             formats: &[Format {
//!                 id: "slip",
//!                 titles: &[("en", "Slip"), ("zh", "单据")],
//!                 media_types: &["application/xml", "text/xml"],
//!                 reads: true,
//!                 writes: false,
//!             }],
//!         }
//!     }
//!
//!     fn recognise(head: &[u8]) -> Option<Recognition> {
//!         let known = String::from_utf8_lossy(head).contains(NAMESPACE);
//!         known.then(|| Recognition { format: "slip".into(), confidence: 90 })
//!     }
//!
//!     fn read(message: &[u8], _format: &str) -> Reading {
//!         let document = match xml::Document::parse(message, &Limits::default()) {
//!             Ok(document) => document,
//!             Err(error) => return xml::failed_reading(&error),
//!         };
//!         let slip = document.root();
//!         let Some(number) = slip.child_in(NAMESPACE, "Number") else {
//!             let problem = Problem {
//!                 code: "no-number".into(),
//!                 text: "the slip has no Number".into(),
//!                 severity: ProblemSeverity::Fatal,
//!                 place: slip.place(),
//!             };
//!             return document.finish(vec![], vec![problem]);
//!         };
//!         let place = number.place();
//!         let number = Identifier { value: number.text().into(), place, ..Identifier::default() };
//!         let certificate = Certificate { number, place: slip.place(), ..Certificate::default() };
//!         document.finish(vec![Document::Certificate(certificate)], vec![])
//!     }
//! }
//!
//! ecert_sdk::export_adapter!(Slips);
//!
//! ecert_sdk::testing::assert_adapter_manifest::<Slips>();
//! let message = b"<Slip xmlns='urn:example:slip'><Number>A1</Number><Colour>red</Colour></Slip>";
//! let reading = Slips::read(message, "slip");
//! assert_eq!((reading.documents.len(), reading.unmapped[0].path.as_str()), (1, "/Slip/Colour"));
//! let reading = Slips::read(b"<Slip xmlns='urn:example:slip'/>", "slip");
//! assert_eq!(reading.problems[0].code, "no-number");
//! ```

mod field;
mod problems;

use ecert_model::documents::Document;
use ecert_model::manifest;
use ecert_model::readings::{Problem, ProblemSeverity, Reading, Recognition};

pub use field::Field;
pub use problems::Problems;

use crate::Texts;

/// A format adapter. [`export_adapter!`](crate::export_adapter) makes a plugin
/// of it.
pub trait Adapter: 'static {
    /// What the adapter is and which formats it knows.
    fn about() -> About;

    /// Says whether a message is of one of the formats, by its first bytes.
    fn recognise(head: &[u8]) -> Option<Recognition>;

    /// Reads a message of one of the formats. Bad input gives problems; it
    /// never panics.
    fn read(message: &[u8], format: &str) -> Reading;

    /// Writes a document in one of the formats that [`About`] says it writes.
    ///
    /// # Errors
    /// What the format cannot express, or that it is not written at all.
    fn write(document: &Document, format: &str) -> Result<Vec<u8>, Vec<Problem>> {
        let _ = document;
        Err(vec![Problem {
            code: "format-not-written".into(),
            text: ["This adapter does not write the format ", format, "."].concat(),
            severity: ProblemSeverity::Fatal,
            place: 0,
        }])
    }
}

/// What an adapter says of itself.
pub struct About {
    /// Name in kebab case.
    pub name: &'static str,
    /// Version: `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// Titles by language, English and Chinese at least.
    pub titles: Texts,
    /// Formats it knows.
    pub formats: &'static [Format],
}

/// A message format.
pub struct Format {
    /// Identifier, such as `uncefact-sps-17`.
    pub id: &'static str,
    /// Titles by language, English and Chinese at least.
    pub titles: Texts,
    /// Media types it travels as.
    pub media_types: &'static [&'static str],
    /// Whether the adapter reads it.
    pub reads: bool,
    /// Whether the adapter writes it.
    pub writes: bool,
}

impl From<&Format> for manifest::Format {
    fn from(format: &Format) -> Self {
        Self {
            id: format.id.into(),
            titles: crate::manifest::localised(format.titles),
            media_types: format.media_types.iter().map(|&media_type| media_type.into()).collect(),
            reads: format.reads,
            writes: format.writes,
        }
    }
}
