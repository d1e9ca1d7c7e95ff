//! Reads a message: finds the adapter, has it read, follows embedded messages.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use ecert_model::documents::{Acknowledgement, Document, EmbeddedMessage};
use ecert_model::manifest::Format;
use ecert_model::parts::AttachmentEncoding;
use ecert_model::readings::{Problem, ProblemSeverity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claims::contradicted;
use crate::contract::places::{Location, Places};
use crate::digest::Digest;
use crate::engine::{Engine, Failure, Plugin};
use crate::hex;

/// How deep messages may be nested.
const MAX_DEPTH: usize = 4;
/// How many messages one message may hold.
const MAX_MESSAGES: usize = 64;
/// Media types that say nothing about the format.
const GENERIC: [&str; 4] = ["", "application/octet-stream", "text/plain", "*/*"];

/// What was read out of a message, and out of those inside it.
#[derive(Debug, Default)]
pub struct Message {
    /// The messages, the outermost first.
    pub parts: Vec<Part>,
    /// Problems that did not stop the reading.
    pub problems: Vec<LocatedProblem>,
    /// What was not taken over.
    pub unmapped: Vec<LocatedUnmapped>,
}

/// One message, without those inside it.
#[derive(Debug)]
pub struct Part {
    /// Format it was read as.
    pub format: String,
    /// Name and version of the adapter.
    pub adapter: String,
    /// SHA-256 of the adapter's component.
    pub component: Digest,
    /// Its documents.
    pub documents: Vec<Document>,
    /// Its place table.
    pub places: Arc<Places>,
    /// Fuel that reading took.
    pub fuel: u64,
    /// Time that reading took.
    pub duration: Duration,
}

/// A document with the places it refers to.
#[derive(Debug)]
pub struct Found<D> {
    /// The document.
    pub document: D,
    /// Its message's place table.
    pub places: Arc<Places>,
}

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LocatedProblem {
    /// Stable code in kebab case.
    pub code: String,
    /// What is wrong and what would be right.
    pub text: String,
    /// `information`, `warning`, `error` or `fatal`.
    #[schema(value_type = String)]
    pub severity: ProblemSeverity,
    /// Where, unless it concerns the message as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// A part of the message that was not taken over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LocatedUnmapped {
    /// Path of the element or field, without positions.
    pub path: String,
    /// How often it occurred.
    pub count: u32,
    /// Where it occurred first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// Why a message could not be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// No adapter takes messages of this media type.
    #[error("media type {given} is not taken; {} are", known.join(", "))]
    MediaType {
        /// The media type as given.
        given: String,
        /// Those that are taken.
        known: Vec<String>,
    },
    /// No adapter reads the declared format, or none recognises the message.
    #[error("{}; formats read here: {}", described(given.as_deref()), known.join(", "))]
    UnknownFormat {
        /// The format as declared, if it was.
        given: Option<String>,
        /// Those that are read.
        known: Vec<String>,
    },
    /// The message is broken, or is not what it should be.
    #[error("the message could not be read: {}", problems.first().map_or("no document in it", |p| p.text.as_str()))]
    Problems {
        /// The problems, the fatal ones among them.
        problems: Vec<LocatedProblem>,
    },
    /// The adapter failed on it.
    #[error("adapter {name} {version} failed on the message: {failure}")]
    Adapter {
        /// Name of the adapter.
        name: String,
        /// Its version.
        version: String,
        /// How it failed.
        failure: Failure,
    },
}

impl Unreadable {
    /// What is wrong, each with its stable code.
    #[must_use]
    pub fn problems(&self) -> Vec<LocatedProblem> {
        let code = match self {
            Self::Problems { problems } => return problems.clone(),
            Self::MediaType { .. } => "unsupported-media-type",
            Self::UnknownFormat { .. } => "unknown-format",
            Self::Adapter { .. } => "adapter-failed",
        };
        let (code, text) = (code.to_owned(), self.to_string());
        vec![LocatedProblem { code, text, severity: ProblemSeverity::Fatal, location: None }]
    }
}

fn described(given: Option<&str>) -> String {
    given.map_or_else(
        || "the message is of no known format".to_owned(),
        |format| format!("format {format:?} is not known"),
    )
}

/// What a sender says about a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Declared<'a> {
    /// Media type, without parameters.
    pub media_type: Option<&'a str>,
    /// Identifier of the format.
    pub format: Option<&'a str>,
}

/// Reads a message and the messages inside it.
pub fn read(
    engine: &Engine,
    adapters: &[Arc<Plugin>],
    bytes: &[u8],
    declared: Declared<'_>,
) -> Result<Message, Unreadable> {
    let mut message = Message::default();
    Reader { engine, adapters, message: &mut message }.read(bytes, declared, 0)?;
    Ok(message)
}

