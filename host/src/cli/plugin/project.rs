//! A plugin to work with: the folder of its source, or a component file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cli::client::read;
use crate::cli::{note, offline};
use crate::engine::{Engine, Plugin};
use crate::fixtures::{self, Fixtures};
use crate::registry::assemble;

const TARGET: &str = "wasm32-unknown-unknown";

/// Vector instructions give the same results on every machine, and every
/// engine that runs components has them. Searching texts needs them most.
const FEATURES: &str = "target.wasm32-unknown-unknown.rustflags = ['-Ctarget-feature=+simd128']";

/// A plugin, ready to be called, with its fixtures.
pub(super) struct Project {
    pub(super) engine: Engine,
    pub(super) plugin: Plugin,
    pub(super) fixtures: Fixtures,
    /// Folder of the fixtures; none for those embedded in a component.
    pub(super) folder: Option<PathBuf>,
}

impl Project {
    /// Builds the plugin in a folder and reads the fixtures beside its
    /// source, or takes a component and the fixtures in it.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let engine = offline::engine()?;
        if path.is_file() {
            let component = read(path)?;
            let plugin = load(&engine, &component, path)?;
            let fixtures = Fixtures::embedded(&component).with_context(|| path.display().to_string())?;
            return Ok(Self { engine, plugin, fixtures, folder: None });
        }
        let folder = fixtures_of(path);
        let (component, fixtures) = assembled(&engine, &core_module(path)?, path, Some(&folder))?;
        let plugin = load(&engine, &component, path)?;
        Ok(Self { engine, plugin, fixtures, folder: Some(folder) })
    }
}

/// Folder of the fixtures of a plugin in a folder.
pub(super) fn fixtures_of(path: &Path) -> PathBuf {
    // So that messages say `fixtures/…`, not `./fixtures/…`.
    if path == Path::new(".") { fixtures::FOLDER.into() } else { path.join(fixtures::FOLDER) }
}

/// Makes a component of a core module, without fixtures, and reads those of a
/// folder.
fn assembled(
    engine: &Engine,
    module: &[u8],
    source: &Path,
    folder: Option<&Path>,
) -> Result<(Vec<u8>, Fixtures)> {
    let (component, inspection) =
        assemble(engine, module).with_context(|| format!("no component came of {}", source.display()))?;
    let kind = inspection.manifest.kind;
    let fixtures = folder.map(|folder| Fixtures::read(folder, kind)).transpose()?;
    Ok((component, fixtures.unwrap_or_default()))
}

/// Makes a component of a core module and embeds the fixtures of a folder.
pub(super) fn component(module: &[u8], source: &Path, folder: Option<&Path>) -> Result<Vec<u8>> {
    let (component, fixtures) = assembled(&offline::engine()?, module, source, folder)?;
    for fixture in fixtures.fixtures.iter().filter(|fixture| fixture.expected.is_none()) {
        note(format_args!(
            "the fixture {} is left out: it has no {}; `ecert plugin test --update` writes one",
            fixture.name,
            fixtures::EXPECTED
        ));
    }
    Ok(fixtures.embed(component)?)
}

/// Components by what a command line names: a file, the source of a plugin,
/// which is built, or a folder of files.
pub(super) fn components(path: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    if path.join("Cargo.toml").is_file() {
        let component = component(&core_module(path)?, path, Some(&fixtures_of(path)))?;
        return Ok(vec![(path.to_path_buf(), component)]);
    }
    let files = if path.is_dir() { offline::component_files(path)? } else { vec![path.to_path_buf()] };
    ensure!(!files.is_empty(), "there is no *{} in {}", offline::SUFFIX, path.display());
    files.into_iter().map(|file| read(&file).map(|component| (file, component))).collect()
}

fn load(engine: &Engine, component: &[u8], path: &Path) -> Result<Plugin> {
    engine.load(component).with_context(|| format!("{} is not a plugin", path.display()))
}

/// Has cargo build the plugin in a folder and reads the core module it made.
pub(super) fn core_module(path: &Path) -> Result<Vec<u8>> {
    ensure!(
        path.join("Cargo.toml").is_file(),
        "{} holds no Cargo.toml: give the folder of a plugin, or a component file",
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
            return fs::read(module).with_context(|| format!("cannot read {module}"));
        }
    }
    bail!("cargo made no .wasm file: the crate needs `crate-type = [\"cdylib\"]`")
}
