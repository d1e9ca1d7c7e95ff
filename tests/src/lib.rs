//! What the end-to-end tests share: a host started from the real binary, a
//! client to talk to it, and the example messages.
//!
//! `ECERT_BIN` names the binary and `ECERT_PLUGINS` the folder of components;
//! without them they are looked for where `cargo xtask test` puts them.

pub mod abroad;
pub mod client;
pub mod customs;
pub mod deliveries;
pub mod desk;
pub mod examples;
pub mod faulty;
pub mod generator;
pub mod host;
pub mod marker;
pub mod openssl;
pub mod postgres;
pub mod proxy;
pub mod registry;

use std::path::{Path, PathBuf};

pub use client::{Answer, Client};
pub use host::{Host, Setup};

/// The project's root folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A file of the project.
///
/// # Panics
///
/// When it cannot be read: a test cannot go on without it.
#[must_use]
pub fn file(path: &str) -> Vec<u8> {
    let path = root().join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
