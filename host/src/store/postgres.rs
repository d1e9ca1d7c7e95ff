//! PostgreSQL: a pool of connections, one transaction a job.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};
use sha2::{Digest as _, Sha256};

use super::migrations::{self, MIGRATIONS};
use super::value::Cell;
use super::{Row, StoreError, Transaction, Value};

/// Connections at most.
const CONNECTIONS: usize = 16;
/// How long a job waits for one of them, and for a new one.
const WAIT: Duration = Duration::from_secs(5);
/// How often a job is run at most when it collides with others.
const ATTEMPTS: u32 = 12;
/// Advisory lock that the migrations hold.
const MIGRATION_LOCK: i64 = 0x6563_6572_7400;

const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

pub(super) struct Postgres {
    config: Config,
    pool: Mutex<Pool>,
    freed: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Link>,
    open: usize,
}

/// One connection with its prepared statements.
struct Link {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, StoreError> {
        let mut config: Config = url
            .parse()
            .map_err(|error| StoreError::Unavailable(format!("the URL is not usable: {error}")))?;
        config.application_name("ecert").connect_timeout(WAIT).tcp_user_timeout(WAIT);
        let postgres = Self { config, pool: Mutex::default(), freed: Condvar::new() };
        let mut link = postgres.take(true)?;
        let migrated = migrate(&mut link.client);
        postgres.put_back(migrated.is_ok().then_some(link));
        migrated?;
        Ok(postgres)
    }

    pub(super) fn read<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        // The first statement shows whether a pooled connection still lives,
        // so it can be exchanged before the job has started.
        let mut link = self.begin(BEGIN_READ)?;
        let (outcome, failure) = run(&mut link, job);
        let ended = link.client.batch_execute("ROLLBACK");
        self.put_back(ended.is_ok().then_some(link));
        match (outcome, failure) {
            (Ok(_), Some(failure)) => Err(failure.into()),
            (outcome, _) => outcome,
        }
    }

    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        mut job: impl FnMut(&mut dyn Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut link = self.begin(BEGIN_WRITE)?;
            let (outcome, failure) = run(&mut link, &mut job);
            let (outcome, failure) = match (outcome, failure) {
                (Ok(value), None) => match link.client.batch_execute("COMMIT").map_err(StoreError::from) {
                    Ok(()) => {
                        self.put_back(Some(link));
                        return Ok(value);
                    }
                    Err(failure) => (None, Some(failure)),
                },
                (Ok(_), failure) => (None, failure),
                (Err(error), failure) => (Some(error), failure),
            };
            let ended = link.client.batch_execute("ROLLBACK");
            self.put_back(ended.is_ok().then_some(link));
            match (outcome, failure) {
                (_, Some(StoreError::Contention(_))) if attempt < ATTEMPTS => back_off(attempt),
                (Some(error), _) => return Err(error),
                (None, Some(failure)) => return Err(failure.into()),
                (None, None) => return Err(StoreError::Statement("no outcome".into()).into()),
            }
            attempt += 1;
        }
    }

    /// A connection on which a transaction has begun.
    fn begin(&self, sql: &str) -> Result<Link, StoreError> {
        let mut fresh = false;
        loop {
            let mut link = self.take(fresh)?;
            match link.client.batch_execute(sql).map_err(StoreError::from) {
                Ok(()) => return Ok(link),
                Err(error) => {
                    self.put_back(None);
                    if fresh || !matches!(error, StoreError::Unavailable(_)) {
                        return Err(error);
                    }
                    // The server was restarted: no pooled connection lives.
                    self.discard_idle();
                    fresh = true;
                }
            }
        }
    }

    fn take(&self, fresh: bool) -> Result<Link, StoreError> {
        let deadline = Instant::now() + WAIT;
        let mut pool = self.pool();
        loop {
            if !fresh && let Some(link) = pool.idle.pop() {
                return Ok(link);
            }
            if pool.open < CONNECTIONS {
                pool.open += 1;
                drop(pool);
                return connect(&self.config).inspect_err(|_| self.put_back(None));
            }
            if fresh && pool.idle.pop().is_some() {
                pool.open -= 1;
                continue;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(StoreError::Locked(format!("all {CONNECTIONS} connections are in use")));
            }
            pool = self.freed.wait_timeout(pool, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Gives a connection back, or its place when it is no longer usable.
    fn put_back(&self, link: Option<Link>) {
        let mut pool = self.pool();
        match link {
            Some(link) if !link.client.is_closed() => pool.idle.push(link),
            _ => pool.open -= 1,
        }
        drop(pool);
        self.freed.notify_one();
    }

    fn discard_idle(&self) {
        let mut pool = self.pool();
        pool.open -= pool.idle.len();
        let idle = std::mem::take(&mut pool.idle);
        drop(pool);
        drop(idle);
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a job, and says which of its statements failed first, if any. A panic
/// is an error, so that the connection is not lost with it.
fn run<T, E: From<StoreError>>(
    link: &mut Link,
    job: impl FnOnce(&mut dyn Transaction) -> Result<T, E>,
) -> (Result<T, E>, Option<StoreError>) {
    let mut transaction = PostgresTransaction { link, failure: None };
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| job(&mut transaction)))
        .unwrap_or_else(|panic| Err(StoreError::Panicked(super::panic_text(&*panic)).into()));
    (outcome, transaction.failure)
}

/// Waits longer each time, and not as long as others do.
fn back_off(attempt: u32) {
    let ceiling = 1_u64 << attempt.min(8);
    let mut random = [0_u8; 8];
    // Without randomness the wait is merely less even.
    let _ = getrandom::fill(&mut random);
    std::thread::sleep(Duration::from_micros(500 + u64::from_ne_bytes(random) % (ceiling * 1000)));
}

fn connect(config: &Config) -> Result<Link, StoreError> {
    let mut client = config.connect(NoTls)?;
    client.batch_execute(
        "SET lock_timeout = '5s'; SET statement_timeout = '60s'; \
         SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'",
    )?;
    refuse_unsafe(&mut client)?;
    Ok(Link { client, statements: HashMap::new() })
}

/// Checked on each connection, since roles and databases may set their own.
fn refuse_unsafe(client: &mut Client) -> Result<(), StoreError> {
    let row = client.query_one(
        "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
         current_setting('synchronous_commit'), current_setting('server_encoding')",
        &[],
    )?;
    for (column, setting) in ["fsync", "full_page_writes", "synchronous_commit"].iter().enumerate() {
        if row.try_get::<_, &str>(column)? == "off" {
            return Err(StoreError::Unsafe(format!(
                "the server runs with {setting} off, which may lose acknowledged work; turn it on"
            )));
        }
    }
    match row.try_get::<_, &str>(3)? {
        "UTF8" => Ok(()),
        other => Err(StoreError::Schema(format!("the database's encoding is {other}; create it with UTF8"))),
    }
}

fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let mut transaction = client.transaction()?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
    transaction.batch_execute(migrations::CREATE)?;
    let applied: Vec<(i64, String, String)> = transaction
        .query(migrations::APPLIED, &[])?
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))
        .collect::<Result<_, postgres::Error>>()?;
    for migration in migrations::pending(&applied, |m| m.postgres, MIGRATIONS)? {
        transaction.batch_execute(migration.postgres)?;
        let digest = migrations::digest(migration.postgres);
        transaction
            .execute(migrations::RECORD, &[&migration.number, &migration.name, &digest, &super::now()])?;
    }
    Ok(transaction.commit()?)
}

