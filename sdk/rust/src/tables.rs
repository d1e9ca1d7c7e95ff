//! Reference tables.

pub use ecert_guest::host::{LookupError, Row};
use ecert_model::manifest;
use ecert_model::values::Date;

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
        ecert_guest::host::lookup(table, keys, as_of)
    }
}
