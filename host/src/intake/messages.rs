//! Messages in the store, the rejected ones among them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Intake;
use super::compress::decompress;
use super::read::LocatedProblem;
use crate::problem_texts::{Language, text};
use crate::store::{Row, StoreError, Value};

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptMessage {
    /// Its reference.
    pub id: String,
    /// `waiting`, `read` or `rejected`.
    pub state: String,
    /// When it was received (RFC 3339, UTC).
    pub received: String,
    /// Who sent it.
    pub sender: String,
    /// Its media type as given.
    pub media_type: String,
    /// The format it was read as, or was said to be.
    pub format: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// What is wrong in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<KeptProblem>,
}

/// What is wrong in a message.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct KeptProblem {
    /// What the code means, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    /// The problem and where it is.
    #[serde(flatten)]
    pub problem: LocatedProblem,
}

impl KeptMessage {
    /// Says what the codes of its problems mean, in a language.
    pub fn tell_in(&mut self, language: Language) {
        for told in &mut self.problems {
            told.title = text(&told.problem.code, language);
        }
    }
}

impl Intake {
    /// What became of a message.
    pub fn kept(&self, id: &str) -> Result<Option<KeptMessage>, StoreError> {
        const SELECT: &str = "SELECT id, state, received_at, principal_name, media_type, format, size, digest, \
            problems FROM message WHERE id = $1";
        self.store.read(|transaction| {
            transaction.query(SELECT, &[Value::Text(id)])?.first().map(message).transpose()
        })
    }
}

/// What became of a message: a row of identifier, state, receipt, sender,
/// media type, format, size, digest and problems.
pub(crate) fn message(row: &Row) -> Result<KeptMessage, StoreError> {
    let told = row.optional_bytes(8)?.and_then(decompress).unwrap_or_default();
    let problems: Vec<LocatedProblem> = serde_json::from_slice(&told).unwrap_or_default();
    Ok(KeptMessage {
        id: row.text(0)?.to_owned(),
        state: row.text(1)?.to_owned(),
        received: Timestamp::from_microsecond(row.integer(2)?).unwrap_or_default().to_string(),
        sender: row.text(3)?.to_owned(),
        media_type: row.text(4)?.to_owned(),
        format: row.text(5)?.to_owned(),
        size: row.integer(6)?.unsigned_abs(),
        digest: crate::hex::encode(row.bytes(7)?),
        problems: problems.into_iter().map(|problem| KeptProblem { title: None, problem }).collect(),
    })
}
