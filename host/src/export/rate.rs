//! How often somebody may ask: so many times at once, then one after another
//! (the generic cell rate algorithm).

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys remembered before those at rest are forgotten.
const REMEMBERED: usize = 10_000;

/// The limit of one kind of request. It is kept in memory: several hosts each
/// count for themselves.
pub(super) struct Limiter<K> {
    /// When each key would be at rest again.
    busy_until: Mutex<HashMap<K, Instant>>,
}

impl<K: Hash + Eq> Limiter<K> {
    pub(super) fn new() -> Self {
        Self { busy_until: Mutex::default() }
    }

    /// Takes `count` requests of a key that may make `rate` a minute, and as
    /// many at once. Too many are refused, with the time after which they
    /// would be taken.
    pub(super) fn take(&self, key: K, rate: u32, count: u32, now: Instant) -> Result<(), Duration> {
        let minute = Duration::from_secs(60);
        let each = minute / rate.max(1);
        let mut busy_until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        if busy_until.len() >= REMEMBERED {
            busy_until.retain(|_, until| *until > now);
        }
        let rests_at = busy_until.get(&key).copied().unwrap_or(now).max(now) + each * count;
        let ahead = rests_at.duration_since(now);
        if ahead > minute {
            return Err(ahead - minute);
        }
        busy_until.insert(key, rests_at);
        Ok(())
    }

    /// Takes a request back that was not what the limit is for.
    pub(super) fn give_back(&self, key: &K, rate: u32) {
        let mut busy_until = self.busy_until.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = busy_until.get_mut(key) {
            *until = until.checked_sub(Duration::from_secs(60) / rate.max(1)).unwrap_or(*until);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_minute_holds_the_rate_and_no_more() {
        let limiter = Limiter::new();
        let start = Instant::now();
        for _ in 0..6 {
            assert_eq!(limiter.take("a", 6, 1, start), Ok(()));
        }
        assert_eq!(limiter.take("a", 6, 1, start), Err(Duration::from_secs(10)));
        assert_eq!(limiter.take("b", 6, 1, start), Ok(()), "others are not held up");
        assert_eq!(limiter.take("a", 6, 1, start + Duration::from_secs(10)), Ok(()));
        limiter.give_back(&"a", 6);
        assert_eq!(limiter.take("a", 6, 1, start + Duration::from_secs(10)), Ok(()));
        assert_eq!(
            limiter.take("c", 6, 7, start),
            Err(Duration::from_secs(10)),
            "more than ever fit at once"
        );
    }

    proptest! {
        #[test]
        fn nobody_gets_more_than_two_minutes_worth_in_a_minute(
            rate in 1_u32..200,
            steps in proptest::collection::vec(0_u64..2_000, 1..400),
        ) {
            let limiter = Limiter::new();
            let start = Instant::now();
            let mut at = Duration::ZERO;
            let mut taken = Vec::new();
            for step in steps {
                at += Duration::from_millis(step);
                if limiter.take((), rate, 1, start + at).is_ok() {
                    taken.push(at);
                }
            }
            for (index, first) in taken.iter().enumerate() {
                let within = taken[index..].iter().filter(|at| **at - *first < Duration::from_secs(60)).count();
                prop_assert!(within <= 2 * rate as usize);
            }
        }
    }
}
