//! Tables as they were and will be: versions, rows of any day as recorded at
//! any instant, and what differs between two such states.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::values::Date;
use serde::Serialize;

use super::definition::VALIDITY;
use super::store::{decompress, definitions, digest, load_version};
use super::{Definition, Reference, ReferenceError, RowRef, Version};
use crate::digest::Digest;
use crate::store::{Row, StoreError};

/// Differences listed of each kind at most; the counts go on.
const LISTED: usize = 1_000;

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
    /// The author.
    pub recorded_by: String,
    /// Who signed it off, where the table asked for it.
    pub approved_by: Option<String>,
    /// Why.
    pub reason: String,
}

/// A state of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Only the rows that hold on this day; all rows without.
    pub on: Option<Date>,
    /// As it was recorded at this instant, in microseconds since 1970; as it
    /// is recorded now without.
    pub at: Option<i64>,
}

/// What differs between two states of a table. Rows are the same where they
/// agree in the columns that tell rows apart, and without a day also in their
/// first day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Rows that only the later state has.
    pub added: Vec<Vec<String>>,
    /// How many.
    pub added_count: usize,
    /// Rows that only the earlier state has.
    pub removed: Vec<Vec<String>>,
    /// How many.
    pub removed_count: usize,
    /// Rows that differ in other columns: before and after.
    pub changed: Vec<(Vec<String>, Vec<String>)>,
    /// How many.
    pub changed_count: usize,
}

impl Reference {
    /// The versions of a table, newest first; of all tables without a name.
    pub fn versions(&self, table: Option<&str>) -> Result<Vec<VersionEntry>, StoreError> {
        let entry = |row: &Row| {
            Ok(VersionEntry {
                id: row.text(0)?.into(),
                table: row.text(1)?.into(),
                number: row.integer(2)?,
                digest: digest(row.bytes(3)?)?,
                rows: row.integer(4)?,
                recorded_at: row.integer(5)?,
                recorded_by: row.text(6)?.into(),
                approved_by: row.optional_text(7)?.map(str::to_owned),
                reason: row.text(8)?.into(),
            })
        };
        self.store.read(|transaction| {
            let rows = transaction.query(
                "SELECT v.id, v.name, v.number, v.digest, v.row_count, v.recorded_at, \
                 COALESCE(p.name, v.recorded_by), a.name, v.reason FROM reference_version v \
                 LEFT JOIN principal p ON p.id = v.recorded_by \
                 LEFT JOIN table_proposal s ON s.name = v.name AND s.base = v.number - 1 AND s.state = 'approved' \
                 LEFT JOIN principal a ON a.id = s.decided_by \
                 WHERE $1 = '' OR v.name = $1 ORDER BY v.name, v.number DESC",
                &[table.unwrap_or_default().into()],
            )?;
            rows.iter().map(entry).collect()
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

    /// The version of a table that was recorded last at an instant; none
    /// before the first.
    fn version_at(&self, table: &str, at: Option<i64>) -> Result<Option<Arc<Version>>, ReferenceError> {
        let snapshot = self.snapshot();
        snapshot.definition(table)?;
        let current = snapshot.table(table);
        let Some(at) = at.filter(|at| current.is_none_or(|current| *at < current.recorded_at)) else {
            return Ok(current.map(Arc::clone));
        };
        let version = self.store.read(|transaction| -> Result<_, StoreError> {
            let definitions = definitions(transaction)?;
            let rows = transaction.query(
                "SELECT id, name, number, recorded_at FROM reference_version WHERE name = $1 \
                 AND recorded_at <= $2 ORDER BY number DESC LIMIT 1",
                &[table.into(), at.into()],
            )?;
            rows.first().map(|row| load_version(transaction, &definitions, row)).transpose()
        })?;
        Ok(version.map(Arc::new))
    }

    /// The rows of a state: names of the columns, and their cells.
    pub fn rows(&self, table: &str, state: State) -> Result<(Vec<String>, Vec<Vec<String>>), ReferenceError> {
        let header = columns(self.snapshot().definition(table)?);
        let version = self.version_at(table, state.at)?;
        let rows = version.iter().flat_map(|version| rows(version, state.on)).map(cells).collect();
        Ok((header, rows))
    }

    /// What differs between two states of a table.
    pub fn compare(&self, table: &str, from: State, to: State) -> Result<Comparison, ReferenceError> {
        let (before, after) = (self.version_at(table, from.at)?, self.version_at(table, to.at)?);
        Ok(compare((before.as_deref(), from.on), (after.as_deref(), to.on)))
    }
}

/// The names of all columns of a table.
#[must_use]
pub fn columns(definition: &Definition) -> Vec<String> {
    let names = definition.columns.iter().map(|column| column.name.as_str()).chain(VALIDITY);
    names.map(str::to_owned).collect()
}

fn rows(version: &Version, on: Option<Date>) -> impl Iterator<Item = RowRef<'_>> {
    version.rows().filter(move |row| on.is_none_or(|day| row.holds_on(day)))
}

/// All cells of a row, the days last.
fn cells(row: RowRef<'_>) -> Vec<String> {
    let (from, until) = row.days();
    let days = [from, until].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    row.cells().map(str::to_owned).chain(days).collect()
}

/// What differs between versions, or the rows of a day in them.
pub(super) fn compare(
    (before, from): (Option<&Version>, Option<Date>),
    (after, to): (Option<&Version>, Option<Date>),
) -> Comparison {
    let by_day = from.is_some() || to.is_some();
    let mut left: BTreeMap<_, RowRef<'_>> = BTreeMap::new();
    for row in before.into_iter().flat_map(|version| rows(version, from)) {
        left.insert(key(row, by_day), row);
    }
    let mut comparison = Comparison::default();
    for row in after.into_iter().flat_map(|version| rows(version, to)) {
        match left.remove(&key(row, by_day)) {
            None => keep(&mut comparison.added, &mut comparison.added_count, || cells(row)),
            Some(known) if known.days() == row.days() && known.cells().eq(row.cells()) => {}
            Some(known) => {
                keep(&mut comparison.changed, &mut comparison.changed_count, || (cells(known), cells(row)))
            }
        }
    }
    for row in left.into_values() {
        keep(&mut comparison.removed, &mut comparison.removed_count, || cells(row));
    }
    comparison
}

fn key(row: RowRef<'_>, by_day: bool) -> (Vec<&str>, Option<Date>) {
    (row.key(), row.days().0.filter(|_| !by_day))
}

fn keep<T>(list: &mut Vec<T>, count: &mut usize, entry: impl FnOnce() -> T) {
    *count += 1;
    if list.len() < LISTED {
        list.push(entry());
    }
}
