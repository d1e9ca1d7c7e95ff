//! `ecert plugin run`: one message or case through a plugin.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::project::Project;
use super::spent::spent_table;
use crate::cli::{Outcome, note, say};
use crate::fixtures::csv_files;
use crate::fixtures::{Ending, Fixture, Input, run as run_fixture};

/// Gives a plugin one message or case, and prints what it answers.
///
/// The answer goes to standard output, in the form in which fixtures expect
/// it; what the call took goes to standard error.
#[derive(Debug, Args)]
pub(in crate::cli) struct Run {
    /// A message for an adapter; for a rule set a case, with the tables in a
    /// folder `tables` beside it.
    input: PathBuf,
    /// Folder of the plugin's crate, which is built first, or a component.
    #[arg(long, default_value = ".")]
    path: PathBuf,
    /// Folder with further reference tables (`TABLE.csv`).
    #[arg(long, env = "ECERT_TABLES", value_name = "FOLDER")]
    tables: Option<PathBuf>,
}

pub(super) fn run(arguments: &Run) -> Result<Outcome> {
    let Run { input, path, tables } = arguments;
    let Project { engine, plugin, mut fixtures, .. } = Project::open(path)?;
    if let Some(folder) = tables {
        let texts = csv_files(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        fixtures.tables.extend(texts);
    }
    let input = Input::read(input, plugin.manifest().kind)?;
    let fixture = Fixture { name: arguments.input.display().to_string(), input, expected: None };
    let ran = run_fixture(&engine, &plugin, &fixtures, &fixture)?;
    for entry in &ran.log {
        note(format_args!("{:?}: {}", entry.level, entry.message));
    }
    if let Ending::Failed(failure) = &ran.ending {
        note(format_args!("error[{}]: {failure}", failure.code()));
        return Ok(Outcome::Negative);
    }
    if let Some(actual) = &ran.actual {
        say(format_args!("{actual:#}"));
    }
    note(spent_table([(ran.name.as_str(), ran.spent)]));
    Ok(Outcome::Positive)
}
