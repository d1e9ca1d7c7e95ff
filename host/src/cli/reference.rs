//! `ecert table` and `ecert parameter`: reference data of a running host.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::client::{Connection, Content, read};
use super::table_output::{cell, items, table};
use super::{Outcome, say};

/// Reference tables.
#[derive(Debug, Subcommand)]
pub(super) enum TableCommand {
    /// Imports a table from CSV or JSON as its new version.
    Import(Import),
    /// Lists the tables.
    List(ListTables),
}

/// Parameters of rule sets.
#[derive(Debug, Subcommand)]
pub(super) enum ParameterCommand {
    /// Sets the parameters of a rule set from a JSON file.
    Set(SetParameters),
    /// Shows the parameters of a rule set.
    Show(ShowParameters),
}

/// Imports a table.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Name of the table.
    name: String,
    /// CSV file with a header line, or JSON.
    file: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

/// Lists the tables.
#[derive(Debug, Args)]
pub(super) struct ListTables {
    #[command(flatten)]
    connection: Connection,
}

/// Sets parameters.
#[derive(Debug, Args)]
pub(super) struct SetParameters {
    /// Name of the rule set.
    rule_set: String,
    /// JSON file.
    file: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

/// Shows parameters.
#[derive(Debug, Args)]
pub(super) struct ShowParameters {
    /// Name of the rule set.
    rule_set: String,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert table`.
pub(super) fn run_table(command: &TableCommand) -> Result<Outcome> {
    match command {
        TableCommand::Import(arguments) => import(arguments),
        TableCommand::List(arguments) => list(arguments),
    }
}

/// Carries out `ecert parameter`.
pub(super) fn run_parameter(command: &ParameterCommand) -> Result<Outcome> {
    match command {
        ParameterCommand::Set(arguments) => {
            let text = read(&arguments.file)?;
            let value: Value = serde_json::from_slice(&text)
                .with_context(|| format!("{} is not JSON", arguments.file.display()))?;
            let path = format!("/v1/parameters/{}", arguments.rule_set);
            let answer = arguments.connection.client()?.put(&path, &Content::Json(&value))?;
            if arguments.connection.json {
                say(&answer);
            } else {
                say(format_args!("{}: parameters set", arguments.rule_set));
            }
        }
        ParameterCommand::Show(arguments) => {
            let path = format!("/v1/parameters/{}", arguments.rule_set);
            let answer = arguments.connection.client()?.get(&path)?;
            say(serde_json::to_string_pretty(&answer)?);
        }
    }
    Ok(Outcome::Positive)
}

fn import(arguments: &Import) -> Result<Outcome> {
    let Import { name, file, connection } = arguments;
    let media_type = media_type(file)?;
    let content = read(file)?;
    let answer =
        connection.client()?.put(&format!("/v1/tables/{name}"), &Content::Bytes(media_type, &content))?;
    if connection.json {
        say(&answer);
    } else {
        say(format_args!("{name}: {} rows, version {}", cell(&answer, "rows"), cell(&answer, "version")));
    }
    Ok(Outcome::Positive)
}

fn media_type(file: &Path) -> Result<&'static str> {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => Ok("text/csv"),
        Some("json") => Ok("application/json"),
        _ => bail!("{} is neither .csv nor .json", file.display()),
    }
}

fn list(arguments: &ListTables) -> Result<Outcome> {
    let answer = arguments.connection.client()?.get("/v1/tables")?;
    if arguments.connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let row = |entry: &Value| {
        [cell(entry, "name"), cell(entry, "rows"), cell(entry, "version"), cell(entry, "recorded")]
    };
    say(table(["table", "rows", "version", "recorded"], items(&answer).iter().map(row)));
    Ok(Outcome::Positive)
}