struct Reader<'r> {
    engine: &'r Engine,
    adapters: &'r [Arc<Plugin>],
    message: &'r mut Message,
}

impl Reader<'_> {
    fn read(&mut self, bytes: &[u8], declared: Declared<'_>, depth: usize) -> Result<(), Unreadable> {
        let (plugin, format) = self.route(bytes, declared)?;
        let manifest = plugin.manifest();
        let (name, version) = (&manifest.name, &manifest.version);
        let adapter = format!("{name} {version}");
        let failed = |failure| Unreadable::Adapter { name: name.clone(), version: version.clone(), failure };
        let run = self.engine.read(&plugin, bytes, &format).map_err(failed)?;
        let mut reading = run.output;
        let places = Arc::new(Places::take(&mut reading));
        let fatal = reading.problems.iter().any(|p| p.severity == ProblemSeverity::Fatal);
        let problems = reading.problems.iter().map(|p| located(p, &places));
        if fatal || reading.documents.is_empty() {
            return Err(Unreadable::Problems { problems: problems.collect() });
        }
        self.message.problems.extend(problems);
        self.message.unmapped.extend(reading.unmapped.into_iter().map(|u| LocatedUnmapped {
            location: places.locate(u.place),
            path: u.path,
            count: u.count,
        }));
        let (embedded, documents): (Vec<_>, Vec<_>) =
            reading.documents.into_iter().partition(|d| matches!(d, Document::Embedded(_)));
        self.message.parts.push(Part {
            format,
            adapter,
            component: plugin.digest(),
            documents,
            places: Arc::clone(&places),
            fuel: run.fuel,
            duration: run.duration,
        });
        for document in embedded {
            if let Document::Embedded(inner) = document {
                self.read_embedded(bytes, &inner, &places, depth)?;
            }
        }
        Ok(())
    }

    fn read_embedded(
        &mut self,
        outer: &[u8],
        inner: &EmbeddedMessage,
        places: &Places,
        depth: usize,
    ) -> Result<(), Unreadable> {
        let refuse = |code: &str, text: &str| Unreadable::Problems {
            problems: vec![LocatedProblem {
                code: code.to_owned(),
                text: text.to_owned(),
                severity: ProblemSeverity::Fatal,
                location: places.locate(inner.place),
            }],
        };
        if depth + 1 >= MAX_DEPTH || self.message.parts.len() >= MAX_MESSAGES {
            return Err(refuse(
                "embedded-too-deep",
                "Messages are nested too deeply, or there are too many.",
            ));
        }
        let content = places
            .bytes(inner.place)
            .and_then(|range| outer.get(range))
            .and_then(|bytes| decoded(bytes, inner.encoding))
            .ok_or_else(|| refuse("embedded-undecodable", "The embedded message cannot be decoded."))?;
        let declared = Declared { media_type: None, format: inner.format.as_deref() };
        let before = self.message.parts.len();
        self.read(&content, declared, depth + 1)?;
        let inside: Vec<LocatedProblem> = self.message.parts[before..]
            .iter()
            .flat_map(|part| contradicted(inner, places, &part.documents, &part.places))
            .collect();
        if inside.is_empty() { Ok(()) } else { Err(Unreadable::Problems { problems: inside }) }
    }

    /// The adapter for a message: that of the declared format, else the one
    /// that recognises it most surely.
    fn route(&self, bytes: &[u8], declared: Declared<'_>) -> Result<(Arc<Plugin>, String), Unreadable> {
        if let Some(wanted) = declared.format {
            let reads = |plugin: &&Arc<Plugin>| formats(plugin).any(|f| f.id == wanted);
            return match self.adapters.iter().find(reads) {
                Some(plugin) => Ok((Arc::clone(plugin), wanted.to_owned())),
                None => Err(self.unknown_format(Some(wanted))),
            };
        }
        let media_type = declared.media_type.map(essence).unwrap_or_default();
        let takes = |plugin: &Plugin| {
            GENERIC.contains(&media_type.as_str())
                || formats(plugin).any(|f| f.media_types.iter().any(|t| essence(t) == media_type))
        };
        if !self.adapters.is_empty() && !self.adapters.iter().any(|plugin| takes(plugin)) {
            return Err(Unreadable::MediaType { given: media_type, known: self.media_types() });
        }
        let mut best: Option<(u8, &Arc<Plugin>, String)> = None;
        for plugin in self.adapters.iter().filter(|plugin| takes(plugin)) {
            // An adapter that fails to recognise a message does not know it.
            let Ok(run) = self.engine.recognise(plugin, bytes) else { continue };
            if let Some(recognition) = run.output
                && best.as_ref().is_none_or(|(confidence, ..)| recognition.confidence > *confidence)
            {
                best = Some((recognition.confidence, plugin, recognition.format));
            }
        }
        match best {
            Some((_, plugin, format)) => Ok((Arc::clone(plugin), format)),
            None => Err(self.unknown_format(None)),
        }
    }

    fn unknown_format(&self, given: Option<&str>) -> Unreadable {
        let mut known: Vec<String> =
            self.adapters.iter().flat_map(|p| formats(p).map(|f| f.id.clone())).collect();
        known.sort_unstable();
        known.dedup();
        Unreadable::UnknownFormat { given: given.map(str::to_owned), known }
    }

    fn media_types(&self) -> Vec<String> {
        let mut known: Vec<String> =
            self.adapters.iter().flat_map(|p| formats(p).flat_map(|f| f.media_types.clone())).collect();
        known.sort_unstable();
        known.dedup();
        known
    }
}

