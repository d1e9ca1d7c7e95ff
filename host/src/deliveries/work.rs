//! Works batches off.
//!
//! A host takes a batch, reads its messages one by one in their order, and
//! lets it go when none waits. Another takes it over when the first has died.
//! Batches of one sender follow each other, since a later message may amend
//! what an earlier one said. Even should two hosts work on one batch, the
//! transaction that takes a message in fails for the second.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::Deliveries;
use crate::intake::{REJECTED, WAITING};
use crate::store::{StoreError, Transaction, Value, new_id, now};

/// Messages that are worked off before the batch is taken anew.
const PAGE: i64 = 64;
/// How often a worker looks for work.
const LOOKED_EVERY: Duration = Duration::from_millis(250);
/// How long a worker waits when the store did not answer.
const RETRIED_AFTER: Duration = Duration::from_secs(1);
/// After how long without progress another host takes over, in microseconds.
const ABANDONED: i64 = 15_000_000;

/// The next batch for a worker: open, and no other's.
const NEXT: &str = "SELECT d.id FROM delivery d WHERE d.finished_at IS NULL \
    AND (d.worked_by = $1 OR d.worked_at < $2) AND NOT EXISTS (SELECT 1 FROM delivery e \
    WHERE e.finished_at IS NULL AND e.principal_id = d.principal_id AND e.id < d.id) ORDER BY d.id LIMIT 1";

impl Deliveries {
    /// Starts the threads that work batches off, one per processor. They end
    /// with the process.
    pub fn work(&self) -> std::io::Result<()> {
        if !self.store.is_shared() {
            self.forget_workers();
        }
        for number in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let (deliveries, worker) = (self.clone(), new_id());
            let run = move || {
                loop {
                    match deliveries.work_once(&worker) {
                        Ok(true) => {}
                        Ok(false) => std::thread::sleep(LOOKED_EVERY),
                        Err(error) => {
                            tracing::warn!(%error, "deliveries wait: the store does not answer");
                            std::thread::sleep(RETRIED_AFTER);
                        }
                    }
                }
            };
            std::thread::Builder::new().name(format!("delivery-{number}")).spawn(run)?;
        }
        Ok(())
    }

    /// Whoever worked in this store has died: it is used by one host at a time.
    fn forget_workers(&self) {
        const UPDATE: &str = "UPDATE delivery SET worked_at = 0 WHERE finished_at IS NULL";
        let forgotten = self.store.write(|transaction| transaction.execute(UPDATE, &[]));
        if let Err(error) = forgotten {
            tracing::warn!(%error, "deliveries that were under way wait some seconds");
        }
    }

    /// Does some messages of one batch; says whether there was one.
    fn work_once(&self, worker: &str) -> Result<bool, StoreError> {
        let free = [Value::Text(worker), Value::Integer(now() - ABANDONED)];
        if self.store.read(|transaction| transaction.query(NEXT, &free))?.is_empty() {
            return Ok(false);
        }
        let owned = worker.to_owned();
        let Some(messages) = self.store.write(move |transaction| take(transaction, &owned))? else {
            return Ok(false);
        };
        for message in &messages {
            self.do_message(message)?;
        }
        Ok(true)
    }

    /// Takes a message in. One on which the host itself fails is put aside, so
    /// that it does not hold up those behind it.
    fn do_message(&self, id: &str) -> Result<(), StoreError> {
        let taken = catch_unwind(AssertUnwindSafe(|| self.intake.take_waiting(id)));
        let why = match taken {
            Ok(Ok(Some(()))) => return Ok(()),
            Ok(Err(error)) if error.is_transient() => return Err(error),
            Ok(Err(error)) => error.to_string(),
            Ok(Ok(None)) => "what is stored of it is damaged".to_owned(),
            Err(_) => "reading it panicked".to_owned(),
        };
        if self.put_aside(id)? {
            tracing::error!(message = id, %why, "a delivered message was put aside");
        }
        Ok(())
    }

    /// Rejects a message that waits; an operator may have it read again. Says
    /// whether it waited: another host may have done it meanwhile.
    fn put_aside(&self, id: &str) -> Result<bool, StoreError> {
        const UPDATE: &str = "UPDATE message SET state = $2, problems = $3 WHERE id = $1 AND state = $4";
        let id = id.to_owned();
        let problems = crate::intake::host_failed();
        let put = self.store.write(move |transaction| {
            let parameters = [
                Value::from(&id),
                Value::Text(REJECTED),
                Value::from(problems.as_ref()),
                Value::Text(WAITING),
            ];
            transaction.execute(UPDATE, &parameters)
        })?;
        Ok(put > 0)
    }
}

/// Takes a batch and answers the messages of it that wait, some of them; the
/// batch is finished when there are none.
fn take(transaction: &mut dyn Transaction, worker: &str) -> Result<Option<Vec<String>>, StoreError> {
    const TAKE: &str = "UPDATE delivery SET worked_by = $1, worked_at = $2 WHERE id = $3";
    const MESSAGES: &str = "SELECT d.message_id FROM delivery_message d JOIN message m ON m.id = d.message_id \
        WHERE d.delivery_id = $1 AND m.state = $2 ORDER BY d.number LIMIT $3";
    const FINISH: &str = "UPDATE delivery SET finished_at = $1 WHERE id = $2";
    transaction.lock(&["delivery"])?;
    let free = [Value::Text(worker), Value::Integer(now() - ABANDONED)];
    let Some(row) = transaction.query_optional(NEXT, &free)? else { return Ok(None) };
    let id = row.text(0)?;
    transaction.execute(TAKE, &[worker.into(), now().into(), id.into()])?;
    let rows = transaction.query(MESSAGES, &[id.into(), WAITING.into(), PAGE.into()])?;
    if rows.is_empty() {
        transaction.execute(FINISH, &[now().into(), id.into()])?;
    }
    rows.iter().map(|row| row.text(0).map(str::to_owned)).collect::<Result<_, _>>().map(Some)
}
