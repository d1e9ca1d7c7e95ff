//! Verifies declarations again when a certificate that they cite came or
//! changed, on a thread of its own.

use std::time::Duration;

use super::service::{Finish, Verification};
use crate::followup::{self, Due};
use crate::store::StoreError;

/// How often it is looked whether a declaration is due.
const EVERY: Duration = Duration::from_millis(250);

impl Verification {
    /// Starts the thread.
    pub fn follow_up(&self) -> std::io::Result<()> {
        let service = self.clone();
        let run = move || {
            loop {
                match service.next_due() {
                    Ok(true) => {}
                    Ok(false) => std::thread::sleep(EVERY),
                    Err(error) => {
                        tracing::warn!(%error, "declarations cannot be verified again");
                        std::thread::sleep(EVERY);
                    }
                }
            }
        };
        std::thread::Builder::new().name("follow-up".into()).spawn(run).map(drop)
    }

    /// Verifies the declaration that is due the longest; answers whether there
    /// was one.
    fn next_due(&self) -> Result<bool, StoreError> {
        let Some(due) = followup::take(&self.store)? else { return Ok(false) };
        let struck = due.clone();
        // Struck off in the transaction that stores the verification: a crash
        // neither loses one nor makes two.
        let finish: Finish = Box::new(move |transaction, _| followup::done(transaction, &struck));
        match self.again(&due.declaration, &due.why, Some(finish)) {
            Ok(Some(record)) => {
                tracing::info!(
                    declaration = due.declaration,
                    verification = record.id,
                    verdict = %record.verdict,
                    why = due.why,
                    "verified again"
                );
                metrics::counter!("ecert_verified_again_total").increment(1);
            }
            Ok(None) => self.strike_off(due)?,
            Err(error) => {
                tracing::error!(declaration = due.declaration, %error, "it was not verified again");
                self.store.write(move |transaction| followup::put_off(transaction, &due))?;
            }
        }
        Ok(true)
    }

    fn strike_off(&self, due: Due) -> Result<(), StoreError> {
        self.store.write(move |transaction| followup::done(transaction, &due))
    }
}
