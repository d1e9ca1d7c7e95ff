//! `ecert verify`: a declaration against certificates, without a server.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::client::read;
use super::offline::{Plugins, problem, refusal};
use super::{Outcome, note, say};
use crate::contract::Row;
use crate::digest::Digest;
use crate::intake::read::{self, Declared, Found, Message};
use crate::reference::CsvTables;
use crate::verification::Given;
use crate::verification::citation::DocumentCodes;
use crate::verification::evaluate::{Judges, NoParameters, Parameters, Subject, evaluate};
use crate::verification::finding::{HostCode, HostFinding};
use crate::verification::gather::gather;
use crate::verification::report::{Language, Style, verification_text};
use crate::verification::requirement::{self, Requirement};

/// Compares a declaration with the certificates it cites, without a server.
///
/// Ends with 0 when the goods may be released, 1 otherwise. There is no ledger
/// here: quantities that other declarations took are not known.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Message with certificates; may be given several times, or not at all
    /// where the declaration claims that none is needed.
    #[arg(long, value_name = "MESSAGE")]
    certificate: Vec<PathBuf>,
    /// Message with the declaration.
    #[arg(long, value_name = "MESSAGE")]
    declaration: PathBuf,
    /// Folder of the plugins (`*.component.wasm`).
    #[arg(long, env = "ECERT_PLUGINS", value_name = "FOLDER")]
    plugins: Option<PathBuf>,
    /// Folder with reference tables (`TABLE.csv`).
    #[arg(long, env = "ECERT_TABLES", value_name = "FOLDER")]
    tables: Option<PathBuf>,
    /// Folder with parameters (`RULE-SET.json`).
    #[arg(long, env = "ECERT_PARAMETERS", value_name = "FOLDER")]
    parameters: Option<PathBuf>,
    /// Time zone of the customs authority.
    #[arg(long, value_name = "IANA NAME", default_value = "UTC")]
    time_zone: String,
    /// Language of the report.
    #[arg(long, value_enum, default_value_t = ReportLanguage::En)]
    language: ReportLanguage,
    /// Print the record as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ReportLanguage {
    /// English.
    En,
    /// Chinese.
    Zh,
}

pub(super) fn run(arguments: &Verify) -> Result<Outcome> {
    let zone = TimeZone::get(&arguments.time_zone)
        .with_context(|| format!("{} is not a time zone", arguments.time_zone))?;
    let plugins = Plugins::load(arguments.plugins.as_deref())?;
    let mut given = Given::default();
    for file in &arguments.certificate {
        let Some((bytes, message)) = message(&plugins, file)? else { return Ok(Outcome::Negative) };
        given.add(message, &bytes);
    }
    let Some((bytes, mut message)) = message(&plugins, &arguments.declaration)? else {
        return Ok(Outcome::Negative);
    };
    let mut declarations = message.declarations();
    let (Some(Found { document: declaration, places }), true) = (declarations.pop(), declarations.is_empty())
    else {
        bail!("{} does not hold one declaration", arguments.declaration.display());
    };
    let gathered = match gather(&declaration, &DocumentCodes::default(), &given) {
        Ok(gathered) => gathered,
        Err(never) => match never {},
    };
    let tables = tables(arguments.tables.as_deref())?;
    let judges = Judges {
        engine: plugins.engine.clone(),
        rule_sets: Arc::new(plugins.rule_sets),
        table_versions: Arc::new(tables.versions()),
        requirements: requirements(&tables),
        tables: Arc::new(tables),
        parameters: parameters(arguments.parameters.as_deref())?,
        zone,
    };
    let evaluation = evaluate(
        &judges,
        Subject {
            declaration,
            places,
            digest: Digest::of(&bytes),
            gathered,
            decided: Vec::new(),
            received: Timestamp::now(),
            requested_by: "command line".to_owned(),
        },
    );
    let record = evaluation.with(&[HostFinding::new(HostCode::NoLedger, None)]);
    if arguments.json {
        say(serde_json::to_string_pretty(&record)?);
    } else {
        let language = match arguments.language {
            ReportLanguage::En => Language::English,
            ReportLanguage::Zh => Language::Chinese,
        };
        let coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let style = if coloured { Style::Coloured } else { Style::Plain };
        say(verification_text(&record, language, style).trim_end());
    }
    Ok(if record.verdict.releases() { Outcome::Positive } else { Outcome::Negative })
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

fn tables(folder: Option<&Path>) -> Result<CsvTables> {
    let Some(folder) = folder else { return Ok(CsvTables::default()) };
    CsvTables::load(folder).with_context(|| format!("cannot use the tables in {}", folder.display()))
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

/// Parameters from files, by rule set.
struct FileParameters(BTreeMap<String, String>);

impl Parameters for FileParameters {
    fn effective(
        &self,
        context: &crate::verification::evaluate::ParameterContext<'_>,
    ) -> std::borrow::Cow<'_, str> {
        self.0.get(context.rule_set).map_or("{}", String::as_str).into()
    }
}

fn parameters(folder: Option<&Path>) -> Result<Arc<dyn Parameters>> {
    let Some(folder) = folder else { return Ok(Arc::new(NoParameters)) };
    let mut texts = BTreeMap::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            let text =
                std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text)
                .with_context(|| format!("{} is not a JSON object", file.display()))?;
            texts.insert(file.file_stem().unwrap_or_default().to_string_lossy().into_owned(), text);
        }
    }
    Ok(Arc::new(FileParameters(texts)))
}
