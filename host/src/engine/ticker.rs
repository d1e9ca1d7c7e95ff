//! The clock that stops what fuel did not.

use std::thread;
use std::time::Duration;

use wasmtime::EngineWeak;

/// Time between two ticks.
pub(super) const TICK: Duration = Duration::from_millis(5);

/// Starts the thread that counts the engine's epochs. It ends with the engine.
pub(super) fn start(engine: EngineWeak) -> std::io::Result<()> {
    let tick = move || {
        loop {
            thread::sleep(TICK);
            match engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => break,
            }
        }
    };
    thread::Builder::new().name("epoch".into()).spawn(tick).map(drop)
}

/// Ticks that pass in a span of time, at least one more than the one that may
/// come at once.
pub(super) fn ticks(span: Duration) -> u64 {
    (span.as_millis() / TICK.as_millis()) as u64 + 2
}
