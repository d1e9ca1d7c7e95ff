//! Whether the host can serve: kept up to date in the background, so that a
//! probe never waits for a store that hangs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How old the last good answer of the store may be.
const STALE: Duration = Duration::from_secs(5);

/// What is known of the host's readiness.
#[derive(Debug)]
pub struct Readiness(Mutex<State>);

#[derive(Debug)]
struct State {
    missing: Option<String>,
    checked: Instant,
    stopping: bool,
}

impl Default for Readiness {
    fn default() -> Self {
        let missing = Some("The host is starting.".to_owned());
        Self(Mutex::new(State { missing, checked: Instant::now(), stopping: false }))
    }
}

impl Readiness {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes down the result of a check: what is missing, if anything.
    pub fn checked(&self, missing: Option<String>) {
        let mut state = self.state();
        if state.missing != missing {
            match &missing {
                Some(missing) => tracing::warn!(missing, "not ready"),
                None => tracing::info!("ready"),
            }
        }
        state.missing = missing;
        state.checked = Instant::now();
    }

    /// The host stops: it is not ready any more, whatever checks say.
    pub fn stop(&self) {
        self.state().stopping = true;
    }

    /// Whether the host can serve, or why not.
    pub fn now(&self) -> Result<(), String> {
        let state = self.state();
        if state.stopping {
            return Err("The host is stopping.".to_owned());
        }
        if let Some(missing) = &state.missing {
            return Err(missing.clone());
        }
        if state.checked.elapsed() > STALE {
            return Err("The store has not answered for some seconds.".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_checks_until_the_host_stops() {
        let readiness = Readiness::default();
        assert!(readiness.now().is_err(), "not ready before the first check");
        readiness.checked(None);
        assert_eq!(readiness.now(), Ok(()));
        readiness.checked(Some("The store does not answer.".to_owned()));
        assert!(readiness.now().is_err());
        readiness.checked(None);
        readiness.stop();
        readiness.checked(None);
        assert!(readiness.now().is_err());
    }
}
