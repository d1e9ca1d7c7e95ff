//! Stored verifications, and what officers decide on them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Verdict;
use super::opinions;
use super::record::Record;
use super::service::Verification;
use super::settle;
use crate::audit;
use crate::followup::{self, Event};
use crate::intake::Sender;
use crate::intake::compress::decompress;
use crate::store::{Row, StoreError, Transaction, Value};

/// What an officer can decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The goods may go.
    Accept,
    /// The goods must not enter.
    Refuse,
    /// Wait for something.
    Hold,
    /// Look at the goods.
    Inspect,
}

impl Action {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Hold => "hold",
            Self::Inspect => "inspect",
        }
    }
}

/// An officer's decision on a verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Decision {
    /// What is done.
    pub action: Action,
    /// Why, as a code of the authority's list.
    pub reason_code: String,
    /// Why, in words.
    #[serde(default)]
    pub text: String,
    /// What the officer thinks of each finding.
    #[serde(default)]
    pub findings: Vec<FindingDecision>,
}

/// Whether a finding was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindingDecision {
    /// Index of the finding in the record.
    pub finding: u32,
    /// Whether it was confirmed or dismissed.
    pub opinion: Opinion,
}

/// What an officer thinks of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Opinion {
    /// It is as the finding says.
    Confirmed,
    /// A false alarm.
    Dismissed,
}

/// A decision that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Identifier.
    pub id: String,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who decided.
    pub by: String,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
}

/// A verification with the decisions on it, the latest last.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verified {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// What officers decided.
    pub decisions: Vec<Decided>,
}

/// A verification as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedVerification {
    /// Identifier.
    pub id: String,
    /// Identifier of the declaration.
    pub declaration: String,
    /// Reference number of the declaration.
    pub reference: String,
    /// What it came to.
    pub verdict: Verdict,
    /// The latest decision; none while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
    /// When it was done (RFC 3339, UTC).
    pub at: String,
}

/// Which verifications to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerificationFilter {
    /// What they came to.
    pub verdict: Option<Verdict>,
    /// Reference number of the declaration, in any way of writing.
    pub reference: Option<String>,
    /// Only those that nobody has decided on.
    pub open: bool,
    /// Only those that this principal asked for.
    pub principal: Option<String>,
    /// Done at or after this instant, in microseconds since 1970.
    pub from: Option<i64>,
    /// Done before this instant.
    pub to: Option<i64>,
    /// Identifier behind which to go on.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// There is no such verification.
    #[error("there is no verification {0}")]
    Unknown(String),
    /// It speaks of a finding that is not in the record.
    #[error("the verification has {count} findings; there is no finding {index}")]
    NoSuchFinding {
        /// The index that was given.
        index: u32,
        /// How many there are.
        count: usize,
    },
    /// The declaration was verified again since.
    #[error("the declaration was verified again since; decide on verification {0}")]
    Superseded(String),
    /// A reason is missing.
    #[error("a decision needs a reason code")]
    NoReason,
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Verification {
    /// A verification and the decisions on it.
    pub fn get(&self, id: &str) -> Result<Option<Verified>, StoreError> {
        self.store.read(|transaction| {
            let Some(record) = record(transaction, id)? else { return Ok(None) };
            Ok(Some(Verified { record, decisions: decisions(transaction, id)? }))
        })
    }

    /// Verifications, the latest first.
    pub fn list(&self, filter: &VerificationFilter) -> Result<Vec<ListedVerification>, StoreError> {
        const SELECT: &str = "SELECT id, declaration_id, reference, verdict, decided, at FROM verification \
            WHERE ($1 = '' OR verdict = $1) AND ($2 = '' OR reference = $2) AND ($3 = 0 OR decided = '') \
            AND ($4 = '' OR principal_id = $4) AND ($5 = '' OR id < $5) AND at >= $6 AND at < $7 \
            ORDER BY id DESC LIMIT $8";
        let reference = filter.reference.as_deref().map(crate::intake::number::normalise).unwrap_or_default();
        let parameters = [
            Value::Text(filter.verdict.map_or("", Verdict::name)),
            Value::from(&reference),
            Value::Integer(filter.open.into()),
            Value::Text(filter.principal.as_deref().unwrap_or_default()),
            Value::Text(filter.after.as_deref().unwrap_or_default()),
            Value::Integer(filter.from.unwrap_or(i64::MIN)),
            Value::Integer(filter.to.unwrap_or(i64::MAX)),
            Value::Integer(i64::from(filter.limit.clamp(1, 1_000))),
        ];
        self.store.read(|transaction| transaction.query(SELECT, &parameters)?.iter().map(listed).collect())
    }

    /// Takes an officer's decision.
    pub fn decide(&self, officer: &Sender, id: &str, decision: Decision) -> Result<Decided, DecisionError> {
        if decision.reason_code.trim().is_empty() {
            return Err(DecisionError::NoReason);
        }
        let decided = Decided {
            id: Uuid::now_v7().to_string(),
            at: Timestamp::now().to_string(),
            by: officer.principal.name.clone(),
            decision,
        };
        let (work, officer, id) = (decided.clone(), officer.clone(), id.to_owned());
        self.store.write(move |transaction| {
            let record = record(transaction, &id)?.ok_or_else(|| DecisionError::Unknown(id.clone()))?;
            if let Some(later) = later(transaction, &id)? {
                return Err(DecisionError::Superseded(later));
            }
            let count = record.findings.len();
            if let Some(wrong) = work.decision.findings.iter().find(|f| f.finding as usize >= count) {
                return Err(DecisionError::NoSuchFinding { index: wrong.finding, count });
            }
            store_decision(transaction, &id, &work, &officer)?;
            opinions::store(transaction, &work.id, &record, &work.decision)?;
            settle::after_decision(transaction, &id, work.decision.action, &work.id)?;
            tell_customs(transaction, &record, &work.decision)?;
            let content = serde_json::to_vec(&work).unwrap_or_default();
            let entry = audit::Entry {
                principal: &officer.principal,
                source: &officer.source,
                action: "verification-decided",
                subject: &format!("verification/{id}"),
                content: &content,
            };
            audit::record(transaction, &entry)?;
            Ok(())
        })?;
        Ok(decided)
    }
}

