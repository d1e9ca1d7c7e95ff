//! `ecert plugin diff`: what a new version changes.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use ecert_model::manifest::Manifest;
use serde_json::{Map, Value, json};

use super::counted;
use super::project::Project;
use crate::cli::client::{Connection, read};
use crate::cli::{Outcome, backtest, say};
use crate::contract::inspect;
use crate::fixtures::{Difference, Ending, Fixture, Fixtures, Ran, differences, run as run_fixture};

/// Compares two versions of a plugin: their manifests and what they answer to
/// the fixtures of both, or what they make of a host's stored cases.
///
/// Ends with 0 when nothing differs, 1 otherwise.
#[derive(Debug, Args)]
pub(in crate::cli) struct Diff {
    /// The old version: a component, or the folder of its crate.
    old: PathBuf,
    /// The new version.
    new: PathBuf,
    /// Compares over so many of the latest cases that a host has stored. The
    /// old version is one that it knows, as NAME@VERSION or a component; the
    /// new one need not be published.
    #[arg(long, value_name = "CASES")]
    last: Option<u64>,
    #[command(flatten)]
    connection: Connection,
}

/// How the answers to a fixture differ.
struct Changed {
    fixture: String,
    differences: Vec<Difference>,
}

fn compared(old: &Project, new: &Project) -> Result<(Vec<Difference>, Vec<Changed>)> {
    let (old_manifest, new_manifest) = (old.plugin.manifest(), new.plugin.manifest());
    ensure!(
        old_manifest.kind == new_manifest.kind,
        "{} and {} are plugins of different kinds",
        old_manifest.name,
        new_manifest.name
    );
    let manifest = differences(&by_name(old_manifest), &by_name(new_manifest));
    let known = |fixture: &&Fixture| new.fixtures.fixtures.iter().all(|other| other.name != fixture.name);
    let only_old = old.fixtures.fixtures.iter().filter(known).map(|fixture| (&old.fixtures, fixture));
    let of_new = new.fixtures.fixtures.iter().map(|fixture| (&new.fixtures, fixture));
    let mut changed = Vec::new();
    for (fixtures, fixture) in of_new.chain(only_old) {
        let answers = [old, new].map(|project| answer(project, fixtures, fixture));
        let [before, after] = answers;
        let found = differences(&before?, &after?);
        if !found.is_empty() {
            changed.push(Changed { fixture: fixture.name.clone(), differences: found });
        }
    }
    Ok((manifest, changed))
}

/// Compares two versions over the cases that a host has stored.
fn over_stored(Diff { old, new, connection, .. }: &Diff, last: u64) -> Result<Outcome> {
    let text = |path: &PathBuf| path.to_str().map(str::to_owned).context("a path that is not UTF-8");
    let (old, new) = (text(old)?, text(new)?);
    let version = match backtest::published(&old) {
        Some((_, version)) => version.to_owned(),
        None => known(connection, &old)?,
    };
    backtest::compared(connection, &new, Some(&version), last)
}

/// The version of a component that the host knows.
fn known(connection: &Connection, component: &str) -> Result<String> {
    let inspection = inspect(&read(component.as_ref())?).with_context(|| component.to_owned())?;
    let Manifest { name, version, .. } = inspection.manifest;
    let unknown =
        || format!("the host does not know {component}: publish it, or give another as NAME@VERSION");
    let there = connection.client()?.get(&format!("/v1/plugins/{name}/{version}")).with_context(unknown)?;
    ensure!(there["digest"] == inspection.digest.to_string(), unknown());
    Ok(version)
}

pub(super) fn run(arguments: &Diff) -> Result<Outcome> {
    if let Some(last) = arguments.last {
        return over_stored(arguments, last);
    }
    let (old, new) = (Project::open(&arguments.old)?, Project::open(&arguments.new)?);
    let (manifest, changed) = compared(&old, &new)?;
    if arguments.connection.json {
        let fixtures: Vec<Value> = changed
            .iter()
            .map(|changed| json!({"fixture": changed.fixture, "differences": changed.differences}))
            .collect();
        say(serde_json::to_string_pretty(&json!({"manifest": manifest, "fixtures": fixtures}))?);
    } else {
        let version = |project: &Project| {
            let manifest = project.plugin.manifest();
            format!("{} {}", manifest.name, manifest.version)
        };
        say(format_args!("{} -> {}", version(&old), version(&new)));
        told("manifest", &manifest);
        for Changed { fixture, differences } in &changed {
            told(&format!("fixture {fixture}"), differences);
        }
        let manifest = counted(manifest.len(), "change");
        let fixtures = counted(changed.len(), "fixture");
        say(format_args!("{manifest} in the manifest, {fixtures} with another answer"));
    }
    let same = manifest.is_empty() && changed.is_empty();
    Ok(if same { Outcome::Positive } else { Outcome::Negative })
}

fn told(what: &str, differences: &[Difference]) {
    for Difference { path, expected, actual } in differences {
        say(format_args!("{what}: `{path}`"));
        say(format_args!("  - {}", Difference::shown(expected.as_ref())));
        say(format_args!("  + {}", Difference::shown(actual.as_ref())));
    }
}

/// What a version answers; how the call ended where it does not.
fn answer(project: &Project, fixtures: &Fixtures, fixture: &Fixture) -> Result<Value> {
    let Ran { actual, ending, .. } = run_fixture(&project.engine, &project.plugin, fixtures, fixture)?;
    Ok(actual.unwrap_or_else(|| match ending {
        Ending::Failed(failure) => json!({ "failure": failure.to_string() }),
        _ => Value::Null,
    }))
}

/// A manifest with its lists by name, so that one more rule is one change.
fn by_name(manifest: &Manifest) -> Value {
    let mut value = serde_json::to_value(manifest).unwrap_or_default();
    for (list, name) in [("rules", "id"), ("formats", "id"), ("tables", "name")] {
        let Some(Value::Array(elements)) = value.get_mut(list).map(Value::take) else { continue };
        let named = elements.into_iter().map(|element| {
            let key = element[name].as_str().unwrap_or_default().to_owned();
            (key, element)
        });
        value[list] = Value::Object(named.collect::<Map<_, _>>());
    }
    value
}
