//! Reference tables as the contract knows them.

use std::sync::Arc;

use ecert_model::manifest::Table;
use ecert_model::values::Date;
use wasmtime::component::{ComponentType, Lift, Lower};

/// Most keys one look-up may ask for.
pub const MAX_KEYS_PER_LOOKUP: u32 = 1024;

/// A row that matches a key.
#[derive(Clone, Debug, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
pub struct Row {
    /// The cells of the columns that the manifest asks for, in its order.
    pub cells: Vec<Arc<str>>,
    /// First day it holds, if bounded.
    #[component(name = "valid-from")]
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    #[component(name = "valid-until")]
    pub valid_until: Option<Date>,
}

/// Why a look-up has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(variant)]
pub enum LookupError {
    /// No such table here, or the manifest does not declare it.
    #[component(name = "unknown-table")]
    UnknownTable,
    /// A key has the wrong number of columns; this many are right.
    #[component(name = "wrong-key")]
    WrongKey(u32),
    /// More keys than one call may ask for; this many may.
    #[component(name = "too-many-keys")]
    TooManyKeys(u32),
}

/// What answers a rule set's look-ups: one consistent state of all tables.
///
/// Answers must come from memory, in time proportional to keys and rows: the
/// engine's clock does not stop a host that is slow to answer.
pub trait Tables: Send + Sync {
    /// The rows of a table that match each key on a day. `table` is what the
    /// manifest says of it; the engine has checked the number of keys and of
    /// their columns.
    fn lookup(&self, table: &Table, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError>;
}

/// A host without any table.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTables;

impl Tables for NoTables {
    fn lookup(&self, _: &Table, _: &[Vec<String>], _: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        Err(LookupError::UnknownTable)
    }
}
