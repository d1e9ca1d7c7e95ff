//! The same request twice gives one record and one answer.
//!
//! The answer is stored in the transaction that did the work, under the
//! caller, the route and the caller's key, and a second request finds it
//! there. Nothing is written when a request begins, so a crash leaves nothing
//! stale: requests in flight are known in memory only. Should two hosts work
//! on the same request at once, the second one's transaction finds the answer
//! of the first, fails, and its caller gets the stored answer.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{Store, StoreError, Transaction, now};

/// Whose request it is, and which.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Identifier of the principal.
    pub caller: String,
    /// Method and path pattern.
    pub route: String,
    /// What the caller sent as `Idempotency-Key`.
    pub key: String,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers that belong to the answer, as `name: value` lines.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What a request with a key turns out to be.
#[derive(Debug)]
pub enum Begun {
    /// New: do the work, and [`Claim::finish`] within its transaction.
    New(Claim),
    /// Done before: give this answer again.
    Replay(Answer),
    /// The key was used for another body.
    Mismatch,
    /// Still being worked on.
    InFlight,
}

/// The requests that are being worked on. One per host.
#[derive(Clone, Default)]
pub struct Idempotency {
    in_flight: Arc<Mutex<HashSet<Key>>>,
}

impl Idempotency {
    /// Begins a request.
    pub fn begin(&self, store: &Store, key: Key, body_digest: [u8; 32]) -> Result<Begun, StoreError> {
        // Claimed before looking: otherwise the first could finish in between.
        let Some(claim) = self.claim(key, body_digest) else {
            return Ok(Begun::InFlight);
        };
        match store.read(|transaction| stored(transaction, &claim.request))? {
            None => Ok(Begun::New(claim)),
            Some((digest, _)) if digest != body_digest => Ok(Begun::Mismatch),
            Some((_, answer)) => Ok(Begun::Replay(answer)),
        }
    }

    fn claim(&self, key: Key, body_digest: [u8; 32]) -> Option<Claim> {
        let mut in_flight = self.in_flight.lock().unwrap_or_else(PoisonError::into_inner);
        if !in_flight.insert(key.clone()) {
            return None;
        }
        let request = Arc::new(Request { key, body_digest, in_flight: Arc::clone(&self.in_flight) });
        Some(Claim { request })
    }

    /// Forgets answers given before an instant, and says how many.
    pub fn forget(store: &Store, before: i64) -> Result<u64, StoreError> {
        store.write(move |transaction| {
            transaction.execute("DELETE FROM idempotent_answer WHERE answered_at < $1", &[before.into()])
        })
    }
}

/// A request that is being worked on. The last clone that goes lets others
/// with the same key begin.
#[derive(Clone, Debug)]
pub struct Claim {
    request: Arc<Request>,
}

#[derive(Debug)]
struct Request {
    key: Key,
    body_digest: [u8; 32],
    in_flight: Arc<Mutex<HashSet<Key>>>,
}

impl Drop for Request {
    fn drop(&mut self) {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl Claim {
    /// Stores the answer, in the transaction that did the work.
    ///
    /// Fails with [`StoreError::Constraint`] when another host was faster:
    /// let the transaction fail with it, and begin again for the stored answer.
    pub fn finish(&self, transaction: &mut dyn Transaction, answer: &Answer) -> Result<(), StoreError> {
        let Request { key, body_digest, .. } = &*self.request;
        let body = zstd::bulk::compress(&answer.body, 1)
            .map_err(|error| StoreError::Value(format!("an answer cannot be compressed: {error}")))?;
        let inserted = transaction.execute(
            "INSERT INTO idempotent_answer \
             (caller, route, key, body_digest, status, headers, body, answered_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            &[
                (&key.caller).into(),
                (&key.route).into(),
                (&key.key).into(),
                body_digest.into(),
                i64::from(answer.status).into(),
                (&answer.headers).into(),
                (&body).into(),
                now().into(),
            ],
        )?;
        if inserted == 0 {
            return Err(StoreError::Constraint("this request was answered by another host meanwhile".into()));
        }
        Ok(())
    }
}

/// The stored answer, with the digest of the body it answered.
fn stored(
    transaction: &mut dyn Transaction,
    request: &Request,
) -> Result<Option<([u8; 32], Answer)>, StoreError> {
    let Key { caller, route, key } = &request.key;
    let row = transaction.query_optional(
        "SELECT body_digest, status, headers, body FROM idempotent_answer \
         WHERE caller = $1 AND route = $2 AND key = $3",
        &[caller.into(), route.into(), key.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let broken = |what: &str| StoreError::Value(format!("a stored answer has an unusable {what}"));
    let digest = row.bytes(0)?.try_into().map_err(|_| broken("digest"))?;
    let answer = Answer {
        status: row.integer(1)?.try_into().map_err(|_| broken("status"))?,
        headers: row.text(2)?.into(),
        body: zstd::decode_all(row.bytes(3)?).map_err(|_| broken("body"))?,
    };
    Ok(Some((digest, answer)))
}
