//! `ecert plugin inspect`: what a component says of itself.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use ecert_model::manifest::Kind;

use crate::cli::client::read;
use crate::cli::{Outcome, say};
use crate::contract::{Inspection, inspect};

/// Shows what a component file holds, without running it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Inspect {
    /// The component.
    component: PathBuf,
    /// As JSON, with the whole manifest.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Inspect) -> Result<Outcome> {
    let path = &arguments.component;
    let inspection = inspect(&read(path)?).with_context(|| path.display().to_string())?;
    if arguments.json {
        say(serde_json::to_string_pretty(&inspection)?);
    } else {
        summary(&inspection);
    }
    Ok(Outcome::Positive)
}

pub(super) fn summary(of: &Inspection) {
    let manifest = &of.manifest;
    let kind = match manifest.kind {
        Kind::FormatAdapter => "format adapter",
        Kind::RuleSet => "rule set",
    };
    say(format_args!("{} {} ({kind}, contract {})", manifest.name, manifest.version, of.contract));
    say(format_args!("  size      {} bytes", of.size));
    say(format_args!("  digest    {}", of.digest));
    say(format_args!("  imports   {}", list(&of.imports)));
    say(format_args!("  exports   {}", list(&of.exports)));
    let formats: Vec<_> = manifest.formats.iter().map(|format| format.id.clone()).collect();
    if !formats.is_empty() {
        say(format_args!("  formats   {}", list(&formats)));
    }
    if !manifest.rules.is_empty() {
        say(format_args!("  rules     {}", manifest.rules.len()));
    }
    say(format_args!("  fixtures  {}", of.fixtures));
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
