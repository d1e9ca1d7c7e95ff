//! `ecert agreement`: agreements with partners in a running host.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Connection, Content, read};
use super::foresight::DryRun;
use super::parameter::days;
use super::table_output::{cell, items, table};
use super::{Outcome, say};

/// Agreements with partners.
#[derive(Debug, Subcommand)]
pub(super) enum AgreementCommand {
    /// Says what an agreement says, from a JSON file.
    Set(Set),
    /// The same for a list of agreements with their names.
    Import(Import),
    /// Says on which days the electronic exchange is out, and paper counts.
    Outage(Outage),
    /// Ends an agreement.
    End(End),
    /// Lists the agreements that hold on a day.
    List(List),
    /// Shows all that was said of an agreement.
    Show(Show),
}

/// Says what an agreement says.
#[derive(Debug, Args)]
pub(super) struct Set {
    /// Name of the agreement, such as nz-meat.
    name: String,
    /// JSON file.
    file: PathBuf,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Says what several agreements say: all of them, or none when one is wrong.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// JSON file: a list of agreements, each with its name.
    file: PathBuf,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Says that the exchange is out.
#[derive(Debug, Args)]
pub(super) struct Outage {
    /// Name of the agreement.
    name: String,
    /// First day.
    #[arg(long, value_name = "DATE")]
    from: String,
    /// Last day, once it is known.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Ends an agreement.
#[derive(Debug, Args)]
pub(super) struct End {
    /// Name of the agreement.
    name: String,
    /// First day on which it does not hold any more.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Lists agreements.
#[derive(Debug, Args)]
pub(super) struct List {
    /// The day, today unless given.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Shows an agreement.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Name of the agreement.
    name: String,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert agreement`.
pub(super) fn run(command: &AgreementCommand) -> Result<Outcome> {
    match command {
        AgreementCommand::Set(Set { name, file, reason, dry_run, connection }) => {
            let (path, query) = (path(name), [("reason", reason.as_str())]);
            let terms = read_json(file)?;
            if dry_run.is_wanted() {
                return dry_run.ask(connection, &path, &query, &Content::Json(&terms));
            }
            let answer = connection.client()?.put_with(&path, &query, &Content::Json(&terms))?;
            told(connection, &answer, "set");
        }
        AgreementCommand::Import(arguments) => import(arguments)?,
        AgreementCommand::Outage(Outage { name, from, until, reason, dry_run, connection }) => {
            let mut outage = json!({"from": from, "reason": reason});
            if let Some(until) = until {
                outage["until"] = json!(until);
            }
            let path = format!("{}/outages", path(name));
            if dry_run.is_wanted() {
                return dry_run.ask(connection, &path, &[], &Content::Json(&outage));
            }
            let answer = connection.client()?.post(&path, &Content::Json(&outage))?;
            told(connection, &answer, "outage recorded");
        }
        AgreementCommand::End(End { name, from, reason, dry_run, connection }) => {
            let mut query = vec![("reason", reason.as_str())];
            query.extend(from.as_deref().map(|from| ("from", from)));
            if dry_run.is_wanted() {
                let path = format!("{}/end", path(name));
                return dry_run.ask(connection, &path, &query, &Content::Json(&json!({})));
            }
            let answer = connection.client()?.delete(&path(name), &query)?;
            told(connection, &answer, "ended");
        }
        AgreementCommand::List(arguments) => list(arguments)?,
        AgreementCommand::Show(arguments) => show(arguments)?,
    }
    Ok(Outcome::Positive)
}

fn path(name: &str) -> String {
    format!("/v1/agreements/{name}")
}

fn read_json(file: &std::path::Path) -> Result<Value> {
    serde_json::from_slice(&read(file)?).with_context(|| format!("{} is not JSON", file.display()))
}

fn told(connection: &Connection, answer: &Value, done: &str) {
    if connection.json {
        say(answer);
    } else {
        say(format_args!("{}: {done}", cell(answer, "name")));
    }
}

fn import(Import { file, reason, connection }: &Import) -> Result<()> {
    let query = [("reason", reason.as_str())];
    let answer =
        connection.client()?.put_with("/v1/agreements", &query, &Content::Json(&read_json(file)?))?;
    if connection.json {
        say(&answer);
    } else {
        items(&answer).iter().for_each(|entry| say(format_args!("{}: set", cell(entry, "name"))));
    }
    Ok(())
}

fn list(List { on, connection }: &List) -> Result<()> {
    let query: Vec<(&str, &str)> = on.iter().map(|on| ("on", on.as_str())).collect();
    let answer = connection.client()?.get_with("/v1/agreements", &query)?;
    if connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |entry: &Value| {
        let terms = &entry["terms"];
        let suffices = if entry["outage"].is_object() {
            "outage: paper counts"
        } else if terms["paperless"] == true {
            "electronic"
        } else {
            "paper"
        };
        [
            cell(entry, "name"),
            cell(terms, "partner"),
            cell(terms, "direction"),
            cell(terms, "commodities"),
            cell(terms, "exchange"),
            suffices.to_owned(),
            days(terms),
        ]
    };
    let head = ["agreement", "partner", "direction", "commodities", "exchange", "what suffices", "holds"];
    say(table(head, items(&answer).iter().map(row)));
    Ok(())
}

fn show(Show { name, connection }: &Show) -> Result<()> {
    let answer = connection.client()?.get(&path(name))?;
    if connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |entry: &Value| {
        let terms = &entry["terms"];
        let (said, holds) = if terms.is_null() {
            ("ended".to_owned(), format!("{} – ", cell(entry, "endedFrom")))
        } else {
            (terms.to_string(), days(terms))
        };
        [cell(entry, "recorded"), holds, said, cell(entry, "by"), cell(entry, "reason")]
    };
    say(table(["recorded", "holds", "says", "by", "reason"], items(&answer).iter().map(row)));
    Ok(())
}
