//! `ecert plugin inspect` and `digest`: what components say of themselves.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use ecert_model::cases::Case;
use ecert_model::manifest::Kind;
use serde_json::{Value, json};

use super::bundle;
use super::project::components;
use super::registry::Access;
use super::spent::grouped;
use crate::cli::{Outcome, say};
use crate::contract::{Inspection, Limits, MAX_FUEL, MAX_MEMORY, for_case, for_message, inspect};
use crate::oci::Address;
use crate::trust::{Claimed, Envelope, Release};

/// Shows what components hold, and who says to have signed them, without
/// running or trusting them.
#[derive(Debug, Args)]
pub(in crate::cli) struct Inspect {
    /// A component, the folder of a plugin's crate, a folder of components, or
    /// a reference to a registry (oci://…).
    #[arg(default_value = ".")]
    path: PathBuf,
    /// As JSON, with the whole manifest.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    access: Access,
}

/// Shows the SHA-256 digests of components.
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowDigest {
    /// A component, the folder of a plugin's crate, a folder of components, or
    /// a reference to a registry (oci://…).
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    access: Access,
}

/// A component, looked at.
struct Inspected {
    /// Where it is; what a registry's tag stood for is pinned.
    place: String,
    inspection: Inspection,
    signatures: Vec<Claimed>,
}

pub(super) fn run(arguments: &Inspect) -> Result<Outcome> {
    let Inspect { path, json, access } = arguments;
    let (inspected, one) = inspected(path, access)?;
    if *json {
        let mut all = inspected.iter().map(whole).collect::<Result<Vec<Value>>>()?;
        // A file gives one object, a folder a list.
        let answer = if one { all.remove(0) } else { Value::Array(all) };
        say(serde_json::to_string_pretty(&answer)?);
        return Ok(Outcome::Positive);
    }
    for Inspected { place, inspection, signatures } in &inspected {
        summary(inspection);
        for Claimed { key, role } in signatures {
            let key = key.as_deref().unwrap_or("without a name").escape_debug();
            say(format_args!("  signed    as {role} by key {key}, it says: see `ecert plugin verify`"));
        }
        if signatures.is_empty() {
            say("  signed    by nobody");
        }
        say(format_args!("  from      {place}"));
    }
    Ok(Outcome::Positive)
}

fn whole(of: &Inspected) -> Result<Value> {
    let mut value = serde_json::to_value(&of.inspection)?;
    value["limits"] = limits_json(&least(&of.inspection));
    value["signatures"] = serde_json::to_value(&of.signatures)?;
    value["from"] = of.place.clone().into();
    Ok(value)
}

pub(super) fn run_digest(arguments: &ShowDigest) -> Result<Outcome> {
    for Inspected { place, inspection, .. } in inspected(&arguments.path, &arguments.access)?.0 {
        say(format_args!("{}  {place}", inspection.digest));
    }
    Ok(Outcome::Positive)
}

/// What a command line names, and whether that is a single component.
fn inspected(path: &Path, access: &Access) -> Result<(Vec<Inspected>, bool)> {
    if let Some(reference) = path.to_str().filter(|text| Address::is_meant(text)) {
        let fetched = access.fetch(reference)?;
        let place = reference.parse::<Address>()?.pinned(fetched.manifest);
        return Ok((vec![looked_at(place, &fetched.component, &fetched.signatures)?], true));
    }
    let look = |(path, component): (PathBuf, Vec<u8>)| {
        looked_at(path.display().to_string(), &component, &bundle::read(&path, &[])?)
    };
    let all = components(path)?.into_iter().map(look).collect::<Result<_>>()?;
    Ok((all, path.is_file()))
}

fn looked_at(place: String, component: &[u8], signatures: &[Envelope]) -> Result<Inspected> {
    let inspection = inspect(component).with_context(|| place.clone())?;
    let release = Release::from(&inspection);
    let signatures = signatures.iter().flat_map(|envelope| envelope.claimed(&release)).collect();
    Ok(Inspected { place, inspection, signatures })
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
