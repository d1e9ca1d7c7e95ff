//! How tables are kept: versions, each of all its rows, compressed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Definition, Imported, Parameters, ReferenceError, Snapshot, Version, agreements};
use crate::access::Principal;
use crate::audit;
use crate::digest::Digest;
use crate::store::{StoreError, Transaction, new_id, now};

/// A version that is to be stored.
pub(super) struct NewVersion {
    pub(super) by: Principal,
    pub(super) source: String,
    pub(super) table: String,
    pub(super) reason: String,
    pub(super) digest: Digest,
    pub(super) rows: usize,
    pub(super) content: Vec<u8>,
}

impl NewVersion {
    /// Stores it as the next version; the table is locked.
    pub(super) fn store(&self, transaction: &mut dyn Transaction) -> Result<Imported, ReferenceError> {
        let subject = format!("table/{}", self.table);
        let latest = transaction.query_optional(
            "SELECT number, digest FROM reference_version WHERE name = $1 ORDER BY number DESC LIMIT 1",
            &[(&self.table).into()],
        )?;
        let (number, same) = match latest {
            Some(row) => (row.integer(0)?, digest(row.bytes(1)?)? == self.digest),
            None => (0, false),
        };
        let number = if same { number } else { number + 1 };
        if !same {
            transaction.execute(
                "INSERT INTO reference_version (id, name, number, digest, row_count, content, recorded_at, \
                 recorded_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &[
                    (&new_id()).into(),
                    (&self.table).into(),
                    number.into(),
                    self.digest.as_bytes().into(),
                    (self.rows as i64).into(),
                    (&self.content).into(),
                    now().into(),
                    (&self.by.id).into(),
                    (&self.reason).into(),
                ],
            )?;
            let entry = audit::Entry {
                principal: &self.by,
                source: &self.source,
                action: "table-imported",
                subject: &subject,
                content: self.digest.as_bytes(),
            };
            audit::record(transaction, &entry)?;
        }
        Ok(Imported {
            table: self.table.clone(),
            version: number.unsigned_abs(),
            digest: self.digest,
            rows: self.rows,
            changed: !same,
            proposal: None,
        })
    }
}

pub(super) fn definitions(
    transaction: &mut dyn Transaction,
) -> Result<BTreeMap<String, Definition>, StoreError> {
    let mut definitions: BTreeMap<String, Definition> =
        Definition::built_in().into_iter().map(|table| (table.name.clone(), table)).collect();
    for row in transaction.query("SELECT name, definition FROM reference_definition", &[])? {
        let definition = serde_json::from_str(row.text(1)?)
            .map_err(|error| StoreError::Value(format!("the table {:?}: {error}", row.text(0))))?;
        definitions.insert(row.text(0)?.into(), definition);
    }
    Ok(definitions)
}

/// The version of a table with a digest.
pub(super) fn pinned(
    transaction: &mut dyn Transaction,
    definitions: &BTreeMap<String, Definition>,
    name: &str,
    digest: &str,
) -> Result<Version, ReferenceError> {
    let gone = || ReferenceError::Invalid(format!("the version {digest} of the table {name} is not kept"));
    let bytes: Digest = digest.parse().map_err(|_| gone())?;
    let row = transaction.query(
        "SELECT id, name, number, recorded_at FROM reference_version WHERE name = $1 AND digest = $2 \
         ORDER BY number LIMIT 1",
        &[name.into(), bytes.as_bytes().into()],
    )?;
    Ok(load_version(transaction, definitions, row.first().ok_or_else(gone)?)?)
}

pub(super) fn load(transaction: &mut dyn Transaction, current: &Snapshot) -> Result<Snapshot, StoreError> {
    let definitions = definitions(transaction)?;
    let latest = transaction.query(
        "SELECT v.id, v.name, v.number, v.recorded_at FROM reference_version v WHERE v.number = \
         (SELECT MAX(w.number) FROM reference_version w WHERE w.name = v.name)",
        &[],
    )?;
    let mut tables = BTreeMap::new();
    for row in latest {
        let (id, name) = (row.text(0)?, row.text(1)?);
        let version = match current.tables.get(name).filter(|loaded| loaded.id == id) {
            Some(loaded) => Arc::clone(loaded),
            None => Arc::new(load_version(transaction, &definitions, &row)?),
        };
        tables.insert(name.to_owned(), version);
    }
    Ok(Snapshot {
        tables,
        definitions,
        parameters: Parameters::load(transaction)?,
        agreements: Arc::new(agreements::load(transaction)?),
    })
}

pub(super) fn load_version(
    transaction: &mut dyn Transaction,
    definitions: &BTreeMap<String, Definition>,
    row: &crate::store::Row,
) -> Result<Version, StoreError> {
    let (id, name) = (row.text(0)?, row.text(1)?);
    let unusable = |what: &str| StoreError::Value(format!("a version of the table {name:?}: {what}"));
    let definition = definitions.get(name).ok_or_else(|| unusable("the table is not defined"))?;
    let content = transaction.query("SELECT content FROM reference_version WHERE id = $1", &[id.into()])?;
    let content = content.first().ok_or_else(|| unusable("it has no content"))?;
    let canonical = decompress(content.bytes(0)?)?;
    let number = row.integer(2)?.unsigned_abs();
    Version::load(id.into(), number, row.integer(3)?, definition.clone(), &canonical)
        .map_err(|error| unusable(&error))
}

pub(super) fn decompress(content: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::decode_all(content).map_err(|error| StoreError::Value(format!("a table cannot be read: {error}")))
}

pub(super) fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_| StoreError::Value("a digest has not 32 bytes".into()))?;
    Ok(bytes.into())
}
