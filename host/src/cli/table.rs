//! `ecert table`: reference tables of a running host.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Connection, Content, read};
use super::foresight::DryRun;
use super::table_output::{cell, items, items_of, table};
use super::{Outcome, say};

/// Reference tables.
#[derive(Debug, Subcommand)]
pub(super) enum TableCommand {
    /// Imports a table from CSV or JSON as its new version.
    Import(Import),
    /// Lists the tables.
    List(ListTables),
    /// Shows a table's columns and versions.
    Show(Show),
    /// Writes a table as CSV or JSON: of now, of any day, as recorded ever.
    Export(Export),
    /// Shows what differs between two days, or as recorded at two instants.
    Diff(Diff),
    /// Says whether imports of a table wait for a second person.
    Policy(Policy),
    /// Lists imports that wait for a second person.
    Pending(Pending),
    /// Signs off an import that somebody else proposed.
    Approve(Approve),
    /// Turns down an import that somebody else proposed.
    Reject(Decide),
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

/// Shows a table.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Name of the table.
    name: String,
    #[command(flatten)]
    connection: Connection,
}

/// Writes a table to standard output.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// Name of the table.
    name: String,
    /// Only the rows that hold on this day.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// As it was recorded at this instant, such as 2027-01-31T08:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Compares two states of a table.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// Name of the table.
    name: String,
    /// Earlier day.
    #[arg(long, value_name = "DATE")]
    from_on: Option<String>,
    /// Earlier instant of recording.
    #[arg(long, value_name = "INSTANT")]
    from_at: Option<String>,
    /// Later day.
    #[arg(long, value_name = "DATE")]
    to_on: Option<String>,
    /// Later instant of recording.
    #[arg(long, value_name = "INSTANT")]
    to_at: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Sets a table's policy.