/// The formats that an adapter reads.
fn formats(plugin: &Plugin) -> impl Iterator<Item = &Format> {
    plugin.manifest().formats.iter().filter(|format| format.reads)
}

/// A media type without its parameters; `text/xml` is `application/xml`.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "text/xml" { "application/xml".to_owned() } else { essence }
}

fn located(problem: &Problem, places: &Places) -> LocatedProblem {
    LocatedProblem {
        code: problem.code.clone(),
        text: problem.text.clone(),
        severity: problem.severity,
        location: places.locate(problem.place),
    }
}

/// Undoes an encoding; none where it cannot be undone.
pub fn decoded(bytes: &[u8], encoding: AttachmentEncoding) -> Option<Cow<'_, [u8]>> {
    match encoding {
        AttachmentEncoding::Verbatim => Some(Cow::Borrowed(bytes)),
        AttachmentEncoding::Base64 => BASE64.decode(compact(bytes)).ok().map(Cow::Owned),
        AttachmentEncoding::Hexadecimal => {
            std::str::from_utf8(&compact(bytes)).ok().and_then(hex::decode).map(Cow::Owned)
        }
        AttachmentEncoding::External => None,
    }
}

/// RFC 4648 as mail and XML write it: white space passed over, padding
/// optional.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn compact(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
}

impl Message {
    /// Format of the outermost message.
    pub fn format(&self) -> &str {
        self.parts.first().map_or("", |part| &part.format)
    }

    /// Whether there is a declaration in it.
    pub fn holds_declaration(&self) -> bool {
        let mut documents = self.parts.iter().flat_map(|part| &part.documents);
        documents.any(|document| matches!(document, Document::Declaration(_)))
    }

    /// The certificates in it.
    pub fn certificates(&mut self) -> Vec<Found<Certificate>> {
        self.take(|document| match document {
            Document::Certificate(certificate) => Ok(certificate),
            other => Err(Box::new(other)),
        })
    }

    /// The declarations in it.
    pub fn declarations(&mut self) -> Vec<Found<Declaration>> {
        self.take(|document| match document {
            Document::Declaration(declaration) => Ok(declaration),
            other => Err(Box::new(other)),
        })
    }

    /// The acknowledgements in it.
    pub fn acknowledgements(&mut self) -> Vec<Found<Acknowledgement>> {
        self.take(|document| match document {
            Document::Acknowledgement(acknowledgement) => Ok(acknowledgement),
            other => Err(Box::new(other)),
        })
    }

    fn take<D>(&mut self, pick: impl Fn(Document) -> Result<D, Box<Document>>) -> Vec<Found<D>> {
        let mut found = Vec::new();
        for part in &mut self.parts {
            for document in std::mem::take(&mut part.documents) {
                match pick(document) {
                    Ok(document) => found.push(Found { document, places: Arc::clone(&part.places) }),
                    Err(other) => part.documents.push(*other),
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone() {
        let text = |bytes: &[u8], encoding| {
            decoded(bytes, encoding).map(|b| String::from_utf8_lossy(&b).into_owned())
        };
        assert_eq!(text(b" YS 1i\nYw== ", AttachmentEncoding::Base64).as_deref(), Some("a-bc"));
        assert_eq!(text(b"YS1iYw", AttachmentEncoding::Base64).as_deref(), Some("a-bc"));
        for bad in [&b"Y"[..], b"YS=1", b"Y%", b"YS1i==="] {
            assert_eq!(text(bad, AttachmentEncoding::Base64), None);
        }
        assert_eq!(text(b"61 2d", AttachmentEncoding::Hexadecimal).as_deref(), Some("a-"));
        assert_eq!(text(b"6", AttachmentEncoding::Hexadecimal), None);
        assert_eq!(text(b"zz", AttachmentEncoding::Hexadecimal), None);
        assert_eq!(text(b"", AttachmentEncoding::External), None);
    }

    #[test]
    fn media_types_are_compared_without_parameters() {
        assert_eq!(essence("Text/XML; charset=utf-8"), "application/xml");
        assert_eq!(essence("application/json"), "application/json");
    }
}
