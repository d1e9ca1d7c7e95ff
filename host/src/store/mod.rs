//! The database: SQLite embedded, or PostgreSQL for several hosts.
//!
//! Both understand the same statements, written once with `$1`, `$2` … bound
//! as integers, texts and bytes. A job is a closure over a [`Transaction`]:
//!
//! - All of a job's writes are stored, or none. A job that fails, panics, or in
//!   which a single statement failed is rolled back, even when it swallowed
//!   the error; use `ON CONFLICT` where a conflict is an answer.
//! - An answered write is durable: SQLite runs with WAL and `synchronous=FULL`,
//!   and a PostgreSQL server with unsafe settings is refused.
//! - A write job may run several times, so it must not have effects elsewhere.
//! - **What a write job reads and then relies on has to be locked first**, by
//!   [`Transaction::lock`] or by a unique constraint. PostgreSQL's transactions
//!   are `READ COMMITTED`: every statement sees what is committed at that
//!   moment, so a read behind the lock is up to date, and contention waits
//!   instead of failing. SQLite has one writer and nothing to lock.
//! - A read job sees one snapshot.
//!
//! All calls block: call them from worker threads, never from async code.

mod error;
mod migrations;
mod postgres;
mod sqlite;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod value;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

pub use error::StoreError;
pub use value::{Row, Value};

/// What a job does its work with.
///
/// SQL is static text, so that nothing from outside gets into it and every
/// statement is prepared once per connection.
pub trait Transaction {
    /// Runs a statement without rows and says how many rows it touched.
    fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Runs a statement and collects its rows.
    fn query(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<Vec<Row>, StoreError>;

    /// Holds these names until the transaction ends; whoever else wants one
    /// of them waits. They are taken in a fixed order, so call it once, before
    /// reading what the names stand for.
    fn lock(&mut self, names: &[&str]) -> Result<(), StoreError>;
}

impl dyn Transaction + '_ {
    /// Runs a statement that answers at most one row.
    pub fn query_optional(
        &mut self,
        sql: &'static str,
        parameters: &[Value<'_>],
    ) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(sql, parameters)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            more => Err(StoreError::Value(format!("{more} rows where one was expected"))),
        }
    }
}

/// The store. Clones share it.
#[derive(Clone)]
pub struct Store {
    backend: Arc<Backend>,
}

#[expect(clippy::large_enum_variant, reason = "there is one, behind an Arc")]
enum Backend {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the database and brings its schema up to date.
    ///
    /// `postgres://…` is a PostgreSQL server; `sqlite:PATH` or a plain path is
    /// a file, made when missing.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let backend = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Backend::Postgres(postgres::Postgres::open(url)?)
        } else {
            let path = url.strip_prefix("sqlite:").unwrap_or(url);
            Backend::Sqlite(sqlite::Sqlite::open(PathBuf::from(path))?)
        };
        Ok(Self { backend: Arc::new(backend) })
    }

    /// Runs a job that only reads, on one snapshot.
    pub fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.read(job),
            Backend::Postgres(postgres) => postgres.read(job),
        }
    }

    /// Runs a job that writes, and answers when it is durable.
    pub fn write<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        job: impl FnMut(&mut dyn Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        match &*self.backend {
            Backend::Sqlite(sqlite) => sqlite.write(job),
            Backend::Postgres(postgres) => postgres.write(job),
        }
    }

    /// Says whether the database answers.
    pub fn ping(&self) -> Result<(), StoreError> {
        self.read(|transaction| transaction.query("SELECT number FROM migration LIMIT 1", &[]).map(drop))
    }

    /// Whether other hosts may use the same database at the same time.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(&*self.backend, Backend::Postgres(_))
    }

    /// What the database is, for people: `SQLite` or `PostgreSQL`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &*self.backend {
            Backend::Sqlite(_) => "SQLite",
            Backend::Postgres(_) => "PostgreSQL",
        }
    }
}

/// Now, as the store keeps instants: microseconds since 1970 in UTC.
#[must_use]
pub fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

/// A new identifier: UUID version 7, so that later ones sort behind.
#[must_use]
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Text of a panic.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without a message".to_owned())
}
