//! Reference tables and parameters: what an operator can change without a
//! release, with dates, author and reason, and without losing the past.
//!
//! A table version never changes. An import makes the next version, of all
//! rows or of none; it is loaded, and the [`Snapshot`] that verifications work
//! on is exchanged at once. A verification holds one snapshot from beginning
//! to end and records the digests of the versions in it.

mod definition;
mod import;
mod parameters;
mod schema;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use ecert_model::manifest::{self, Match};
use ecert_model::values::Date;
use serde::Serialize;
use serde_json::Value;

pub use definition::{Column, Content, Definition, VALIDITY};
pub use import::{BadRows, RowProblem};
pub use parameters::{Layer, ParameterEntry, Parameters, Question, Target};
pub use schema::{SchemaProblem, schema_problems};
pub use version::{RowRef, Version};

use crate::access::Principal;
use crate::audit;
use crate::contract::{LookupError, Row, Tables};
use crate::digest::Digest;
use crate::store::{Store, StoreError, Transaction, new_id, now};

/// Largest canonical text of a table.
const MAX_TABLE: usize = 1 << 30;

/// Why a table or a parameter was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Rows of an import are wrong.
    #[error(transparent)]
    BadRows(#[from] BadRows),
    /// There is no such table.
    #[error("there is no table {0:?}; define it first, or use one of: {1}")]
    UnknownTable(String, String),
    /// What was asked for makes no sense; the text says what would.
    #[error("{0}")]
    Invalid(String),
}

/// What became of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Name of the table.
    pub table: String,
    /// Number of the version that holds now.
    pub version: u64,
    /// Digest of its content.
    pub digest: Digest,
    /// Its rows.
    pub rows: usize,
    /// Whether it is new; the same content again makes no new version.
    pub changed: bool,
}

/// A stored version, without its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionEntry {
    /// Identifier.
    pub id: String,
    /// Name of the table.
    pub table: String,
    /// Number within the table, from 1.
    pub number: i64,
    /// Digest of its content.
    pub digest: Digest,
    /// Its rows.
    pub rows: i64,
    /// When it was recorded, in microseconds since 1970.
    pub recorded_at: i64,
    /// Identifier of the author.
    pub recorded_by: String,
    /// Why.
    pub reason: String,
}

/// One consistent state of all tables and parameters.
#[derive(Debug, Default)]
pub struct Snapshot {
    tables: BTreeMap<String, Arc<Version>>,
    definitions: BTreeMap<String, Definition>,
    /// The parameters.
    pub parameters: Parameters,
}

/// The reference data of a store.
pub struct Reference {
    store: Store,
    snapshot: RwLock<Arc<Snapshot>>,
}

impl Reference {
    /// Loads everything that is stored.
    pub fn open(store: Store) -> Result<Self, StoreError> {
        let reference = Self { store, snapshot: RwLock::default() };
        reference.refresh()?;
        Ok(reference)
    }

    /// The state that holds now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes over what was stored since, by this host or another. Versions
    /// that are loaded already are kept.
    pub fn refresh(&self) -> Result<(), StoreError> {
        // Held for writing all the while: of two refreshes, the one that read
        // later must not be overwritten by the other.
        let mut held = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        let current = Arc::clone(&held);
        *held = Arc::new(self.store.read(|transaction| load(transaction, &current))?);
        Ok(())
    }

    /// A state of the past: of each table the version of a digest, as a
    /// verification's record pins them. Parameters are not part of it.
    pub fn at(&self, versions: &BTreeMap<String, String>) -> Result<Arc<Snapshot>, ReferenceError> {
        let current = self.snapshot();
        let loaded = |name: &str, digest: &str| {
            current.tables.get(name).filter(|table| table.digest.to_string() == digest).map(Arc::clone)
        };
        self.store.read(|transaction| {
            let definitions = definitions(transaction)?;
            let mut tables = BTreeMap::new();
            for (name, digest) in versions {
                let table = match loaded(name, digest) {
                    Some(table) => table,
                    None => Arc::new(pinned(transaction, &definitions, name, digest)?),
                };
                tables.insert(name.clone(), table);
            }
            Ok(Arc::new(Snapshot { tables, definitions, parameters: Parameters::default() }))
        })
    }

