//! Reference tables.

use ecert_model::manifest;
use ecert_model::values::Date;

/// One row that matches a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Cells of the columns that the manifest asks for, in its order.
    pub cells: Vec<String>,
    /// First day it holds, if bounded.
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    pub valid_until: Option<Date>,
}

/// Why a look-up has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// No such table here, or the manifest does not declare it.
    UnknownTable,
    /// A key has the wrong number of columns; this many are right.
    WrongKey(u32),
    /// More keys than one call may ask for; this many may.
    TooManyKeys(u32),
}

impl std::fmt::Display for LookupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnknownTable => f.write_str("no such table"),
            Self::WrongKey(columns) => write!(f, "a key of this table has {columns} columns"),
            Self::TooManyKeys(most) => write!(f, "one look-up takes {most} keys at most"),
        }
    }
}

impl std::error::Error for LookupError {}

/// Where look-ups are answered: by the host, or from memory in tests.
pub trait Tables {
    /// Looks several keys up at once. The answer has one list of rows per key,
    /// in order, empty where no row matches. `as_of` is the date that matters
    /// for the thing looked up.
    ///
    /// # Errors
    /// When the table does not exist or the keys do not fit it.
    fn lookup(&self, table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError>;
}

/// A table that a rule set declares to use.
pub struct Table {
    /// Name of the table.
    pub name: &'static str,
    /// Columns that form the key, in the order of a look-up.
    pub keys: &'static [&'static str],
    /// Columns that a look-up answers, in order.
    pub columns: &'static [&'static str],
    /// How the key is matched.
    pub matching: manifest::Match,
}

impl From<&Table> for manifest::Table {
    fn from(table: &Table) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.into()).collect();
        Self {
            name: table.name.into(),
            keys: owned(table.keys),
            columns: owned(table.columns),
            matching: table.matching,
        }
    }
}

/// Tables without any content: every look-up is of an unknown table.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTables;

impl Tables for NoTables {
    fn lookup(&self, _: &str, _: &[Vec<String>], _: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        Err(LookupError::UnknownTable)
    }
}

/// The host's tables.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub struct HostTables;

#[cfg(target_arch = "wasm32")]
impl Tables for HostTables {
    fn lookup(&self, table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        use crate::__guest::rules::ecert::plugin::reference;
        let answer = reference::lookup(table, keys, as_of).map_err(|error| match error {
            reference::LookupError::UnknownTable => LookupError::UnknownTable,
            reference::LookupError::WrongKey(columns) => LookupError::WrongKey(columns),
            reference::LookupError::TooManyKeys(most) => LookupError::TooManyKeys(most),
        })?;
        let row = |row: reference::Row| Row {
            cells: row.cells,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        };
        Ok(answer.into_iter().map(|rows| rows.into_iter().map(row).collect()).collect())
    }
}
