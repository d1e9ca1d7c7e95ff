//! What a running plugin is given: its limits, its tables, its log.

use std::sync::Arc;

use ecert_model::manifest::{Manifest, Table};
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use wasmtime::component::{ComponentType, Lift, Linker, Lower};
use wasmtime::{ResourceLimiter, StoreContextMut, Trap};

use crate::contract::{LOG, Limits, LookupError, MAX_KEYS_PER_LOOKUP, REFERENCE, Row, Tables};
use crate::digest::Digest;

/// What a host call costs, in fuel: so that the fuel limit bounds the host's
/// work too.
const FUEL_PER_CALL: u64 = 1_000;
const FUEL_PER_KEY: u64 = 2_000;
const FUEL_PER_BYTE: u64 = 2;

/// What the host keeps of a look-up besides the text of its keys: about so
/// many bytes for each key and each of its columns.
const KEPT_PER_TEXT: usize = 32;

const MAX_LOG_ENTRIES: usize = 64;
const MAX_LOG_BYTES: usize = 1_024;

/// A look-up as the verification's record keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedLookup {
    /// Name of the table.
    pub table: String,
    /// The date that mattered.
    pub as_of: Date,
    /// The keys that were looked up.
    pub keys: Vec<Vec<String>>,
    /// Digest of the whole answer.
    pub answer: Digest,
}

/// How much a log message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ComponentType, Lift, Lower)]
#[serde(rename_all = "kebab-case")]
#[component(enum)]
#[repr(u8)]
pub enum Level {
    /// For following a single run.
    #[component(name = "debug")]
    Debug,
    /// Worth keeping.
    #[component(name = "info")]
    Info,
    /// Needs the author's attention.
    #[component(name = "warn")]
    Warn,
}

/// A message by a plugin for its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// How much it matters.
    pub level: Level,
    /// The message, cut to 1,024 bytes.
    pub message: String,
}

/// The state of one call.
pub(super) struct Guest {
    pub(super) limiter: Limiter,
    manifest: Arc<Manifest>,
    tables: Arc<dyn Tables>,
    pub(super) lookups: Vec<RecordedLookup>,
    /// Bytes of look-ups that may still be recorded.
    room: usize,
    pub(super) log: Vec<LogEntry>,
    pub(super) log_dropped: u32,
}

impl Guest {
    pub(super) fn new(limits: Limits, manifest: Arc<Manifest>, tables: Arc<dyn Tables>) -> Self {
        Self {
            limiter: Limiter { limit: limits.memory, used: 0 },
            manifest,
            tables,
            lookups: Vec::new(),
            room: limits.output,
            log: Vec::new(),
            log_dropped: 0,
        }
    }

    fn lookup(
        &mut self,
        table: String,
        keys: Vec<Vec<String>>,
        as_of: Date,
    ) -> Result<Vec<Vec<Row>>, LookupError> {
        let answer = self.answer(&table, &keys, as_of);
        let digest = digest(&answer);
        self.lookups.push(RecordedLookup { table, as_of, keys, answer: digest });
        answer
    }

    /// Takes room for recording look-ups. Each call's keys are bounded, but a
    /// plugin with much fuel could make the host keep those of very many.
    fn reserve(&mut self, bytes: usize) -> Result<(), TooMuchRecorded> {
        self.room = self.room.checked_sub(bytes).ok_or(TooMuchRecorded)?;
        Ok(())
    }

    fn answer(&self, table: &str, keys: &[Vec<String>], as_of: Date) -> Result<Vec<Vec<Row>>, LookupError> {
        let declared: &Table = self
            .manifest
            .tables
            .iter()
            .find(|declared| declared.name == table)
            .ok_or(LookupError::UnknownTable)?;
        if keys.len() > MAX_KEYS_PER_LOOKUP as usize {
            return Err(LookupError::TooManyKeys(MAX_KEYS_PER_LOOKUP));
        }
        if keys.iter().any(|key| key.len() != declared.keys.len()) {
            return Err(LookupError::WrongKey(declared.keys.len() as u32));
        }
        self.tables.lookup(declared, keys, as_of)
    }

    fn write_log(&mut self, level: Level, mut message: String) {
        if self.log.len() == MAX_LOG_ENTRIES {
            self.log_dropped = self.log_dropped.saturating_add(1);
            return;
        }
        if message.len() > MAX_LOG_BYTES {
            message.truncate(message.floor_char_boundary(MAX_LOG_BYTES));
        }
        self.log.push(LogEntry { level, message });
    }
}

