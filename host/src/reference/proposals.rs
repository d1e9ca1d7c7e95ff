//! Imports that a second person signs off, for the tables that ask for it.

use super::history::{Comparison, compare};
use super::store::{NewVersion, decompress, digest};
use super::{Imported, Reference, ReferenceError, Version};
use crate::access::Principal;
use crate::audit;
use crate::digest::Digest;
use crate::store::{Row, StoreError, Transaction, new_id, now};

const PENDING: &str = "pending";
const SELECT: &str = "SELECT s.id, s.name, s.base, s.digest, s.row_count, s.proposed_at, s.proposed_by, \
    COALESCE(p.name, s.proposed_by), s.reason, s.state, s.decided_at, COALESCE(d.name, s.decided_by), s.remark \
    FROM table_proposal s LEFT JOIN principal p ON p.id = s.proposed_by \
    LEFT JOIN principal d ON d.id = s.decided_by \
    WHERE ($1 = '' OR s.id = $1) AND ($2 = '' OR s.state = $2) ORDER BY s.id DESC LIMIT 500";

/// An import that waits for a second person, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Identifier.
    pub id: String,
    /// Name of the table.
    pub table: String,
    /// Number of the version it would follow.
    pub base: i64,
    /// Digest of its content.
    pub digest: Digest,
    /// Its rows.
    pub rows: i64,
    /// When it was proposed, in microseconds since 1970.
    pub proposed_at: i64,
    /// Name of the author.
    pub proposed_by: String,
    /// Identifier of the author.
    author: String,
    /// Why.
    pub reason: String,
    /// `pending`, `approved` or `rejected`.
    pub state: String,
    /// When that was decided.
    pub decided_at: Option<i64>,
    /// By whom.
    pub decided_by: Option<String>,
    /// What they said.
    pub remark: Option<String>,
}

impl Reference {
    /// Whether imports of a table wait for a second person.
    pub fn needs_sign_off(&self, table: &str) -> Result<bool, StoreError> {
        self.store.read(|transaction| needs_sign_off(transaction, table))
    }

    /// Says whether imports of a table wait for a second person.
    pub fn set_policy(
        &self,
        by: &Principal,
        source: &str,
        table: &str,
        sign_off: bool,
        reason: &str,
    ) -> Result<(), ReferenceError> {
        self.snapshot().definition(table)?;
        let (by, source, table, reason) =
            (by.clone(), source.to_owned(), table.to_owned(), reason.to_owned());
        self.store.write(move |transaction| {
            let subject = format!("table/{table}");
            transaction.lock(&[&format!("reference/{subject}")])?;
            transaction.execute(
                "INSERT INTO table_policy (id, name, sign_off, recorded_at, recorded_by, reason) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                &[
                    (&new_id()).into(),
                    (&table).into(),
                    i64::from(sign_off).into(),
                    now().into(),
                    (&by.id).into(),
                    (&reason).into(),
                ],
            )?;
            let content = if sign_off { "sign-off" } else { "no sign-off" };
            record(transaction, &by, &source, "table-policy-set", &subject, content.as_bytes())
        })
    }

    /// Imports that wait for a second person, or did; the latest first. All
    /// without a state.
    pub fn proposals(&self, state: Option<&str>) -> Result<Vec<Proposal>, StoreError> {
        self.store.read(|transaction| {
            let rows = transaction.query(SELECT, &["".into(), state.unwrap_or_default().into()])?;
            rows.iter().map(proposal).collect()
        })
    }

    /// One of them, and what it would change in the table as it is now.
    pub fn proposal(&self, id: &str) -> Result<(Proposal, Comparison), ReferenceError> {
        let (proposal, proposed) = self.proposed(id)?;
        let snapshot = self.snapshot();
        let current = snapshot.table(&proposal.table).map(|version| &**version);
        let differences = compare((current, None), (Some(&proposed), None));
        Ok((proposal, differences))
    }

    /// One of them, and the version of its table that it proposes.
    pub(super) fn proposed(&self, id: &str) -> Result<(Proposal, Version), ReferenceError> {
        let (proposal, canonical) = self.store.read(|transaction| -> Result<_, ReferenceError> {
            let found = one(transaction, id)?;
            let canonical = decompress(&content(transaction, id)?)?;
            Ok((found, canonical))
        })?;
        let definition = self.snapshot().definition(&proposal.table)?.clone();
        let version = Version::load(String::new(), 0, proposal.proposed_at, definition, &canonical);
        Ok((proposal, version.map_err(ReferenceError::Invalid)?))
    }

    /// Makes a proposal the next version of its table. Whoever proposed it may
    /// not.
    pub fn approve(
        &self,
        by: &Principal,
        source: &str,
        id: &str,
        remark: &str,
    ) -> Result<Imported, ReferenceError> {
        let (by, source, id, remark) = (by.clone(), source.to_owned(), id.to_owned(), remark.to_owned());
        let imported = self.store.write(move |transaction| {
            let proposal = decide(transaction, &by, &id, "approved", &remark)?;
            let latest = transaction.query_optional(
                "SELECT MAX(number) FROM reference_version WHERE name = $1",
                &[(&proposal.table).into()],
            )?;
            let latest = latest.map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or_default();
            if latest != proposal.base {
                return Err(ReferenceError::Conflict(format!(
                    "the table {} has version {latest} by now, and this was proposed on version {}; import it again",
                    proposal.table, proposal.base
                )));
            }
            let version = NewVersion {
                by: Principal { id: proposal.author.clone(), name: proposal.proposed_by.clone(), ..by.clone() },
                source: source.clone(),
                table: proposal.table.clone(),
                reason: proposal.reason.clone(),
                digest: proposal.digest,
                rows: usize::try_from(proposal.rows).unwrap_or_default(),
                content: content(transaction, &id)?,
            };
            let subject = format!("table/{}", proposal.table);
            record(transaction, &by, &source, "table-approved", &subject, proposal.digest.as_bytes())?;
            version.store(transaction)
        })?;
        self.refresh()?;
        Ok(imported)
    }

    /// Turns a proposal down.
    pub fn reject(&self, by: &Principal, source: &str, id: &str, remark: &str) -> Result<(), ReferenceError> {
        let (by, source, id, remark) = (by.clone(), source.to_owned(), id.to_owned(), remark.to_owned());
        self.store.write(move |transaction| {
            let proposal = decide(transaction, &by, &id, "rejected", &remark)?;
            let subject = format!("table/{}", proposal.table);
            record(transaction, &by, &source, "table-rejected", &subject, proposal.digest.as_bytes())
        })
    }
}

