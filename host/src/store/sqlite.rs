//! SQLite: one writer, any number of readers.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement};

use super::migrations::{self, MIGRATIONS};
use super::value::Cell;
use super::writer::Writer;
use super::{Row, StoreError, Transaction, Value};

/// Connections kept for readers, more than there are usually workers: opening
/// one means to read the schema and to prepare every statement again.
const IDLE_READERS: usize = 64;
/// Statements kept prepared per connection.
const STATEMENTS: usize = 256;
/// How long a lock held by another process is waited for.
const BUSY: Duration = Duration::from_secs(5);

pub(super) struct Sqlite {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn open(path: PathBuf) -> Result<Self, StoreError> {
        create_private(&path)?;
        let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        make_durable(&connection)?;
        migrate(&mut connection)?;
        Ok(Self { path, readers: Mutex::default(), writer: Writer::start(connection)? })
    }

    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.reader()?;
        control(&connection, "BEGIN")?;
        let mut transaction = SqliteTransaction::new(&connection);
        let answer = job(&mut transaction);
        let failure = transaction.failure.take();
        let ended = control(&connection, "ROLLBACK");
        if ended.is_ok() {
            let mut readers = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if readers.len() < IDLE_READERS {
                readers.push(connection);
            }
        }
        match (answer, failure) {
            (Ok(_), Some(failure)) => Err(failure.into()),
            (answer, _) => answer,
        }
    }

    pub(super) fn write<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        job: impl FnMut(&mut dyn Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        self.writer.run(job)
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        match idle {
            Some(connection) => Ok(connection),
            None => {
                let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                connection.pragma_update(None, "query_only", true)?;
                Ok(connection)
            }
        }
    }
}

/// The file holds what nobody else on the machine should read; SQLite gives
/// its companions (`-wal`, `-shm`) the same mode.
fn create_private(path: &PathBuf) -> Result<(), StoreError> {
    let unavailable = |error| StoreError::Unavailable(format!("{}: {error}", path.display()));
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(unavailable(error)),
    }
}

fn connect(path: &PathBuf, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    // Plans that look at the values bound would be made anew for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Sets what durability needs, and reads it back: a pragma that is not
/// understood is silently ignored.
fn make_durable(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    let foreign_keys: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
    if mode != "wal" || synchronous != 2 || !foreign_keys {
        return Err(StoreError::Unsafe(format!(
            "journal_mode is {mode} (wal is needed), synchronous {synchronous} (2), \
             foreign_keys {foreign_keys} (true); is the file on a network file system?"
        )));
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    transaction.execute_batch(migrations::CREATE)?;
    let applied = transaction
        .prepare(migrations::APPLIED)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for migration in migrations::pending(&applied, |m| m.sqlite, MIGRATIONS)? {
        transaction.execute_batch(migration.sqlite)?;
        let digest = migrations::digest(migration.sqlite);
        transaction.execute(migrations::RECORD, (migration.number, migration.name, digest, super::now()))?;
    }
    Ok(transaction.commit()?)
}

/// A transaction that its owner begins and ends.
pub(super) struct SqliteTransaction<'c> {
    connection: &'c Connection,
    /// The first statement that failed.
    pub(super) failure: Option<StoreError>,
}

impl<'c> SqliteTransaction<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self { connection, failure: None }
    }

    fn remember<T>(&mut self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        result.inspect_err(|error| {
            self.failure.get_or_insert_with(|| error.clone());
        })
    }
}

impl Transaction for SqliteTransaction<'_> {
    fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        let result = execute(self.connection, sql, parameters);
        self.remember(result)
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        let result = query(self.connection, sql, parameters);
        self.remember(result)
    }

    fn lock(&mut self, _names: &[&str]) -> Result<(), StoreError> {
        Ok(())
    }
}

fn execute(connection: &Connection, sql: &str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, parameters)?;
    Ok(statement.raw_execute()? as u64)
}

fn query(connection: &Connection, sql: &str, parameters: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, parameters)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| cell(row.get_ref(column)?)).collect::<Result<_, _>>()?;
        answer.push(Row { cells });
    }
    Ok(answer)
}

fn cell(value: ValueRef<'_>) -> Result<Cell, StoreError> {
    let not_text = |error| StoreError::Value(format!("a text is not UTF-8: {error}"));
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(value) => Ok(Cell::Integer(value)),
        ValueRef::Text(bytes) => {
            std::str::from_utf8(bytes).map(|text| Cell::Text(text.to_owned())).map_err(not_text)
        }
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
        ValueRef::Real(value) => Err(StoreError::Value(format!("{value} is a floating-point number"))),
    }
}

/// Binds by the number in the name: SQLite numbers `$2 … $1` by occurrence.
fn bind(statement: &mut Statement<'_>, parameters: &[Value<'_>]) -> Result<(), StoreError> {
    let expected = statement.parameter_count();
    if expected != parameters.len() {
        return Err(StoreError::Statement(format!(
            "{} parameters for a statement with {expected}",
            parameters.len()
        )));
    }
    for index in 1..=expected {
        let parameter = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1))
            .and_then(|position| parameters.get(position))
            .ok_or_else(|| {
                StoreError::Statement(format!("parameter {index} is not one of $1 to ${expected}"))
            })?;
        statement.raw_bind_parameter(index, Bound(*parameter))?;
    }
    Ok(())
}

struct Bound<'a>(Value<'a>);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(value) => ValueRef::Integer(value),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Statements of the transaction's own frame, prepared once like all others.
pub(super) fn control(connection: &Connection, sql: &'static str) -> Result<(), StoreError> {
    execute(connection, sql, &[]).map(drop)
}
