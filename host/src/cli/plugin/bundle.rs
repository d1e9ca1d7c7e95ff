//! Signatures beside a component: `meat.component.wasm` has its own in
//! `meat.component.wasm.intoto.jsonl`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::trust::{Envelope, parse_bundle, write_bundle};

const ENDING: &str = ".intoto.jsonl";

/// Where the signatures of a component file stand.
pub(in crate::cli) fn beside(component: &Path) -> PathBuf {
    let mut path = component.as_os_str().to_owned();
    path.push(ENDING);
    path.into()
}

/// The signatures beside a component, none where there is no such file, and
/// those in further files.
pub(in crate::cli) fn read(component: &Path, more: &[PathBuf]) -> Result<Vec<Envelope>> {
    let beside = beside(component);
    let beside = beside.exists().then_some(beside);
    let mut envelopes = Vec::new();
    for file in beside.iter().chain(more) {
        let text = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let read = parse_bundle(&text).with_context(|| format!("cannot use {}", file.display()))?;
        envelopes
            .extend(read.into_iter().filter(|envelope| !envelopes.contains(envelope)).collect::<Vec<_>>());
    }
    Ok(envelopes)
}

/// Writes the signatures of a component beside it.
pub(in crate::cli) fn write(component: &Path, envelopes: &[Envelope]) -> Result<PathBuf> {
    let path = beside(component);
    std::fs::write(&path, write_bundle(envelopes))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
