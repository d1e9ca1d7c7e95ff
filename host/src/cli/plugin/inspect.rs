//! `ecert plugin inspect` and `digest`: what components say of themselves.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use ecert_model::cases::Case;
use ecert_model::manifest::Kind;
use serde_json::{Value, json};

use super::project::components;
use super::spent::grouped;
use crate::cli::{Outcome, say};
use crate::contract::{Inspection, Limits, MAX_FUEL, MAX_MEMORY, for_case, for_message, inspect};

/// Shows what components hold, without running them.
#[derive(Debug, Args)]
pub(in crate::cli) struct Inspect {
    /// A component, the folder of a plugin's crate, or a folder of components.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// As JSON, with the whole manifest.
    #[arg(long)]
    json: bool,
}

/// Shows the SHA-256 digests of components.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowDigest {
    /// A component, the folder of a plugin's crate, or a folder of components.
    #[arg(default_value = ".")]
    path: PathBuf,
}

pub(super) fn run(arguments: &Inspect) -> Result<Outcome> {
    let inspected = inspected(&arguments.path)?;
    if arguments.json {
        let whole = |(_, inspection): &(PathBuf, Inspection)| {
            let mut value = serde_json::to_value(inspection)?;
            value["limits"] = limits_json(&least(inspection));
            anyhow::Ok(value)
        };
        let mut all = inspected.iter().map(whole).collect::<Result<Vec<Value>>>()?;
        // A file gives one object, a folder a list.
        let answer = if arguments.path.is_file() { all.remove(0) } else { Value::Array(all) };
        say(serde_json::to_string_pretty(&answer)?);
    } else {
        inspected.iter().for_each(|(_, inspection)| summary(inspection));
    }
    Ok(Outcome::Positive)
}

pub(super) fn run_digest(arguments: &ShowDigest) -> Result<Outcome> {
    for (path, inspection) in inspected(&arguments.path)? {
        say(format_args!("{}  {}", inspection.digest, path.display()));
    }
    Ok(Outcome::Positive)
}

fn inspected(path: &Path) -> Result<Vec<(PathBuf, Inspection)>> {
    let inspection = |(path, component): (PathBuf, Vec<u8>)| {
        let inspection = inspect(&component).with_context(|| path.display().to_string())?;
        Ok((path, inspection))
    };
    components(path)?.into_iter().map(inspection).collect()
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
    let least = least(of);
    say(format_args!(
        "  limits    {} to {} units of fuel, {} to {} MiB of memory, by the size of the input",
        grouped(least.fuel),
        grouped(MAX_FUEL),
        least.memory >> 20,
        MAX_MEMORY >> 20
    ));
}

/// The limits of a call with the smallest input.
fn least(of: &Inspection) -> Limits {
    match of.manifest.kind {
        Kind::FormatAdapter => for_message(0),
        Kind::RuleSet => for_case(&Case::default()),
    }
}

fn limits_json(least: &Limits) -> Value {
    json!({
        "fuel": {"least": least.fuel, "most": MAX_FUEL},
        "memory": {"least": least.memory, "most": MAX_MEMORY},
    })
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
