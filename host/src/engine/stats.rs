//! What this host saw of a plugin since it loaded it: for operators, not for
//! verdicts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::Failure;

/// Powers of two of microseconds, up to half a minute.
const BUCKETS: usize = 26;

/// Counts calls.
#[derive(Debug)]
pub(super) struct Stats {
    failures: AtomicU64,
    /// Calls that took less than two to the power of the index, in
    /// microseconds, and more than those before.
    buckets: [AtomicU64; BUCKETS],
    last_failure: Mutex<Option<LastFailure>>,
    /// Whether the latest call failed.
    failing: std::sync::atomic::AtomicBool,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            failures: AtomicU64::default(),
            buckets: std::array::from_fn(|_| AtomicU64::default()),
            last_failure: Mutex::default(),
            failing: std::sync::atomic::AtomicBool::default(),
        }
    }
}

/// How a plugin does on this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// It was not called yet.
    Unused,
    /// Its latest call gave an answer.
    Well,
    /// Its latest call gave none.
    Failing,
}

/// What this host saw of a plugin since it loaded it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// How it does.
    pub health: Health,
    /// How often it was called.
    pub calls: u64,
    /// How many calls gave no answer that counts.
    pub failures: u64,
    /// Half of the calls took no longer, in microseconds (rounded up to a
    /// power of two).
    pub median_microseconds: u64,
    /// All calls but one in a hundred took no longer.
    pub p99_microseconds: u64,
    /// The latest failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<LastFailure>,
}

/// A call that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastFailure {
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Stable code of what happened, such as `fuel` or `trap`.
    pub code: String,
    /// What happened.
    pub text: String,
}

impl Stats {
    pub(super) fn count(&self, duration: Duration, failure: Option<&Failure>) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let bucket = (u64::BITS - micros.leading_zeros()) as usize;
        self.buckets[bucket.min(BUCKETS - 1)].fetch_add(1, Relaxed);
        self.failing.store(failure.is_some(), Relaxed);
        if let Some(failure) = failure {
            self.failures.fetch_add(1, Relaxed);
            *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(LastFailure {
                at: jiff::Timestamp::now().to_string(),
                code: failure.code().to_owned(),
                text: failure.to_string(),
            });
        }
    }

    pub(super) fn seen(&self) -> Seen {
        let counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        let calls: u64 = counts.iter().sum();
        let quantile = |hundredths: u64| {
            let mut left = (calls * hundredths).div_ceil(100);
            let reached = counts.iter().position(|count| {
                let enough = left > 0 && *count >= left;
                left = left.saturating_sub(*count);
                enough
            });
            reached.map_or(0, |power| 1 << power)
        };
        Seen {
            health: match (calls, self.failing.load(Relaxed)) {
                (0, _) => Health::Unused,
                (_, false) => Health::Well,
                (_, true) => Health::Failing,
            },
            calls,
            failures: self.failures.load(Relaxed),
            median_microseconds: quantile(50),
            p99_microseconds: quantile(99),
            last_failure: self.last_failure.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_powers_of_two_above_what_was_seen() {
        let stats = Stats::default();
        assert_eq!(stats.seen().health, Health::Unused);
        for _ in 0..99 {
            stats.count(Duration::from_micros(100), None);
        }
        stats.count(Duration::from_millis(10), Some(&Failure::Stack));
        let seen = stats.seen();
        assert_eq!((seen.calls, seen.failures, seen.health), (100, 1, Health::Failing));
        assert_eq!((seen.median_microseconds, seen.p99_microseconds), (128, 128));
        stats.count(Duration::from_secs(3_600), None);
        stats.count(Duration::ZERO, None);
        assert_eq!(stats.seen().health, Health::Well);
        assert_eq!(stats.seen().last_failure.unwrap().code, "stack");
    }
}
