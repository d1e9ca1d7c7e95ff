//! `ecert recall`: goods that entered on a certificate which was taken back.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Connection, Content};
use super::table_output::{cell, items, table};
use super::{Outcome, say};

/// Tasks of recall.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lists the tasks that are open.
    List(List),
    /// Closes a task, and says what came of it.
    Close(Close),
}

/// Which tasks.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Shows those that are closed too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Which task, and what came of it.
#[derive(Debug, Args)]
pub(super) struct Close {
    /// Identifier of the recall.
    id: String,
    /// What came of it.
    #[arg(long)]
    outcome: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::List(arguments) => list(arguments),
        Command::Close(arguments) => close(arguments),
    }
}

fn list(List { all, connection }: &List) -> Result<Outcome> {
    let query: &[(&str, &str)] = if *all { &[] } else { &[("state", "open")] };
    let answer = connection.client()?.get_with("/v1/recalls", query)?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let columns =
        ["id", "number", "status", "reference", "consignee", "importer", "location", "opened", "outcome"];
    let row = |recall: &Value| columns.map(|column| cell(recall, column));
    say(table(columns, items(&answer).iter().map(row)));
    Ok(Outcome::Positive)
}

fn close(Close { id, outcome, connection }: &Close) -> Result<Outcome> {
    let body = json!({"outcome": outcome});
    connection.client()?.post(&format!("/v1/recalls/{id}/closing"), &Content::Json(&body))?;
    say(format_args!("{id}: closed"));
    Ok(Outcome::Positive)
}
