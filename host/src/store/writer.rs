//! SQLite's one writer: a thread that takes all jobs that wait, runs each in a
//! savepoint of its own, commits once, and only then answers.
//!
//! ```text
//! BEGIN IMMEDIATE
//!   SAVEPOINT job   job 1 succeeds   RELEASE job
//!   SAVEPOINT job   job 2 fails      ROLLBACK TO job, RELEASE job
//!   SAVEPOINT job   job 3 succeeds   RELEASE job
//! COMMIT            one fsync for all; now 1 and 3 are answered, and 2 with its error
//! ```
//!
//! Under load, the jobs that arrive during one commit form the next group, so
//! the group grows with the load and nobody waits for it to fill.

use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::sqlite::{SqliteTransaction, control};
use super::{StoreError, Transaction, panic_text};

/// Jobs in one commit at most, so that the first does not wait too long.
const GROUP: usize = 256;
/// Jobs waiting at most; then callers wait.
const QUEUE: usize = 1024;

pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || work(&connection, &jobs))
            .map_err(|error| StoreError::Unavailable(format!("no thread for the writer: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    pub(super) fn run<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        job: impl FnMut(&mut dyn Transaction) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let gone = || E::from(StoreError::Unavailable("the writer has ended".into()));
        let (reply, answer) = sync_channel(1);
        let job = Box::new(TypedJob { job, outcome: None, reply });
        self.queue.as_ref().ok_or_else(gone)?.send(job).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

impl Drop for Writer {
    /// Lets the jobs that wait finish.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was answered by the callers' errors.
            let _ = thread.join();
        }
    }
}

/// A job without its types.
trait Job: Send {
    /// Runs it. When it failed and has to be rolled back, says which statement
    /// failed, if one did.
    fn run(&mut self, transaction: &mut SqliteTransaction<'_>) -> Result<(), Option<StoreError>>;
    /// Tells the caller what came of it.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct TypedJob<F, T, E> {
    job: F,
    outcome: Option<Result<T, E>>,
    reply: SyncSender<Result<T, E>>,
}

impl<F, T, E> Job for TypedJob<F, T, E>
where
    F: FnMut(&mut dyn Transaction) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, transaction: &mut SqliteTransaction<'_>) -> Result<(), Option<StoreError>> {
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| (self.job)(transaction)))
            .unwrap_or_else(|panic| Err(StoreError::Panicked(panic_text(&*panic)).into()));
        let failure = transaction.failure.take();
        let outcome = match (outcome, failure.clone()) {
            (Ok(_), Some(failure)) => Err(failure.into()),
            (outcome, _) => outcome,
        };
        self.outcome.insert(outcome).as_ref().map(drop).map_err(|_| failure)
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let Self { job, outcome, reply } = *self;
        // What the job holds is released before its caller goes on.
        drop(job);
        let outcome = match (outcome, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(outcome), Ok(())) => outcome,
            (None, Ok(())) => Err(StoreError::Unavailable("the job was not run".into()).into()),
        };
        // A caller that no longer waits has panicked; there is nobody to tell.
        let _ = reply.send(outcome);
    }
}

fn work(connection: &Connection, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = jobs.try_recv()
        {
            group.push(next);
        }
        let committed = run_group(connection, &mut group);
        if committed.is_err() && !connection.is_autocommit() {
            // Nothing can be done about a failing rollback but to try the next
            // group, whose BEGIN then says what is wrong.
            let _ = control(connection, "ROLLBACK");
        }
        for job in group {
            job.answer(committed.clone());
        }
    }
}

fn run_group(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    control(connection, "BEGIN IMMEDIATE")?;
    for job in group {
        control(connection, "SAVEPOINT job")?;
        let mut transaction = SqliteTransaction::new(connection);
        let outcome = job.run(&mut transaction);
        if connection.is_autocommit() {
            // A full disk or a failing one ends the whole transaction.
            let failure = outcome.err().flatten();
            return Err(failure.unwrap_or_else(|| {
                StoreError::Unavailable("SQLite gave the transaction up in mid-work".into())
            }));
        }
        if outcome.is_err() {
            control(connection, "ROLLBACK TO job")?;
        }
        control(connection, "RELEASE job")?;
    }
    control(connection, "COMMIT")
}
