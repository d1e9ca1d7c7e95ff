//! What `ecert verify` and `ecert convert` work with when there is no server:
//! plugins from a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use ecert_model::manifest::Kind;

use crate::engine::{Engine, EngineConfig, Plugin};
use crate::intake::read::{LocatedProblem, LocatedUnmapped, Unreadable};

/// How the files of components end.
pub(super) const SUFFIX: &str = ".component.wasm";

/// Plugins, by what they are.
pub(super) struct Plugins {
    pub(super) engine: Engine,
    pub(super) adapters: Vec<Arc<Plugin>>,
    pub(super) rule_sets: Vec<Arc<Plugin>>,
}

impl Plugins {
    /// Loads every `*.component.wasm` of a folder: the one given, else one
    /// called `plugins` beside the binary or above it.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self> {
        Self::load_with(engine()?, folder)
    }

    /// The same, in an engine that is there already.
    pub(super) fn load_with(engine: Engine, folder: Option<&Path>) -> Result<Self> {
        let folder = match folder {
            Some(folder) => folder.to_path_buf(),
            None => usual_folder()?,
        };
        let mut plugins = Self { engine, adapters: Vec::new(), rule_sets: Vec::new() };
        let files = component_files(&folder)?;
        for file in &files {
            let component = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let plugin = plugins.engine.load(&component);
            let plugin = Arc::new(plugin.with_context(|| format!("{} is not a plugin", file.display()))?);
            match plugin.manifest().kind {
                Kind::FormatAdapter => plugins.adapters.push(plugin),
                Kind::RuleSet => plugins.rule_sets.push(plugin),
            }
        }
        if files.is_empty() {
            bail!("there is no *{SUFFIX} in {}; `cargo xtask plugins` builds them", folder.display());
        }
        Ok(plugins)
    }
}

/// The component files of a folder, by name.
pub(super) fn component_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the plugins in {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(SUFFIX));
    files.sort();
    Ok(files)
}

/// An engine that keeps what it compiled for the next run.
pub(super) fn engine() -> Result<Engine> {
    Ok(Engine::new(&EngineConfig { concurrency: 4, ..EngineConfig::new(cache())? })?)
}

/// `plugins` beside the binary, or in the folder above it, where the build
/// puts them.
fn usual_folder() -> Result<PathBuf> {
    let binary = std::env::current_exe()?;
    let folders = binary.ancestors().skip(1).take(2).map(|folder| folder.join("plugins"));
    match folders.into_iter().find(|folder| folder.is_dir()) {
        Some(folder) => Ok(folder),
        None => bail!(
            "no plugins found; name their folder with --plugins, or build them with `cargo xtask plugins`"
        ),
    }
}

/// Where compiled plugins are kept from one run to the next.
fn cache() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let user = variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    let folder = variable("ECERT_CACHE").or_else(|| user.map(|user| user.join("ecert").join("compiled")));
    folder.unwrap_or_else(|| std::env::temp_dir().join(format!("ecert-{}", std::process::id())))
}

/// Why a message could not be read, as lines.
pub(super) fn refusal(file: &Path, reason: &Unreadable) -> String {
    let mut lines = vec![format!("{}: not taken in", file.display())];
    match reason {
        Unreadable::Problems { problems } => lines.extend(problems.iter().map(|p| problem(file, p))),
        other => lines.push(format!("  {other}")),
    }
    lines.join("\n")
}

/// A problem as compilers write it, so that editors find the place.
pub(super) fn problem(file: &Path, problem: &LocatedProblem) -> String {
    let severity = format!("{:?}", problem.severity).to_lowercase();
    match &problem.location {
        None => format!("{}: {severity}[{}]: {}", file.display(), problem.code, problem.text),
        Some(at) => {
            let path = if at.path.is_empty() { String::new() } else { format!("\n    at {}", at.path) };
            format!(
                "{}:{}:{}: {severity}[{}]: {}{path}",
                file.display(),
                at.line,
                at.column,
                problem.code,
                problem.text
            )
        }
    }
}

/// What was not taken over, as a line.
pub(super) fn unmapped(unmapped: &LocatedUnmapped) -> String {
    let first = unmapped.location.as_ref().map(|at| format!(", first at {}:{}", at.line, at.column));
    format!("  {} × {}{}", unmapped.count, unmapped.path, first.unwrap_or_default())
}
