//! Reference tables and parameters: what an operator can change without a
//! release, with dates, author and reason, and without losing the past.
//!
//! A table version never changes. An import makes the next version, of all
//! rows or of none; it is loaded, and the [`Snapshot`] that verifications work
//! on is exchanged at once. A verification holds one snapshot from beginning
//! to end and records the digests of the versions in it.

mod agreements;
mod codes;
mod definition;
mod history;
mod import;
mod parameters;
mod proposals;
mod schema;
mod store;
mod tables;
#[cfg(test)]
mod tests;
mod version;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use ecert_model::manifest::{self, Match};
use ecert_model::values::Date;
use serde::Serialize;
use serde_json::Value;

pub use agreements::{AgreementEntry, Agreements, Direction, Exchange, Outage, Terms, Tolerance, governing};
use codes::Codes;
pub use definition::{Column, Content, Definition, VALIDITY, is_country};
pub use history::{Comparison, State, VersionEntry, columns};
pub use import::{BadRows, RowProblem};
pub use parameters::{Layer, Member, ParameterEntry, Parameters, Question, Target, takes_tolerances};
pub use proposals::Proposal;
pub use schema::{SchemaProblem, schema_problems};
use store::{NewVersion, definitions, load, pinned};
pub use version::{RowRef, Version};

use crate::access::Principal;
use crate::audit;
use crate::contract::{LookupError, Row, Tables};
use crate::digest::Digest;
use crate::store::{Store, StoreError, now};

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
    /// There is no such agreement.
    #[error("there is no agreement {0}")]
    UnknownAgreement(String),
    /// Fields are wrong; each says what would be right.
    #[error("{} {} wrong; nothing was changed", .0.len(), if .0.len() == 1 { "field is" } else { "fields are" })]
    Fields(Vec<SchemaProblem>),
    /// There is no such proposal.
    #[error("there is no proposal {0}")]
    UnknownProposal(String),
    /// Who proposed something cannot sign it off.
    #[error("who proposed an import cannot decide on it; a second person has to")]
    OwnProposal,
    /// It contradicts what is there.
    #[error("{0}")]
    Conflict(String),
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
    /// The proposal, where a second person has to sign it off first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposal: Option<String>,
}

/// One consistent state of all tables, parameters and agreements.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    tables: BTreeMap<String, Arc<Version>>,
    definitions: BTreeMap<String, Definition>,
    /// The parameters.
    pub parameters: Parameters,
    /// The agreements.
    pub agreements: Arc<Agreements>,
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
    /// verification's record pins them. Parameters and agreements are not part of
    /// it.
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
            Ok(Arc::new(Snapshot { tables, definitions, ..Snapshot::default() }))
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
    /// version of a table: all of its rows, or none when one is wrong. Where
    /// the table asks for it, a second person has to sign it off first.
    pub fn import(
        &self,
        by: &Principal,
        source: &str,
        table: &str,
        file: &[u8],
        reason: &str,
    ) -> Result<Imported, ReferenceError> {
        let snapshot = self.snapshot();
        let (canonical, rows) = snapshot.canonical_rows(snapshot.definition(table)?, file)?;
        let unusable = |error: &dyn std::fmt::Display| ReferenceError::Invalid(format!("the rows: {error}"));
        let content = zstd::bulk::compress(&canonical, 3).map_err(|error| unusable(&error))?;
        let write = NewVersion {
            by: by.clone(),
            source: source.into(),
            table: table.into(),
            reason: reason.into(),
            digest: Digest::of(&canonical),
            rows,
            content,
        };
        let imported = self.store.write(move |transaction| {
            transaction.lock(&[&format!("reference/table/{}", write.table)])?;
            if proposals::needs_sign_off(transaction, &write.table)? {
                write.propose(transaction)
            } else {
                write.store(transaction)
            }
        })?;
        self.refresh()?;
        Ok(imported)
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

    /// Says what an agreement says from now on, on the days of the entry, or
    /// without terms that there is none on them.
    pub fn set_agreement(
        &self,
        by: &Principal,
        source: &str,
        entry: AgreementEntry,
    ) -> Result<AgreementEntry, ReferenceError> {
        let mut said = self.set_agreements(by, source, vec![entry])?;
        said.pop().ok_or_else(|| ReferenceError::Invalid("nothing was said".into()))
    }

    /// The same of several agreements, of all or of none when one is wrong.
    pub fn set_agreements(
        &self,
        by: &Principal,
        source: &str,
        entries: Vec<AgreementEntry>,
    ) -> Result<Vec<AgreementEntry>, ReferenceError> {
        let (by, source) = (by.clone(), source.to_owned());
        let said = self
            .store
            .write(move |transaction| agreements::set(transaction, &by, &source, entries.clone()))?;
        self.refresh()?;
        Ok(said)
    }

    /// Adds an outage to an agreement, or says again how long one lasts.
    pub fn add_outage(
        &self,
        by: &Principal,
        source: &str,
        agreement: &str,
        outage: Outage,
    ) -> Result<AgreementEntry, ReferenceError> {
        let (by, source, agreement) = (by.clone(), source.to_owned(), agreement.to_owned());
        let entry = self.store.write(move |transaction| {
            agreements::add_outage(transaction, &by, &source, &agreement, outage.clone())
        })?;
        self.refresh()?;
        Ok(entry)
    }
}

