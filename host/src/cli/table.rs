//! `ecert table`: reference tables of a running host.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::client::{Connection, Content, read};
use super::foresight::DryRun;
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

/// Imports a table.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// Name of the table.
    name: String,
    /// CSV file with a header line, or JSON.
    file: PathBuf,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Lists the tables.
#[derive(Debug, Args)]
pub(super) struct ListTables {
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert table`.
pub(super) fn run(command: &TableCommand) -> Result<Outcome> {
    match command {
        TableCommand::Import(arguments) => import(arguments),
        TableCommand::List(arguments) => list(arguments),
    }
}

fn import(arguments: &Import) -> Result<Outcome> {
    let Import { name, file, reason, dry_run, connection } = arguments;
    let media_type = media_type(file)?;
    let content = read(file)?;
    let (path, query) = (format!("/v1/tables/{name}"), [("reason", reason.as_str())]);
    let content = Content::Bytes(media_type, &content);
    if dry_run.is_wanted() {
        return dry_run.ask(connection, &path, &query, &content);
    }
    let answer = connection.client()?.put_with(&path, &query, &content)?;
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
