//! What a serving host does by itself, on a thread of its own since a store
//! that is gone may let one wait.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::access::Idempotency;
use crate::api::App;
use crate::store;

/// How often readiness is checked, and what other hosts stored is taken over.
const CHECKED_EVERY: Duration = Duration::from_millis(500);
/// How often what is no longer needed is forgotten.
const FORGOTTEN_EVERY: Duration = Duration::from_secs(3_600);
/// How long answers to requests with an idempotency key are kept, in
/// microseconds.
const ANSWERS_KEPT: i64 = 7 * 86_400_000_000;

/// Checks once, then goes on checking.
pub(super) fn start(app: App) -> Result<()> {
    // On a thread of its own: the caller's belongs to the asynchronous runtime,
    // where nothing may block.
    std::thread::scope(|scope| {
        scope.spawn(|| check(&app));
    });
    let run = move || {
        let mut forgotten = Instant::now();
        loop {
            std::thread::sleep(CHECKED_EVERY);
            check(&app);
            if forgotten.elapsed() > FORGOTTEN_EVERY {
                forgotten = Instant::now();
                forget(&app);
            }
        }
    };
    let thread = std::thread::Builder::new().name("housekeeping".into()).spawn(run);
    thread.map(drop).context("cannot start the housekeeping")
}

fn check(app: &App) {
    app.readiness.checked(missing(app));
}

/// What the host lacks to serve.
fn missing(app: &App) -> Option<String> {
    // With one database for several hosts, another may have imported a table.
    let answers = if app.store.kind() == "PostgreSQL" { app.reference.refresh() } else { app.store.ping() };
    if let Err(error) = answers {
        return Some(format!("The store does not answer: {error}."));
    }
    let snapshot = app.registry.snapshot();
    let lacking = snapshot.unloadable().iter().find(|plugin| plugin.active)?;
    Some(format!("{} {} is active and cannot be loaded: {}.", lacking.name, lacking.version, lacking.reason))
}

fn forget(app: &App) {
    match Idempotency::forget(&app.store, store::now() - ANSWERS_KEPT) {
        Ok(count) => tracing::info!(count, "answers kept for repeated requests were forgotten"),
        Err(error) => tracing::warn!(%error, "old answers were not forgotten"),
    }
}
