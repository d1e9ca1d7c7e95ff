//! The audit trail: one leaf per transaction that changed something.
//!
//! A leaf is stored in the transaction it tells of, so neither is there
//! without the other. Leaves are not numbered here: one sequencer numbers,
//! chains and signs them later, so that writers do not wait for each other.

use sha2::{Digest as _, Sha256};

use crate::access::Principal;
use crate::store::{StoreError, Transaction, new_id, now};

/// What there is to say about a change.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Who did it.
    pub principal: &'a Principal,
    /// From where: an address, `command-line`, or the part of the host that
    /// acted by itself.
    pub source: &'a str,
    /// What was done, in kebab case: `declaration-submitted`.
    pub action: &'a str,
    /// To what: its kind and identifier, as in `declaration/0190…`.
    pub subject: &'a str,
    /// What the subject became, or what was asked for.
    pub content: &'a [u8],
}

/// Stores the leaf of a transaction, and answers its identifier.
pub fn record(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<String, StoreError> {
    let id = new_id();
    let digest: [u8; 32] = Sha256::digest(entry.content).into();
    transaction.execute(
        "INSERT INTO audit_leaf (id, at, principal_id, principal_name, source, action, subject, digest) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&id).into(),
            now().into(),
            (&entry.principal.id).into(),
            (&entry.principal.name).into(),
            entry.source.into(),
            entry.action.into(),
            entry.subject.into(),
            (&digest).into(),
        ],
    )?;
    Ok(id)
}

/// A stored leaf.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leaf {
    /// Its identifier; later ones sort behind.
    pub id: String,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who.
    pub principal_id: String,
    /// The name they had then.
    pub principal_name: String,
    /// From where.
    pub source: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
}

/// The leaves of a subject, oldest first.
pub fn history(transaction: &mut dyn Transaction, subject: &str) -> Result<Vec<Leaf>, StoreError> {
    let rows = transaction.query(
        "SELECT id, at, principal_id, principal_name, source, action, subject, digest \
         FROM audit_leaf WHERE subject = $1 ORDER BY id",
        &[subject.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Leaf {
                id: row.text(0)?.into(),
                at: row.integer(1)?,
                principal_id: row.text(2)?.into(),
                principal_name: row.text(3)?.into(),
                source: row.text(4)?.into(),
                action: row.text(5)?.into(),
                subject: row.text(6)?.into(),
                digest: crate::hex::encode(row.bytes(7)?),
            })
        })
        .collect()
}