impl Reference {
    /// The state that would hold after an import.
    pub fn with_table(&self, table: &str, file: &[u8]) -> Result<Arc<Snapshot>, ReferenceError> {
        let mut snapshot = (*self.snapshot()).clone();
        let definition = snapshot.definition(table)?.clone();
        let (canonical, _) = snapshot.canonical_rows(&definition, file)?;
        let version = Version::load(String::new(), 0, now(), definition, &canonical);
        let version = version.map_err(ReferenceError::Invalid)?;
        snapshot.tables.insert(table.to_owned(), Arc::new(version));
        Ok(Arc::new(snapshot))
    }

    /// The state that would hold after a proposal was signed off.
    pub fn with_proposal(&self, id: &str) -> Result<Arc<Snapshot>, ReferenceError> {
        let mut snapshot = (*self.snapshot()).clone();
        let (proposal, version) = self.proposed(id)?;
        snapshot.tables.insert(proposal.table, Arc::new(version));
        Ok(Arc::new(snapshot))
    }

    /// The state that would hold after setting parameters.
    pub fn with_parameters(&self, target: Target, content: Value) -> Result<Arc<Snapshot>, ReferenceError> {
        let mut snapshot = (*self.snapshot()).clone();
        snapshot.parameters.add(target, content)?;
        Ok(Arc::new(snapshot))
    }

    /// The state that would hold after setting or ending an agreement.
    pub fn with_agreement(&self, entry: AgreementEntry) -> Result<Arc<Snapshot>, ReferenceError> {
        let mut snapshot = (*self.snapshot()).clone();
        agreements::check(&snapshot.agreements, &entry)?;
        Arc::make_mut(&mut snapshot.agreements).add(entry);
        Ok(Arc::new(snapshot))
    }

    /// The state that would hold after adding an outage to an agreement.
    pub fn with_outage(&self, agreement: &str, outage: Outage) -> Result<Arc<Snapshot>, ReferenceError> {
        self.with_agreement(agreements::with_outage(&self.snapshot().agreements, agreement, outage)?)
    }
}

impl Snapshot {
    /// What a table looks like.
    pub fn definition(&self, table: &str) -> Result<&Definition, ReferenceError> {
        self.definitions.get(table).ok_or_else(|| {
            let known: Vec<&str> = self.definitions.keys().map(String::as_str).collect();
            ReferenceError::UnknownTable(table.into(), known.join(", "))
        })
    }

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

    /// The canonical text of a file, and how many rows it has.
    fn canonical_rows(
        &self,
        definition: &Definition,
        file: &[u8],
    ) -> Result<(Vec<u8>, usize), ReferenceError> {
        let codes = Codes::of(self.table(codes::TABLE).map(|version| &**version));
        let rows = import::read(definition, &codes, file)?;
        let canonical = import::canonical(definition, &rows)
            .map_err(|error| ReferenceError::Invalid(format!("the rows: {error}")))?;
        if canonical.len() > MAX_TABLE {
            return Err(ReferenceError::Invalid(format!("a table has at most {MAX_TABLE} bytes of text")));
        }
        Ok((canonical, rows.len()))
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
                cells: columns.iter().map(|column| Arc::from(found.cell(*column))).collect(),
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