impl NewVersion {
    /// Keeps it as a proposal.
    pub(super) fn propose(&self, transaction: &mut dyn Transaction) -> Result<Imported, ReferenceError> {
        let subject = format!("table/{}", self.table);
        let latest = transaction.query_optional(
            "SELECT number, digest FROM reference_version WHERE name = $1 ORDER BY number DESC LIMIT 1",
            &[(&self.table).into()],
        )?;
        let (base, same) = match latest {
            Some(row) => (row.integer(0)?, digest(row.bytes(1)?)? == self.digest),
            None => (0, false),
        };
        let id = new_id();
        if !same {
            transaction.execute(
                "INSERT INTO table_proposal (id, name, base, digest, row_count, content, proposed_at, proposed_by, \
                 reason, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending')",
                &[
                    (&id).into(),
                    (&self.table).into(),
                    base.into(),
                    self.digest.as_bytes().into(),
                    (self.rows as i64).into(),
                    (&self.content).into(),
                    now().into(),
                    (&self.by.id).into(),
                    (&self.reason).into(),
                ],
            )?;
            record(transaction, &self.by, &self.source, "table-proposed", &subject, self.digest.as_bytes())?;
        }
        Ok(Imported {
            table: self.table.clone(),
            version: base.unsigned_abs(),
            digest: self.digest,
            rows: self.rows,
            changed: false,
            proposal: (!same).then_some(id),
        })
    }
}

pub(super) fn needs_sign_off(transaction: &mut dyn Transaction, table: &str) -> Result<bool, StoreError> {
    let row = transaction.query_optional(
        "SELECT sign_off FROM table_policy WHERE name = $1 ORDER BY recorded_at DESC, id DESC LIMIT 1",
        &[table.into()],
    )?;
    row.map_or(Ok(false), |row| Ok(row.integer(0)? != 0))
}

/// Notes what a second person decided on a pending proposal.
fn decide(
    transaction: &mut dyn Transaction,
    by: &Principal,
    id: &str,
    state: &str,
    remark: &str,
) -> Result<Proposal, ReferenceError> {
    let table = one(transaction, id)?.table;
    transaction.lock(&[&format!("reference/table/{table}")])?;
    let proposal = one(transaction, id)?;
    if proposal.state != PENDING {
        return Err(ReferenceError::Conflict(format!("the proposal was {} already", proposal.state)));
    }
    if proposal.author == by.id {
        return Err(ReferenceError::OwnProposal);
    }
    transaction.execute(
        "UPDATE table_proposal SET state = $1, decided_at = $2, decided_by = $3, remark = $4 WHERE id = $5",
        &[state.into(), now().into(), (&by.id).into(), remark.into(), id.into()],
    )?;
    Ok(proposal)
}

fn one(transaction: &mut dyn Transaction, id: &str) -> Result<Proposal, ReferenceError> {
    let row = transaction.query_optional(SELECT, &[id.into(), "".into()])?;
    Ok(proposal(&row.ok_or_else(|| ReferenceError::UnknownProposal(id.into()))?)?)
}

fn content(transaction: &mut dyn Transaction, id: &str) -> Result<Vec<u8>, StoreError> {
    let row = transaction.query_optional("SELECT content FROM table_proposal WHERE id = $1", &[id.into()])?;
    row.map_or(Ok(Vec::new()), |row| Ok(row.bytes(0)?.to_vec()))
}

fn proposal(row: &Row) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.text(0)?.into(),
        table: row.text(1)?.into(),
        base: row.integer(2)?,
        digest: digest(row.bytes(3)?)?,
        rows: row.integer(4)?,
        proposed_at: row.integer(5)?,
        author: row.text(6)?.into(),
        proposed_by: row.text(7)?.into(),
        reason: row.text(8)?.into(),
        state: row.text(9)?.into(),
        decided_at: row.optional_integer(10)?,
        decided_by: row.optional_text(11)?.map(str::to_owned),
        remark: row.optional_text(12)?.map(str::to_owned),
    })
}

fn record(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    action: &'static str,
    subject: &str,
    content: &[u8],
) -> Result<(), ReferenceError> {
    let entry = audit::Entry { principal: by, source, action, subject, content };
    Ok(audit::record(transaction, &entry).map(drop)?)
}
