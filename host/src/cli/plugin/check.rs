//! `ecert plugin check`: what a machine can say about a plugin.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::counted;
use super::lints::{Level, complaints};
use super::project::Project;
use crate::cli::{Outcome, say};

/// Looks a plugin's manifest and fixtures over.
///
/// Ends with 1 when something must be mended. What should only be looked at
/// is a warning, and counts with --strict.
#[derive(Debug, Args)]
pub(in crate::cli) struct Check {
    /// Folder of the plugin's crate, which is built first, or a component.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Warnings count as errors.
    #[arg(long)]
    strict: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Check) -> Result<Outcome> {
    let Project { plugin, fixtures, .. } = Project::open(&arguments.path)?;
    let manifest = plugin.manifest();
    let found = complaints(manifest, &fixtures);
    let errors = found.iter().filter(|complaint| complaint.level == Level::Error).count();
    let warnings = found.len() - errors;
    if arguments.json {
        let answer = json!({"plugin": manifest.name, "version": manifest.version, "complaints": found});
        say(serde_json::to_string_pretty(&answer)?);
    } else {
        for complaint in &found {
            let level = if complaint.level == Level::Error { "error" } else { "warning" };
            say(format_args!("{level}[{}]: {}\n  {}", complaint.code, complaint.at, complaint.text));
        }
        let counts = [counted(errors, "error"), counted(warnings, "warning")].join(", ");
        say(format_args!("{} {}: {counts}", manifest.name, manifest.version));
    }
    let bad = errors > 0 || (arguments.strict && warnings > 0);
    Ok(if bad { Outcome::Negative } else { Outcome::Positive })
}
