//! Format adapters: messages in, documents out.

use ecert_model::documents::Document;
use ecert_model::manifest;
use ecert_model::readings::{Problem, ProblemSeverity, Reading, Recognition};

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
