//! What customs have to be told, until they acknowledge it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LEASE, pause};
use crate::store::{Row, Store, StoreError, Transaction, Value, new_id, now};

/// What happened to a declaration after its verdict was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Event {
    /// It was verified again, with another verdict.
    VerdictChanged {
        /// The verdict before.
        before: String,
        /// The verdict that holds now.
        verdict: String,
        /// Why it was verified again.
        why: String,
    },
    /// An officer decided on it.
    Decided {
        /// `accept`, `refuse`, `hold` or `inspect`.
        action: String,
        /// The officer's reason, as a code of the authority's list.
        reason_code: String,
    },
    /// Its goods were released on a certificate that was taken back since.
    RecallOpened {
        /// Identifier of the recall.
        recall: String,
        /// What became of the certificate.
        why: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    declaration: String,
    reference: String,
    verification: String,
    #[serde(flatten)]
    event: Event,
}

/// Something that customs are told until they acknowledge it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Identifier: the same, however often it is sent.
    pub id: String,
    /// When it happened (RFC 3339, UTC).
    pub at: String,
    /// Identifier of the declaration.
    pub declaration: String,
    /// Reference number of the declaration.
    pub reference: String,
    /// Identifier of the verification that counts now.
    pub verification: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// How often it was sent without being acknowledged.
    pub attempts: i64,
    /// Why it was not acknowledged the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// When it was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
    #[serde(skip)]
    lease: i64,
}

/// Why a notice is not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// There is no such notice for who asks.
    #[error("there is no notice {0}")]
    Unknown(String),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down what has to be told to who lodged a declaration: of the
/// declaration, its reference number, and the verification.
pub fn tell(
    transaction: &mut dyn Transaction,
    principal: &str,
    (declaration, reference, verification): (&str, &str, &str),
    event: &Event,
) -> Result<(), StoreError> {
    let content = Content {
        declaration: declaration.to_owned(),
        reference: reference.to_owned(),
        verification: verification.to_owned(),
        event: event.clone(),
    };
    let text = serde_json::to_string(&content).map_err(|error| StoreError::Value(error.to_string()))?;
    transaction
        .execute(
            "INSERT INTO notice (id, principal_id, content, made_at, due_at, attempts) VALUES ($1, $2, $3, $4, $4, 0)",
            &[(&new_id()).into(), principal.into(), (&text).into(), now().into()],
        )
        .map(drop)
}

/// Notices to one principal, or to all; the earliest first, behind one of
/// them.
pub fn notices(
    store: &Store,
    principal: Option<&str>,
    open: bool,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Notice>, StoreError> {
    const SELECT: &str = "SELECT id, content, made_at, due_at, attempts, failure, acknowledged_at FROM notice \
        WHERE ($1 = '' OR principal_id = $1) AND ($2 = 0 OR acknowledged_at IS NULL) AND id > $3 \
        ORDER BY id LIMIT $4";
    let parameters = [
        principal.unwrap_or_default().into(),
        Value::Integer(open.into()),
        after.unwrap_or_default().into(),
        Value::Integer(limit.into()),
    ];
    store.read(|transaction| transaction.query(SELECT, &parameters)?.iter().map(notice).collect())
}

/// Notes that a notice to this principal, or to whomever, was received. Once
/// more is no fault.
pub fn acknowledge(store: &Store, principal: Option<&str>, by: &str, id: &str) -> Result<(), NoticeError> {
    const KNOWN: &str = "SELECT id FROM notice WHERE id = $1 AND ($2 = '' OR principal_id = $2)";
    let (principal, by, id) = (principal.unwrap_or_default().to_owned(), by.to_owned(), id.to_owned());
    store.write(move |transaction| {
        if transaction.query_optional(KNOWN, &[(&id).into(), (&principal).into()])?.is_none() {
            return Err(NoticeError::Unknown(id.clone()));
        }
        Ok(acknowledged(transaction, &id, &by)?)
    })
}

pub(super) fn acknowledged(transaction: &mut dyn Transaction, id: &str, by: &str) -> Result<(), StoreError> {
    const ACKNOWLEDGE: &str = "UPDATE notice SET acknowledged_at = $1, acknowledged_by = $2, failure = NULL \
        WHERE id = $3 AND acknowledged_at IS NULL";
    transaction.execute(ACKNOWLEDGE, &[now().into(), by.into(), id.into()]).map(drop)
}

/// Takes on the notice that is due the longest, if any is.
pub(super) fn take(store: &Store) -> Result<Option<Notice>, StoreError> {
    const NEXT: &str = "SELECT id, content, made_at, due_at, attempts, failure, acknowledged_at FROM notice \
        WHERE acknowledged_at IS NULL AND due_at <= $1 ORDER BY due_at, id LIMIT 1";
    const TAKE: &str = "UPDATE notice SET due_at = $1, attempts = attempts + 1 WHERE id = $2 AND due_at = $3";
    let moment = now();
    let next = store.read(|transaction| transaction.query_optional(NEXT, &[moment.into()]))?;
    let Some(row) = next else { return Ok(None) };
    let known = notice(&row)?;
    let next = Notice { attempts: known.attempts + 1, lease: moment + LEASE, ..known.clone() };
    let taken = store.write(move |transaction| {
        transaction.execute(TAKE, &[(moment + LEASE).into(), (&known.id).into(), known.lease.into()])
    })?;
    // Another host may have been faster.
    Ok((taken == 1).then_some(next))
}

/// Tries again later, each time after a longer pause.
pub(super) fn put_off(
    transaction: &mut dyn Transaction,
    notice: &Notice,
    failure: &str,
) -> Result<(), StoreError> {
    const LATER: &str = "UPDATE notice SET due_at = $1, failure = $2 WHERE id = $3 AND due_at = $4";
    let at = now() + pause(notice.attempts);
    let parameters = [at.into(), failure.into(), (&notice.id).into(), notice.lease.into()];
    transaction.execute(LATER, &parameters).map(drop)
}

fn notice(row: &Row) -> Result<Notice, StoreError> {
    let content: Content = serde_json::from_str(row.text(1)?)
        .map_err(|error| StoreError::Value(format!("a notice is damaged: {error}")))?;
    let instant = |micros| jiff::Timestamp::from_microsecond(micros).unwrap_or_default().to_string();
    Ok(Notice {
        id: row.text(0)?.to_owned(),
        at: instant(row.integer(2)?),
        declaration: content.declaration,
        reference: content.reference,
        verification: content.verification,
        event: content.event,
        attempts: row.integer(4)?,
        failure: row.optional_text(5)?.map(str::to_owned),
        acknowledged: row.optional_integer(6)?.map(instant),
        lease: row.integer(3)?,
    })
}
