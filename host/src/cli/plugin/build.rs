//! `ecert plugin build`: from source to a component.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::inspect::summary;
use super::project::{component, core_module, fixtures_of};
use crate::cli::client::read;
use crate::cli::{Outcome, offline, say};
use crate::contract::inspect;

/// Builds a plugin from its source and makes it a component.
///
/// Embeds manifest and fixtures, refuses imports that the contract does not
/// offer, and says what came of it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Build {
    /// Folder of the plugin's crate.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Make a component of this core module, without building anything.
    #[arg(long, conflicts_with = "path")]
    core: Option<PathBuf>,
    /// Folder of the fixtures; the plugin's own unless given.
    #[arg(long, value_name = "FOLDER")]
    fixtures: Option<PathBuf>,
    /// Folder that the component is written to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Build) -> Result<Outcome> {
    let Build { path, core, fixtures, out } = arguments;
    let source = core.as_deref().unwrap_or(path);
    let module = if core.is_some() { read(source)? } else { core_module(source)? };
    let folder = match (fixtures, core) {
        (Some(folder), _) => Some(folder.clone()),
        (None, None) => Some(fixtures_of(path)),
        (None, Some(_)) => None,
    };
    let component = component(&module, source, folder.as_deref())?;
    let inspection = inspect(&component)?;
    let file = write(out, &inspection.manifest.name, &component)?;
    summary(&inspection);
    say(format_args!("written to {}", file.display()));
    Ok(Outcome::Positive)
}

fn write(folder: &Path, name: &str, component: &[u8]) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(format!("{name}{}", offline::SUFFIX));
    fs::write(&file, component).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}
