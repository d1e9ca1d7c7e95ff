//! `ecert plugin fixture`: makes a fixture of messages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use ecert_model::cases::Case;
use ecert_model::manifest::Kind;
use serde_json::Value;

use super::project::Project;
use crate::cli::offline::Plugins;
use crate::cli::trial::Trial;
use crate::cli::{Outcome, note, say};
use crate::contract::Tables;
use crate::engine::Plugin;
use crate::fixtures::CsvTables;
use crate::fixtures::{self, CASE, Fixtures, TABLES, case_json};

/// Makes a fixture for a rule set out of messages.
///
/// Reads them, resolves citations and pairs items with lines as `ecert verify`
/// does, and writes the case of this rule set, the table rows it looks up, and
/// what it comes to. Look at what it writes: an expectation that nobody looked
/// at proves nothing. For an adapter, a message in a folder of its own is all
/// that `ecert plugin test --update` needs.
#[derive(Debug, Args)]
pub(in crate::cli) struct Fixture {
    /// Name of the fixture.
    name: String,
    /// Folder of the rule set's crate.
    #[arg(long, default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    trial: Trial,
}

pub(super) fn run(arguments: &Fixture) -> Result<Outcome> {
    let Fixture { name, path, trial } = arguments;
    let Project { engine, plugin, folder, .. } = Project::open(path)?;
    let Some(folder) = folder else { bail!("--path names the folder of the crate, not a component") };
    ensure!(
        plugin.manifest().kind == Kind::RuleSet,
        "`{}` is an adapter: put a message into {}/{name}/message.xml and run `ecert plugin test --update`",
        plugin.manifest().name,
        folder.display()
    );
    let here = folder.join(name);
    ensure!(!here.exists(), "{} is there already", here.display());
    let plugin = Arc::new(plugin);
    let plugins = Plugins::load_with(engine, trial.plugins.as_deref())?;
    let Some(evaluation) = trial.evaluate(&plugins, vec![Arc::clone(&plugin)])? else {
        return Ok(Outcome::Negative);
    };
    ensure!(
        !evaluation.record.rule_sets.is_empty(),
        "no item of the declaration is in the scope of `{}`, or none cites a certificate",
        plugin.manifest().name
    );
    let tables = looked_up(&plugins, &plugin, &evaluation.case, trial.tables()?)?;
    write(&here.join(CASE), &case_json(&evaluation.case)?)?;
    for (table, text) in tables {
        write(&here.join(TABLES).join(format!("{table}.csv")), &text)?;
    }
    let mut all = Fixtures::read(&folder, Kind::RuleSet)?;
    all.fixtures.retain(|fixture| fixture.name == *name);
    for ran in fixtures::run_all(&plugins.engine, &plugin, &all)? {
        let Some(actual) = ran.actual else { bail!("the fixture does not run: {:?}", ran.ending) };
        let file = Fixtures::write_expected(&folder, name, &actual)?;
        say(format_args!("{} comes to:", here.display()));
        summary(&actual).iter().for_each(|line| say(format_args!("  {line}")));
        note(format_args!("written: {} (look at it before you rely on it)", file.display()));
    }
    Ok(Outcome::Positive)
}

/// What every rule came to, a line for each verdict.
fn summary(actual: &Value) -> Vec<String> {
    let mut verdicts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let subjects = actual["outcomes"].as_object().into_iter().flat_map(|subjects| subjects.values());
    for (rule, verdict) in subjects.filter_map(Value::as_object).flatten() {
        verdicts.entry(verdict.as_str().unwrap_or_default()).or_default().insert(rule);
    }
    let line = |(verdict, rules): (&str, BTreeSet<&str>)| {
        format!("{verdict}: {}", rules.into_iter().collect::<Vec<_>>().join(", "))
    };
    verdicts.into_iter().map(line).collect()
}

/// The rows that judging a case looks up, by table.
fn looked_up(
    plugins: &Plugins,
    plugin: &Plugin,
    case: &Case,
    tables: CsvTables,
) -> Result<BTreeMap<String, String>> {
    let all: Arc<dyn Tables> = Arc::new(tables.clone());
    let run = plugins.engine.verify(plugin, case, &all).context("the rule set does not judge this case")?;
    let mut keys: BTreeMap<&str, Vec<Vec<String>>> = BTreeMap::new();
    for lookup in &run.lookups {
        keys.entry(&lookup.table).or_default().extend(lookup.keys.iter().cloned());
    }
    let mut excerpts = BTreeMap::new();
    for table in &plugin.manifest().tables {
        let keys = keys.get(table.name.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(excerpt) = tables.excerpt(table, keys)? {
            excerpts.insert(table.name.clone(), excerpt);
        }
    }
    Ok(excerpts)
}

fn write(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}