struct PostgresTransaction<'l> {
    link: &'l mut Link,
    failure: Option<StoreError>,
}

impl PostgresTransaction<'_> {
    fn run<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Value<'_>],
        step: impl FnOnce(&mut Client, &Statement, &[&(dyn ToSql + Sync)]) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.link.statement(sql).and_then(|statement| {
            if statement.params().len() != parameters.len() {
                return Err(StoreError::Statement(format!(
                    "{} parameters for a statement with {}",
                    parameters.len(),
                    statement.params().len()
                )));
            }
            let bound: Vec<Bound<'_>> = parameters.iter().copied().map(Bound).collect();
            let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|b| b as _).collect();
            step(&mut self.link.client, &statement, &bound)
        });
        result.inspect_err(|error| {
            self.failure.get_or_insert_with(|| error.clone());
        })
    }
}

impl Link {
    fn statement(&mut self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Transaction for PostgresTransaction<'_> {
    fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64, StoreError> {
        self.run(sql, parameters, |client, statement, bound| Ok(client.execute(statement, bound)?))
    }

    fn query(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.run(sql, parameters, |client, statement, bound| {
            client.query(statement, bound)?.iter().map(row).collect()
        })
    }

    /// Advisory locks: they also hold names of which there is no row yet.
    fn lock(&mut self, names: &[&str]) -> Result<(), StoreError> {
        let mut keys: Vec<i64> = names.iter().map(|name| lock_key(name)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            self.query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)", &[Value::Integer(key)])?;
        }
        Ok(())
    }
}

fn lock_key(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0_i64, |key, byte| key << 8 | i64::from(*byte))
}

fn row(row: &postgres::Row) -> Result<Row, StoreError> {
    let cells = (0..row.len()).map(|column| cell(row, column)).collect::<Result<_, _>>()?;
    Ok(Row { cells })
}

fn cell(row: &postgres::Row, column: usize) -> Result<Cell, StoreError> {
    let cell = match *row.columns()[column].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map(Cell::Integer),
        Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map(|value| Cell::Integer(value.into())),
        // As SQLite answers comparisons.
        Type::BOOL => row.try_get::<_, Option<bool>>(column)?.map(|value| Cell::Integer(value.into())),
        Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(column)?.map(Cell::Text),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column)?.map(Cell::Bytes),
        ref other => return Err(StoreError::Value(format!("column {column} is of type {other}; cast it"))),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

#[derive(Debug)]
struct Bound<'a>(Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self.0, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(value), &Type::INT8) => value.to_sql(ty, out),
            (Value::Integer(value), &Type::INT4) => i32::try_from(value)?.to_sql(ty, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(ty, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (value, _) => Err(format!("{value:?} for a parameter of type {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