#[derive(Debug, Args)]
pub(super) struct Policy {
    /// Name of the table.
    name: String,
    /// Whether imports wait for a second person.
    #[arg(long, action = clap::ArgAction::Set)]
    sign_off: bool,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Lists what waits.
#[derive(Debug, Args)]
pub(super) struct Pending {
    #[command(flatten)]
    connection: Connection,
}

/// Decides on an import.
#[derive(Debug, Args)]
pub(super) struct Decide {
    /// Identifier of the proposal.
    id: String,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    remark: String,
    #[command(flatten)]
    connection: Connection,
}

/// Signs an import off.
#[derive(Debug, Args)]
pub(super) struct Approve {
    #[command(flatten)]
    decide: Decide,
    #[command(flatten)]
    dry_run: DryRun,
}

/// Carries out `ecert table`.
pub(super) fn run(command: &TableCommand) -> Result<Outcome> {
    match command {
        TableCommand::Import(arguments) => import(arguments),
        TableCommand::List(arguments) => list(arguments),
        TableCommand::Show(arguments) => show(arguments),
        TableCommand::Export(arguments) => export(arguments),
        TableCommand::Diff(arguments) => diff(arguments),
        TableCommand::Policy(arguments) => policy(arguments),
        TableCommand::Pending(arguments) => pending(arguments),
        TableCommand::Approve(Approve { decide: Decide { id, connection, .. }, dry_run })
            if dry_run.is_wanted() =>
        {
            let path = format!("/v1/table-proposals/{id}");
            dry_run.ask(connection, &path, &[], &Content::Json(&json!({})))
        }
        TableCommand::Approve(arguments) => decide(&arguments.decide, "approval"),
        TableCommand::Reject(arguments) => decide(arguments, "rejection"),
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
        match answer["proposal"].as_str() {
            Some(id) => {
                say(format_args!("{name}: {} rows wait for a second person, as {id}", cell(&answer, "rows")))
            }
            None => say(format_args!(
                "{name}: {} rows, version {}",
                cell(&answer, "rows"),
                cell(&answer, "version")
            )),
        }
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

fn show(Show { name, connection }: &Show) -> Result<Outcome> {
    let answer = connection.client()?.get(&format!("/v1/tables/{name}"))?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let sign_off = if answer["signOff"] == true { "; imports wait for a second person" } else { "" };
    say(format_args!("{name}, by {}{sign_off}", cell(&answer, "unique")));
    let contents = items_of(&answer, "columns").iter().filter_map(Value::as_str).map(|column| {
        let content = &answer["contents"][column];
        [column.to_owned(), content.as_str().map_or_else(|| content.to_string(), str::to_owned)]
    });
    say(table(["column", "content"], contents));
    let row = |version: &Value| {
        ["number", "rows", "recorded", "by", "approvedBy", "reason"].map(|name| cell(version, name))
    };
    let head = ["version", "rows", "recorded", "by", "signed off by", "reason"];
    say(table(head, items_of(&answer, "versions").iter().map(row)));
    Ok(Outcome::Positive)
}

fn export(Export { name, on, at, connection }: &Export) -> Result<Outcome> {
    let query = given(&[("on", on), ("at", at)]);
    let media_type = if connection.json { "application/json" } else { "text/csv" };
    let table = connection.client()?.get_as(&format!("/v1/tables/{name}/rows"), &query, media_type)?;
    say(String::from_utf8_lossy(&table).trim_end());
    Ok(Outcome::Positive)
}

fn given<'a>(options: &[(&'a str, &'a Option<String>)]) -> Vec<(&'a str, &'a str)> {
    options.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect()
}

fn diff(arguments: &Diff) -> Result<Outcome> {
    let Diff { name, from_on, from_at, to_on, to_at, connection } = arguments;
    let query = given(&[("from-on", from_on), ("from-at", from_at), ("to-on", to_on), ("to-at", to_at)]);
    let answer = connection.client()?.get_with(&format!("/v1/tables/{name}/differences"), &query)?;
    if connection.json {
        say(&answer);
    } else {
        differences(&answer);
    }
    let same = ["addedCount", "removedCount", "changedCount"].iter().all(|count| answer[*count] == 0);
    Ok(if same { Outcome::Positive } else { Outcome::Negative })
}

fn differences(answer: &Value) {
    let counts = ["addedCount", "removedCount", "changedCount"].map(|name| cell(answer, name));
    say(format_args!("{} rows added, {} removed, {} changed", counts[0], counts[1], counts[2]));
    for (sign, list) in [("+", "added"), ("-", "removed")] {
        items_of(answer, list).iter().for_each(|row| say(format_args!("{sign} {row}")));
    }
    for changed in items_of(answer, "changed") {
        say(format_args!("~ {}: {} → {}", cell(changed, "columns"), changed["before"], changed["after"]));
    }
}

fn policy(Policy { name, sign_off, reason, connection }: &Policy) -> Result<Outcome> {
    let body = json!({"signOff": sign_off, "reason": reason});
    let path = format!("/v1/tables/{name}/policy");
    let answer = connection.client()?.put_with(&path, &[], &Content::Json(&body))?;
    if connection.json {
        say(&answer);
    } else {
        let waits = if *sign_off { "wait for a second person" } else { "hold at once" };
        say(format_args!("{name}: imports {waits}"));
    }
    Ok(Outcome::Positive)
}

fn pending(Pending { connection }: &Pending) -> Result<Outcome> {
    let client = connection.client()?;
    let answer = client.get_with("/v1/table-proposals", &[("state", "pending")])?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    for proposal in items(&answer) {
        let id = cell(proposal, "id");
        let [table, rows, by, proposed, reason] =
            ["table", "rows", "by", "proposed", "reason"].map(|name| cell(proposal, name));
        say(format_args!("{id}  {table}, {rows} rows, by {by} at {proposed}: {reason}"));
        let shown = client.get(&format!("/v1/table-proposals/{id}"))?;
        differences(&shown["differences"]);
    }
    Ok(Outcome::Positive)
}

fn decide(Decide { id, remark, connection }: &Decide, what: &str) -> Result<Outcome> {
    let path = format!("/v1/table-proposals/{id}/{what}");
    let answer = connection.client()?.post(&path, &Content::Json(&json!({"remark": remark})))?;
    if connection.json {
        say(&answer);
    } else if what == "approval" {
        say(format_args!("{}: version {}", cell(&answer, "name"), cell(&answer, "version")));
    } else {
        say(format_args!("{}: {}", cell(&answer, "table"), cell(&answer, "state")));
    }
    Ok(Outcome::Positive)
}
