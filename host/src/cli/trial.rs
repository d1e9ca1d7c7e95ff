//! A trial: a declaration and certificates from files, judged without a
//! server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::client::read;
use super::note;
use super::offline::{Plugins, problem, refusal};
use crate::contract::Row;
use crate::digest::Digest;
use crate::engine::Plugin;
use crate::fixtures::CsvTables;
use crate::intake::read::{self, Declared, Found, Message};
use crate::reference::{Agreements, Snapshot, Target};
use crate::verification::Given;
use crate::verification::citation::DocumentCodes;
use crate::verification::evaluate::{Evaluation, Judges, Parameters, Subject, evaluate};
use crate::verification::gather::gather;
use crate::verification::requirement::{self, Requirement};

/// What is judged, and with what.
#[derive(Debug, Args)]
pub(super) struct Trial {
    /// Message with certificates; may be given several times, or not at all
    /// where the declaration claims that none is needed.
    #[arg(long, value_name = "MESSAGE")]
    pub(super) certificate: Vec<PathBuf>,
    /// Message with the declaration.
    #[arg(long, value_name = "MESSAGE")]
    pub(super) declaration: PathBuf,
    /// Folder of the plugins (`*.component.wasm`).
    #[arg(long, env = "ECERT_PLUGINS", value_name = "FOLDER")]
    pub(super) plugins: Option<PathBuf>,
    /// Folder with reference tables (`TABLE.csv`).
    #[arg(long, env = "ECERT_TABLES", value_name = "FOLDER")]
    pub(super) tables: Option<PathBuf>,
    /// Folder with parameters (`RULE-SET.json`).
    #[arg(long, env = "ECERT_PARAMETERS", value_name = "FOLDER")]
    parameters: Option<PathBuf>,
    /// File with agreements (JSON).
    #[arg(long, env = "ECERT_AGREEMENTS", value_name = "FILE")]
    agreements: Option<PathBuf>,
    /// Time zone of the customs authority.
    #[arg(long, value_name = "IANA NAME", default_value = "UTC")]
    time_zone: String,
}

impl Trial {
    /// Judges the declaration by some rule sets; none, and why on standard
    /// error, where a message cannot be read.
    pub(super) fn evaluate(
        &self,
        plugins: &Plugins,
        rule_sets: Vec<Arc<Plugin>>,
    ) -> Result<Option<Evaluation>> {
        let zone = TimeZone::get(&self.time_zone)
            .with_context(|| format!("{} is not a time zone", self.time_zone))?;
        let mut given = Given::default();
        for file in &self.certificate {
            let Some((bytes, message)) = message(plugins, file)? else { return Ok(None) };
            given.add(message, &bytes);
        }
        let Some((bytes, mut message)) = message(plugins, &self.declaration)? else {
            return Ok(None);
        };
        let mut declarations = message.declarations();
        let (Some(Found { document: mut declaration, places }), true) =
            (declarations.pop(), declarations.is_empty())
        else {
            bail!("{} does not hold one declaration", self.declaration.display());
        };
        let tables = self.tables()?;
        let judges = Judges {
            engine: plugins.engine.clone(),
            rule_sets: Arc::new(rule_sets),
            table_versions: Arc::new(tables.versions()),
            requirements: requirements(&tables),
            tables: Arc::new(tables),
            parameters: parameters(self.parameters.as_deref())?,
            agreements: Arc::new(agreements(self.agreements.as_deref())?),
            zone,
        };
        let received = Timestamp::now();
        judges.standardise(&mut declaration, received);
        let gathered = match gather(&declaration, &DocumentCodes::default(), &given) {
            Ok(gathered) => gathered,
            Err(never) => match never {},
        };
        let subject = Subject {
            declaration,
            places,
            digest: Digest::of(&bytes),
            gathered,
            decided: Vec::new(),
            received,
            requested_by: "command line".to_owned(),
        };
        Ok(Some(evaluate(&judges, subject)))
    }

    /// The tables that rule sets look up.
    pub(super) fn tables(&self) -> Result<CsvTables> {
        let Some(folder) = &self.tables else { return Ok(CsvTables::default()) };
        CsvTables::load(folder).with_context(|| format!("cannot use the tables in {}", folder.display()))
    }
}

/// Reads a message; none, and why on standard error, where it is not one.
fn message(plugins: &Plugins, file: &Path) -> Result<Option<(Vec<u8>, Message)>> {
    let bytes = read(file)?;
    match read::read(&plugins.engine, &plugins.adapters, &bytes, Declared::default()) {
        Ok(message) => {
            message.problems.iter().for_each(|found| note(problem(file, found)));
            Ok(Some((bytes, message)))
        }
        Err(reason) => {
            note(refusal(file, &reason));
            Ok(None)
        }
    }
}

/// The agreements of a file; none without one.
fn agreements(file: Option<&Path>) -> Result<Agreements> {
    let Some(file) = file else { return Ok(Agreements::default()) };
    Agreements::read(&read(file)?).map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))
}

/// The table of requirements, if it is there.
fn requirements(tables: &CsvTables) -> Option<Arc<[Requirement]>> {
    let columns = [requirement::KEYS, requirement::COLUMNS].concat();
    let requirement = |row: Row| {
        let cell = |index: usize| &*row.cells[index];
        Requirement::from_cells(
            [cell(0), cell(1), cell(2)],
            [cell(3), cell(4), cell(5)],
            row.valid_from,
            row.valid_until,
        )
    };
    Some(tables.rows(requirement::TABLE, &columns)?.into_iter().map(requirement).collect())
}

/// Parameters from files, by rule set, as a host would hold them: the
/// tolerances of agreements come on top.
fn parameters(folder: Option<&Path>) -> Result<Arc<dyn Parameters>> {
    let mut snapshot = Snapshot::default();
    let entries = folder
        .map(|folder| std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display())));
    for entry in entries.transpose()?.into_iter().flatten() {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            let content = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&read(&file)?)
                .with_context(|| format!("{} is not a JSON object", file.display()))?;
            let rule_set = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            snapshot
                .parameters
                .add(Target { rule_set, ..Target::default() }, content.into())
                .with_context(|| format!("cannot use {}", file.display()))?;
        }
    }
    Ok(Arc::new(snapshot))
}
