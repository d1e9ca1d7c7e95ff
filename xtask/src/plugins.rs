//! Builds the host and, with it, the plugins.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{cargo, run, setup};

/// What `ecert plugin build` gives cargo; were it to differ, every plugin
/// would be built twice.
const TARGET: &[&str] = &[
    "--release",
    "--target",
    "wasm32-unknown-unknown",
    "--config",
    "target.wasm32-unknown-unknown.rustflags = ['-Ctarget-feature=+simd128']",
];

/// Builds the `ecert` binary and answers where it is.
pub(crate) fn build_host(root: &Path) -> Result<PathBuf> {
    // The same selection as the tests': another one would compile the
    // WebAssembly engine a second time.
    run(cargo(root).args(["build", "--workspace", "--all-targets"]))?;
    Ok(root.join("target/debug/ecert"))
}

/// Folders of all plugins, adapters first.
pub(crate) fn folders(root: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for kind in ["adapters", "rules"] {
        let parent = root.join("plugins").join(kind);
        let mut found: Vec<PathBuf> = std::fs::read_dir(&parent)
            .with_context(|| format!("reading {}", parent.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.join("Cargo.toml").exists())
            .collect();
        found.sort();
        folders.extend(found);
    }
    Ok(folders)
}

/// Builds every plugin into `target/plugins` and answers that folder.
pub(crate) fn build(root: &Path, ecert: &Path) -> Result<PathBuf> {
    setup::wasm_target()?;
    let out = root.join("target/plugins");
    std::fs::create_dir_all(&out)?;
    let folders = folders(root)?;
    run(&mut all_at_once(&root.join("plugins"), &folders))?;
    for folder in folders {
        run(Command::new(ecert).args(["plugin", "build"]).arg(&folder).arg("--out").arg(&out))?;
    }
    Ok(out)
}

/// What `plugin build` has cargo do in one folder, for all of them: their last
/// step has one thread each, and one after the other they would take twice as
/// long. It finds them built.
fn all_at_once(workspace: &Path, folders: &[PathBuf]) -> Command {
    let mut command = cargo(workspace);
    command.arg("build").args(TARGET);
    for name in folders.iter().filter_map(|folder| folder.file_name()) {
        command.arg("--package").arg(name);
    }
    command
}
