//! Messages for the author of a plugin.
//!
//! The host keeps them with the run; how many and how long is bounded. Outside
//! a host they are dropped.

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

#[derive(Clone, Copy)]
enum Level {
    Debug,
    Info,
    Warn,
}

/// Both worlds import the same interface, so the bindings of either serve.
#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: &str) {
    use crate::__guest::rules::ecert::plugin::log;
    let level = match level {
        Level::Debug => log::Level::Debug,
        Level::Info => log::Level::Info,
        Level::Warn => log::Level::Warn,
    };
    log::write(level, message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: Level, message: &str) {
    let _ = (level, message);
}
