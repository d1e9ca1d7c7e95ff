//! What the host offers a plugin: look-ups in reference tables, and messages
//! for its author.

use ecert_model::values::Date;

use crate::abi::{record, variant};

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

record!(Row { cells: Vec<String>, valid_from: Option<Date>, valid_until: Option<Date> });

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

variant!(LookupError { UnknownTable = 0, WrongKey(u32) = 1, TooManyKeys(u32) = 2 });

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

/// How much a message to the author matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For following a single run.
    Debug = 0,
    /// Worth keeping.
    Info = 1,
    /// Needs the author's attention.
    Warn = 2,
}

/// Looks several keys up at once. The answer has one list of rows per key.
///
/// # Errors
/// When the table does not exist or the keys do not fit it.
#[cfg(target_arch = "wasm32")]
pub fn lookup(table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
    use crate::abi::{Abi as _, room};

    #[link(wasm_import_module = "ecert:plugin/reference@0.1.0")]
    unsafe extern "C" {
        #[link_name = "lookup"]
        fn raw(
            table: *const u8,
            table_size: usize,
            keys: *const u8,
            key_count: usize,
            year: u32,
            month: u32,
            day: u32,
            answer: *mut u8,
        );
    }

    let answer = room::<Result<Vec<Vec<Row>>, LookupError>>();
    let lowered = Vec::<String>::lower_list(keys.to_vec());
    // SAFETY: the arguments are those of the contract, flattened as the
    // canonical ABI says, and the host writes a valid answer.
    unsafe {
        let (year, month, day) = (as_of.year.into(), as_of.month.into(), as_of.day.into());
        raw(table.as_ptr(), table.len(), lowered, keys.len(), year, month, day, answer);
        crate::argument(answer)
    }
}

/// Writes a message for the author.
#[cfg(target_arch = "wasm32")]
pub fn log(level: Level, message: &str) {
    #[link(wasm_import_module = "ecert:plugin/log@0.1.0")]
    unsafe extern "C" {
        #[link_name = "write"]
        fn raw(level: u32, message: *const u8, size: usize);
    }

    // SAFETY: the arguments are those of the contract, flattened as the
    // canonical ABI says.
    unsafe { raw(level as u32, message.as_ptr(), message.len()) }
}
