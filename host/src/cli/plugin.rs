//! `ecert plugin`: building plugins and looking at them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Subcommand};
use ecert_model::manifest::Kind;

use super::{Outcome, lifecycle, note, publish, say};
use crate::contract::{Inspection, inspect};
use crate::engine::{Engine, EngineConfig};
use crate::registry::assemble;

const TARGET: &str = "wasm32-unknown-unknown";

/// Vector instructions give the same results on every machine, and every
/// engine that runs components has them. Searching texts needs them most.
const FEATURES: &str = "target.wasm32-unknown-unknown.rustflags = ['-Ctarget-feature=+simd128']";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Builds a plugin from its source and makes it a component.
    Build(Build),
    /// Publishes components to a running host.
    Publish(publish::Publish),
    Activate(lifecycle::Activate),
    Shadow(lifecycle::Shadow),
    Retire(lifecycle::Retire),
    Rollback(lifecycle::Rollback),
    History(lifecycle::History),
    /// Lists the plugins of a running host.
    List(publish::List),
    /// Shows what a component file holds, without running it.
    Inspect {
        /// The component.
        component: PathBuf,
        /// As JSON, with the whole manifest.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// Folder of the plugin's crate.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Make a component of this core module, without building anything.
    #[arg(long, conflicts_with = "path")]
    core: Option<PathBuf>,
    /// Folder that the component is written to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

pub(super) fn run(command: Command) -> Result<Outcome> {
    match command {
        Command::Build(arguments) => build(&arguments),
        Command::Publish(arguments) => publish::publish(&arguments),
        Command::Activate(arguments) => lifecycle::activate(&arguments),
        Command::Shadow(arguments) => lifecycle::shadow(&arguments),
        Command::Retire(arguments) => lifecycle::retire(&arguments),
        Command::Rollback(arguments) => lifecycle::rollback(&arguments),
        Command::History(arguments) => lifecycle::history(&arguments),
        Command::List(arguments) => publish::list(&arguments),
        Command::Inspect { component, json } => show(&component, json),
    }
}

fn build(arguments: &Build) -> Result<Outcome> {
    let core = match &arguments.core {
        Some(core) => core.clone(),
        None => cargo_build(&arguments.path)?,
    };
    let module = fs::read(&core).with_context(|| format!("cannot read {}", core.display()))?;
    let cache = tempfile::Builder::new().prefix("ecert-build-").tempdir()?;
    let engine =
        Engine::new(&EngineConfig { concurrency: 1, ..EngineConfig::new(cache.path().join("compiled"))? })?;
    let (component, inspection) =
        assemble(&engine, &module).with_context(|| format!("no component came of {}", core.display()))?;
    fs::create_dir_all(&arguments.out).with_context(|| format!("cannot make {}", arguments.out.display()))?;
    let file = arguments.out.join(format!("{}.component.wasm", inspection.manifest.name));
    fs::write(&file, component).with_context(|| format!("cannot write {}", file.display()))?;
    summary(&inspection);
    say(format_args!("written to {}", file.display()));
    Ok(Outcome::Positive)
}

/// Has cargo build the plugin and says where the core module is.
fn cargo_build(path: &Path) -> Result<PathBuf> {
    ensure!(
        path.join("Cargo.toml").is_file(),
        "{} holds no Cargo.toml: give the folder of a plugin",
        path.display()
    );
    note(format_args!("building {}", path.display()));
    let output = Process::new("cargo")
        .args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"])
        .args(["--config", FEATURES])
        .current_dir(path)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo: is Rust installed?")?;
    ensure!(
        output.status.success(),
        "cargo could not build the plugin (if the target is missing: `rustup target add {TARGET}`)"
    );
    // Cargo reports what it made line by line; the plugin itself comes last.
    let reports = output.stdout.split(|byte| *byte == b'\n').rev();
    for report in reports.filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok()) {
        let files = report["filenames"].as_array().into_iter().flatten().filter_map(|file| file.as_str());
        if let Some(module) = files.into_iter().find(|file| file.ends_with(".wasm")) {
            return Ok(module.into());
        }
    }
    bail!("cargo made no .wasm file: the crate needs `crate-type = [\"cdylib\"]`")
}

fn show(path: &Path, json: bool) -> Result<Outcome> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let inspection = inspect(&bytes).with_context(|| path.display().to_string())?;
    if json {
        say(serde_json::to_string_pretty(&inspection)?);
    } else {
        summary(&inspection);
    }
    Ok(Outcome::Positive)
}

fn summary(of: &Inspection) {
    let manifest = &of.manifest;
    let kind = match manifest.kind {
        Kind::FormatAdapter => "format adapter",
        Kind::RuleSet => "rule set",
    };
    say(format_args!("{} {} ({kind}, contract {})", manifest.name, manifest.version, of.contract));
    say(format_args!("  size     {} bytes", of.size));
    say(format_args!("  digest   {}", of.digest));
    say(format_args!("  imports  {}", list(&of.imports)));
    say(format_args!("  exports  {}", list(&of.exports)));
    let formats: Vec<_> = manifest.formats.iter().map(|format| format.id.clone()).collect();
    if !formats.is_empty() {
        say(format_args!("  formats  {}", list(&formats)));
    }
    if !manifest.rules.is_empty() {
        say(format_args!("  rules    {}", manifest.rules.len()));
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