    /// Makes a table known that is not built in.
    pub fn define(&self, by: &Principal, source: &str, definition: Definition) -> Result<(), ReferenceError> {
        check_definition(&definition)?;
        let (by, source) = (by.clone(), source.to_owned());
        self.store.write(move |transaction| {
            let text = serde_json::to_string(&definition)
                .map_err(|error| ReferenceError::Invalid(error.to_string()))?;
            let inserted = transaction.execute(
                "INSERT INTO reference_definition (name, definition, recorded_at, recorded_by) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                &[(&definition.name).into(), (&text).into(), now().into(), (&by.id).into()],
            )?;
            if inserted == 0 {
                return Err(ReferenceError::Invalid(format!(
                    "the table {} is defined already",
                    definition.name
                )));
            }
            let subject = format!("table/{}", definition.name);
            let entry = audit::Entry {
                principal: &by,
                source: &source,
                action: "table-defined",
                subject: &subject,
                content: text.as_bytes(),
            };
            audit::record(transaction, &entry)?;
            Ok(())
        })?;
        Ok(self.refresh()?)
    }

    /// Makes a file (CSV with a header, or a JSON list of objects) the next
    /// version of a table: all of its rows, or none when one is wrong.
    pub fn import(
        &self,
        by: &Principal,
        source: &str,
        table: &str,
        file: &[u8],
        reason: &str,
    ) -> Result<Imported, ReferenceError> {
        let snapshot = self.snapshot();
        let definition = snapshot.definitions.get(table).ok_or_else(|| {
            let known: Vec<&str> = snapshot.definitions.keys().map(String::as_str).collect();
            ReferenceError::UnknownTable(table.into(), known.join(", "))
        })?;
        let rows = import::read(definition, file)?;
        let unusable = |error: &dyn std::fmt::Display| ReferenceError::Invalid(format!("the rows: {error}"));
        let canonical = import::canonical(definition, &rows).map_err(|error| unusable(&error))?;
        if canonical.len() > MAX_TABLE {
            return Err(ReferenceError::Invalid(format!("a table has at most {MAX_TABLE} bytes of text")));
        }
        let content = zstd::bulk::compress(&canonical, 3).map_err(|error| unusable(&error))?;
        let write = NewVersion {
            by: by.clone(),
            source: source.into(),
            table: table.into(),
            reason: reason.into(),
            digest: Digest::of(&canonical),
            rows: rows.len(),
            content,
        };
        let imported = self.store.write(move |transaction| write.store(transaction))?;
        self.refresh()?;
        Ok(imported)
    }

    /// The versions of a table, newest first; of all tables without a name.
    pub fn versions(&self, table: Option<&str>) -> Result<Vec<VersionEntry>, StoreError> {
        self.store.read(|transaction| {
            let rows = transaction.query(
                "SELECT id, name, number, digest, row_count, recorded_at, recorded_by, reason \
                 FROM reference_version WHERE $1 = '' OR name = $1 ORDER BY name, number DESC",
                &[table.unwrap_or_default().into()],
            )?;
            rows.iter()
                .map(|row| {
                    Ok(VersionEntry {
                        id: row.text(0)?.into(),
                        table: row.text(1)?.into(),
                        number: row.integer(2)?,
                        digest: digest(row.bytes(3)?)?,
                        rows: row.integer(4)?,
                        recorded_at: row.integer(5)?,
                        recorded_by: row.text(6)?.into(),
                        reason: row.text(7)?.into(),
                    })
                })
                .collect()
        })
    }

    /// The rows of a version as CSV; of the one that holds now without a
    /// number. None where there is no such version.
    pub fn export(&self, table: &str, number: Option<i64>) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.read(|transaction| {
            let row = transaction.query_optional(
                "SELECT content FROM reference_version WHERE name = $1 AND number = COALESCE($2, \
                 (SELECT MAX(number) FROM reference_version WHERE name = $1))",
                &[table.into(), number.into()],
            )?;
            row.map(|row| decompress(row.bytes(0)?)).transpose()
        })
    }

    /// Sets parameters, or with `null` takes back what was set for the same
    /// layer. They are checked for their form only: whoever knows the rule set
    /// checks them by its schema ([`schema_problems`]).
    pub fn set_parameters(
        &self,
        by: &Principal,
        source: &str,
        target: Target,
        content: Value,
        reason: &str,
    ) -> Result<ParameterEntry, ReferenceError> {
        let (by, source, reason) = (by.clone(), source.to_owned(), reason.to_owned());
        let entry = self.store.write(move |transaction| {
            parameters::set(transaction, &by, &source, &target, &content, &reason)
        })?;
        self.refresh()?;
        Ok(entry)
    }
}

