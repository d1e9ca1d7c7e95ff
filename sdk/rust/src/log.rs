//! Messages for the author of a plugin.
//!
//! The host keeps them with the run; how many and how long is bounded. Outside
//! a host they are dropped.

use ecert_guest::host::Level;

/// For following a single run.
pub fn debug(message: &str) {
    write(Level::Debug, message);
}

/// Worth keeping.
pub fn info(message: &str) {
    write(Level::Info, message);
}

/// Needs the author's attention.
pub fn warn(message: &str) {
    write(Level::Warn, message);
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: &str) {
    ecert_guest::host::log(level, message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: Level, message: &str) {
    let _ = (level, message);
}
