//! Real messages. They are not part of the project: they are looked for in the
//! folder that `ECERT_SAMPLES` names, else in `../shared/samples` beside the
//! project, and tests fail where there are none.

use std::path::PathBuf;

/// The folder of the real messages.
#[must_use]
pub fn folder() -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/samples"));
    let folder = std::env::var_os("ECERT_SAMPLES").map_or_else(beside, PathBuf::from);
    assert!(folder.is_dir(), "the samples are not there: set ECERT_SAMPLES to their folder");
    folder
}

/// A real message, by its path in the folder.
#[must_use]
pub fn message(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