impl Snapshot {
    /// The version of a table that holds now, if one was imported.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Arc<Version>> {
        self.tables.get(name)
    }

    /// All versions that hold now.
    pub fn tables(&self) -> impl Iterator<Item = &Arc<Version>> {
        self.tables.values()
    }

    /// The tables that are known, imported or not.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }

    /// Whether a principal was granted to deliver certificates of a country
    /// and type (table `delivery-grants`; no types listed means all).
    #[must_use]
    pub fn may_deliver(&self, principal: &str, country: &str, certificate_type: &str, day: Date) -> bool {
        self.listed(
            "delivery-grants",
            &["principal", "country"],
            &[principal, country],
            certificate_type,
            day,
        )
        .unwrap_or(false)
    }

    /// Whether an authority issues certificates of a type for a country; none
    /// where no register of authorities was imported.
    #[must_use]
    pub fn is_authority(
        &self,
        country: &str,
        authority: &str,
        certificate_type: &str,
        day: Date,
    ) -> Option<bool> {
        self.listed(
            "issuing-authorities",
            &["country", "authority"],
            &[country, authority],
            certificate_type,
            day,
        )
    }

    fn listed(
        &self,
        table: &str,
        columns: &[&str],
        key: &[&str],
        certificate_type: &str,
        day: Date,
    ) -> Option<bool> {
        let version = self.table(table)?;
        let positions: Vec<usize> = columns.iter().filter_map(|c| version.definition.position(c)).collect();
        let types = version.definition.position("certificateTypes")?;
        Some(version.find(&positions, key, Match::Exact, day).iter().any(|row| {
            let mut listed = row.cell(types).split_whitespace().peekable();
            listed.peek().is_none() || listed.any(|listed| listed == certificate_type)
        }))
    }

    fn answer(&self, table: &manifest::Table, keys: &[Vec<String>], as_of: Date) -> Option<Vec<Vec<Row>>> {
        let version = self.table(&table.name)?;
        let positions = |columns: &[String]| -> Option<Vec<usize>> {
            columns.iter().map(|column| version.definition.position(column)).collect()
        };
        let (key_columns, columns) = (positions(&table.keys)?, positions(&table.columns)?);
        let rows = |key: &Vec<String>| {
            let found = version.find(&key_columns, key, table.matching, as_of);
            let row = |found: &RowRef<'_>| Row {
                cells: columns.iter().map(|column| Arc::clone(found.cell(*column))).collect(),
                valid_from: found.days().0,
                valid_until: found.days().1,
            };
            found.iter().map(row).collect()
        };
        Some(keys.iter().map(rows).collect())
    }
}

impl Tables for Snapshot {
    /// A table without the columns that a manifest asks for is none to it.
    fn lookup(
        &self,
        table: &manifest::Table,
        keys: &[Vec<String>],
        as_of: Date,
    ) -> Result<Vec<Vec<Row>>, LookupError> {
        self.answer(table, keys, as_of).ok_or(LookupError::UnknownTable)
    }
}

struct NewVersion {
    by: Principal,
    source: String,
    table: String,
    reason: String,
    digest: Digest,
    rows: usize,
    content: Vec<u8>,
}

impl NewVersion {
    fn store(&self, transaction: &mut dyn Transaction) -> Result<Imported, ReferenceError> {
        let subject = format!("table/{}", self.table);
        transaction.lock(&[&format!("reference/{subject}")])?;
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
        })
    }
}

fn definitions(transaction: &mut dyn Transaction) -> Result<BTreeMap<String, Definition>, StoreError> {
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
fn pinned(
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

fn load(transaction: &mut dyn Transaction, current: &Snapshot) -> Result<Snapshot, StoreError> {
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
    Ok(Snapshot { tables, definitions, parameters: Parameters::load(transaction)? })
}

fn load_version(
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

fn check_definition(definition: &Definition) -> Result<(), ReferenceError> {
    let invalid = |text: String| Err(ReferenceError::Invalid(text));
    if Definition::built_in().iter().any(|table| table.name == definition.name) {
        return invalid(format!("the table {} is built in", definition.name));
    }
    if definition.name.is_empty() || definition.columns.is_empty() {
        return invalid("a table needs a name and columns".into());
    }
    let mut names: Vec<&str> = definition.columns.iter().map(|column| column.name.as_str()).collect();
    names.extend(VALIDITY);
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return invalid(format!("the column {} stands there twice", twice[0]));
    }
    match definition.unique.iter().find(|column| definition.position(column).is_none()) {
        Some(missing) => invalid(format!("the unique column {missing} is not a column")),
        None if definition.unique.is_empty() => invalid("name the columns that tell rows apart".into()),
        None => Ok(()),
    }
}

fn decompress(content: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::decode_all(content).map_err(|error| StoreError::Value(format!("a table cannot be read: {error}")))
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_| StoreError::Value("a digest has not 32 bytes".into()))?;
    Ok(bytes.into())
}