/// The latest verification of the same declaration, if it is another one.
fn later(transaction: &mut dyn Transaction, id: &str) -> Result<Option<String>, StoreError> {
    const LATER: &str = "SELECT l.id FROM verification v JOIN declaration d ON d.id = v.declaration_id \
        JOIN declaration e ON e.country = d.country AND e.declarant = d.declarant AND e.reference = d.reference \
        JOIN verification l ON l.declaration_id = e.id WHERE v.id = $1 AND l.id > v.id ORDER BY l.id DESC LIMIT 1";
    transaction.query_optional(LATER, &[id.into()])?.map(|row| Ok(row.text(0)?.to_owned())).transpose()
}

fn tell_customs(
    transaction: &mut dyn Transaction,
    record: &Record,
    decision: &Decision,
) -> Result<(), StoreError> {
    const LODGED: &str = "SELECT principal_id, reference FROM declaration WHERE id = $1";
    let declaration = &record.declaration.id;
    let Some(row) = transaction.query_optional(LODGED, &[declaration.into()])? else { return Ok(()) };
    let event = Event::Decided {
        action: decision.action.name().to_owned(),
        reason_code: decision.reason_code.clone(),
    };
    followup::tell(transaction, row.text(0)?, (declaration, row.text(1)?, &record.id), &event)
}

fn record(transaction: &mut dyn Transaction, id: &str) -> Result<Option<Record>, StoreError> {
    const SELECT: &str = "SELECT record FROM verification WHERE id = $1";
    let rows = transaction.query(SELECT, &[Value::Text(id)])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let record = decompress(row.bytes(0)?).and_then(|json| serde_json::from_slice(&json).ok());
    record.map(Some).ok_or_else(|| StoreError::Value(format!("the record of verification {id} is damaged")))
}

fn decisions(transaction: &mut dyn Transaction, id: &str) -> Result<Vec<Decided>, StoreError> {
    const SELECT: &str = "SELECT id, at, principal_name, action, reason_code, remark, findings FROM decision \
        WHERE verification_id = $1 ORDER BY id";
    let decided = |row: &Row| {
        let damaged = || StoreError::Value(format!("a decision on verification {id} is damaged"));
        let action = serde_json::from_value(row.text(3)?.into()).map_err(|_| damaged())?;
        Ok(Decided {
            id: row.text(0)?.to_owned(),
            at: Timestamp::from_microsecond(row.integer(1)?).unwrap_or_default().to_string(),
            by: row.text(2)?.to_owned(),
            decision: Decision {
                action,
                reason_code: row.text(4)?.to_owned(),
                text: row.text(5)?.to_owned(),
                findings: serde_json::from_str(row.text(6)?).map_err(|_| damaged())?,
            },
        })
    };
    transaction.query(SELECT, &[Value::Text(id)])?.iter().map(decided).collect()
}

pub(super) fn listed(row: &Row) -> Result<ListedVerification, StoreError> {
    let at = Timestamp::from_microsecond(row.integer(5)?).unwrap_or_default();
    Ok(ListedVerification {
        id: row.text(0)?.to_owned(),
        declaration: row.text(1)?.to_owned(),
        reference: row.text(2)?.to_owned(),
        verdict: row.text(3)?.parse().map_err(StoreError::Value)?,
        decided: Some(row.text(4)?).filter(|d| !d.is_empty()).map(str::to_owned),
        at: at.to_string(),
    })
}

fn store_decision(
    transaction: &mut dyn Transaction,
    verification: &str,
    decided: &Decided,
    officer: &Sender,
) -> Result<(), StoreError> {
    const INSERT: &str = "INSERT INTO decision (id, verification_id, at, principal_id, principal_name, action, \
        reason_code, remark, findings) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    const UPDATE: &str = "UPDATE verification SET decided = $2 WHERE id = $1";
    let decision = &decided.decision;
    let findings = serde_json::to_string(&decision.findings).unwrap_or_default();
    let at = decided.at.parse::<Timestamp>().unwrap_or_else(|_| Timestamp::now());
    let action = decision.action.name();
    let parameters = [
        Value::from(&decided.id),
        Value::Text(verification),
        Value::Integer(at.as_microsecond()),
        Value::from(&officer.principal.id),
        Value::from(&officer.principal.name),
        Value::Text(action),
        Value::from(&decision.reason_code),
        Value::from(&decision.text),
        Value::from(&findings),
    ];
    transaction.execute(INSERT, &parameters)?;
    transaction.execute(UPDATE, &[Value::Text(verification), Value::Text(action)]).map(drop)
}
