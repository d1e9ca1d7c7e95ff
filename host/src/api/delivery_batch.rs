//! The body of a batch: a form, a JSON list, or a JSON object a line.

use axum::extract::{FromRequest, Request};
use ecert_model::parts::AttachmentEncoding;
use ecert_model::readings::ProblemSeverity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::App;
use super::body::{lines, media_type, parse, receive, unsupported};
use super::form::{self, Part};
use super::problem::{Code, Problem};
use crate::contract::places::Location;
use crate::deliveries::Handed;
use crate::intake::read::{LocatedProblem, decoded};

/// Messages of a batch at most.
pub(super) const MESSAGES: usize = 5_000;
/// Bytes of a batch at most, unless bodies may be larger anyway.
const LARGEST: usize = 64 << 20;
/// What batches come as.
const TAKEN: [&str; 3] = ["multipart/form-data", "application/x-ndjson", "application/json"];

/// The messages of a batch.
pub(super) struct Batch(pub Vec<Handed>);

/// A message of a batch, as text or as Base64.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DeliveryEntry)]
pub(super) struct Entry {
    /// The message, as text.
    message: Option<String>,
    /// The message, as Base64 (RFC 4648).
    base64: Option<String>,
    /// Its media type; `application/xml` unless given.
    media_type: Option<String>,
    /// Its format; recognised unless given.
    format: Option<String>,
    /// What the sender calls it.
    #[serde(default)]
    name: String,
}

/// A batch as JSON.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = DeliveryBatch)]
pub(super) struct List {
    /// The messages, in their order.
    messages: Vec<Entry>,
}

impl FromRequest<App> for Batch {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = app.limits.body.max(LARGEST);
        let media_type = media_type(request.headers())?;
        let messages: Vec<Handed> = match media_type.as_str() {
            "multipart/form-data" => {
                form::read(request, app, MESSAGES, limit).await?.into_iter().map(Handed::from).collect()
            }
            "application/x-ndjson" => of_lines(&receive(request, limit).await?),
            "application/json" => {
                let list: List = parse(&receive(request, limit).await?)?;
                (1..).zip(list.messages).map(|(position, entry)| entry.handed(position, &[])).collect()
            }
            other => return Err(unsupported(other, &TAKEN)),
        };
        checked(messages, app.limits.body).map(Self)
    }
}

fn checked(messages: Vec<Handed>, largest: usize) -> Result<Vec<Handed>, Problem> {
    if messages.is_empty() || messages.len() > MESSAGES {
        let count = messages.len();
        return Err(Problem::invalid(format!("A batch has 1 to {MESSAGES} messages, not {count}.")));
    }
    match messages.iter().position(|handed| handed.bytes.len() > largest) {
        Some(index) => {
            let detail = format!("Message {} is larger than {largest} bytes.", index + 1);
            Err(Problem::new(Code::TooLarge, detail))
        }
        None => Ok(messages),
    }
}

/// A line that holds no message is a message of its own, which is rejected:
/// the others are taken.
fn of_lines(bytes: &[u8]) -> Vec<Handed> {
    let one = |(number, line, entry): (usize, &[u8], Result<Entry, serde_json::Error>)| match entry {
        Ok(entry) => entry.handed(number, line),
        Err(error) => broken(number, error.column(), error.to_string(), line),
    };
    lines(bytes).into_iter().map(one).collect()
}

fn broken(line: usize, column: usize, text: String, bytes: &[u8]) -> Handed {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Handed {
        bytes: bytes.to_vec(),
        media_type: Some("application/json".to_owned()),
        broken: Some(LocatedProblem {
            code: "batch-entry".to_owned(),
            text,
            severity: ProblemSeverity::Fatal,
            location: Some(Location { line: number(line), column: number(column), path: String::new() }),
        }),
        ..Handed::default()
    }
}

impl Entry {
    /// The message of the entry at a position, which came as these bytes.
    fn handed(self, position: usize, came: &[u8]) -> Handed {
        let bytes = match (&self.message, &self.base64) {
            (Some(message), None) => Some(message.as_bytes().to_vec()),
            (None, Some(base64)) => {
                decoded(base64.as_bytes(), AttachmentEncoding::Base64).map(|bytes| bytes.into_owned())
            }
            _ => None,
        };
        let Some(bytes) = bytes else {
            let text = "an entry holds either message, as text, or base64, in order".to_owned();
            return Handed { name: self.name, ..broken(position, 1, text, came) };
        };
        let media_type = self.media_type.unwrap_or_else(|| "application/xml".to_owned());
        Handed { name: self.name, bytes, media_type: Some(media_type), format: self.format, broken: None }
    }
}

impl From<Part> for Handed {
    fn from(part: Part) -> Self {
        Self {
            name: part.file.unwrap_or(part.name),
            bytes: part.bytes,
            media_type: part.media_type,
            format: None,
            broken: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_hold_no_message_are_told_with_their_places() {
        let batch = b"{\"message\":\"<a/>\"}\n\n{\"base64\":\"PGIvPg==\",\"name\":\"b\"}\n{\"message\":\n{\"name\":\"c\"}\n\
            {\"base64\":\"%\"}\n";
        let handed = of_lines(batch);
        let told: Vec<_> =
            handed.iter().map(|one| one.broken.as_ref().and_then(|p| p.location.clone())).collect();
        let at = |line, column| Some(Location { line, column, path: String::new() });
        assert_eq!(told, [None, None, at(4, 11), at(5, 1), at(6, 1)]);
        assert_eq!((handed[0].bytes.as_slice(), handed[1].bytes.as_slice()), (&b"<a/>"[..], &b"<b/>"[..]));
        assert_eq!((handed[1].name.as_str(), handed[4].bytes.as_slice()), ("b", &b"{\"base64\":\"%\"}"[..]));
    }

    #[test]
    fn a_batch_has_some_messages_and_none_is_too_large() {
        assert_eq!(checked(Vec::new(), 9).unwrap_err().code, "invalid");
        assert_eq!(checked(vec![Handed::default(); MESSAGES + 1], 9).unwrap_err().code, "invalid");
        let large = Handed { bytes: vec![b' '; 10], ..Handed::default() };
        assert!(checked(vec![Handed::default(), large], 9).unwrap_err().detail.contains("Message 2"));
    }
}