/// The digest of a look-up's answer: of every cell and date, in order.
fn digest(answer: &Result<Vec<Vec<Row>>, LookupError>) -> Digest {
    let mut text = Vec::new();
    match answer {
        Err(error) => text.extend_from_slice(format!("{error:?}").as_bytes()),
        Ok(lists) => {
            for rows in lists {
                text.extend_from_slice(&(rows.len() as u64).to_le_bytes());
                for row in rows {
                    row_bytes(row, &mut text);
                }
            }
        }
    }
    Digest::of(&text)
}

fn row_bytes(row: &Row, to: &mut Vec<u8>) {
    to.extend_from_slice(&(row.cells.len() as u64).to_le_bytes());
    for cell in &row.cells {
        to.extend_from_slice(&(cell.len() as u64).to_le_bytes());
        to.extend_from_slice(cell.as_bytes());
    }
    for date in [row.valid_from, row.valid_until] {
        let Date { year, month, day } = date.unwrap_or_default();
        to.extend_from_slice(&year.to_le_bytes());
        to.extend_from_slice(&[month, day]);
    }
}

/// Offers a linker what the contract offers plugins.
pub(super) fn link(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.instance(LOG)?.func_wrap(
        "write",
        |mut store: StoreContextMut<'_, Guest>, (level, message): (Level, String)| {
            charge(&mut store, FUEL_PER_CALL + FUEL_PER_BYTE * message.len() as u64)?;
            store.data_mut().write_log(level, message);
            Ok(())
        },
    )?;
    linker.instance(REFERENCE)?.func_wrap(
        "lookup",
        |mut store: StoreContextMut<'_, Guest>, (table, keys, as_of): (String, Vec<Vec<String>>, Date)| {
            let bytes: usize = keys.iter().flatten().map(String::len).sum();
            charge(
                &mut store,
                FUEL_PER_CALL + FUEL_PER_KEY * keys.len() as u64 + FUEL_PER_BYTE * bytes as u64,
            )?;
            let texts = 1 + keys.iter().map(|key| 1 + key.len()).sum::<usize>();
            store.data_mut().reserve(table.len() + bytes + KEPT_PER_TEXT * texts)?;
            let answer = store.data_mut().lookup(table, keys, as_of);
            let rows = answer.iter().flatten().flatten();
            let bytes: usize = rows.flat_map(|row| &row.cells).map(|cell| cell.len() + 32).sum();
            charge(&mut store, FUEL_PER_BYTE * bytes as u64)?;
            Ok((answer,))
        },
    )
}

/// Takes fuel for the host's own work.
fn charge(store: &mut StoreContextMut<'_, Guest>, fuel: u64) -> wasmtime::Result<()> {
    let left = store.get_fuel()?.checked_sub(fuel).ok_or(Trap::OutOfFuel)?;
    store.set_fuel(left)
}

/// The record of look-ups would grow beyond its limit.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("more look-ups than the host records")]
pub(super) struct TooMuchRecorded;

/// Memory asked for beyond the limit.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{asked} bytes of memory, where {limit} are allowed")]
pub(super) struct MemoryRefused {
    pub(super) asked: usize,
    pub(super) limit: usize,
}

/// Bounds memories and tables, and remembers the most that was used.
pub(super) struct Limiter {
    limit: usize,
    pub(super) used: usize,
}

/// Bytes that a table's element takes.
const ELEMENT: usize = 16;

impl Limiter {
    /// Refusing is a trap, not the answer -1, so that a run ends at the same
    /// point with the same reason whatever the plugin makes of -1.
    fn grow(&mut self, current: usize, desired: usize) -> wasmtime::Result<bool> {
        let asked = self.used.saturating_sub(current).saturating_add(desired);
        if asked > self.limit {
            return Err(MemoryRefused { asked, limit: self.limit }.into());
        }
        self.used = asked;
        Ok(true)
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(current, desired)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.grow(current.saturating_mul(ELEMENT), desired.saturating_mul(ELEMENT))
    }

    fn instances(&self) -> usize {
        super::config::MAX_CORE_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        super::config::MAX_TABLES as usize
    }

    fn memories(&self) -> usize {
        super::config::MAX_MEMORIES as usize
    }
}
