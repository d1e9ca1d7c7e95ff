//! `ecert parameter`: parameters of a running host's rule sets.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::client::{Connection, Content, read};
use super::foresight::DryRun;
use super::table_output::{cell, items_of, table};
use super::{Outcome, say};

/// Parameters of rule sets.
#[derive(Debug, Subcommand)]
pub(super) enum ParameterCommand {
    /// Sets parameters of a rule set from a JSON file.
    Set(Set),
    /// Takes back what was set before.
    Unset(Unset),
    /// Shows what was set for a rule set, and by whom.
    Show(Show),
    /// Shows what holds for some goods on a day, and where it comes from.
    Effective(Effective),
}

/// What parameters are set for. Later ones go before earlier ones.
#[derive(Debug, Args)]
struct Target {
    /// For commodity codes that begin with these digits.
    #[arg(long, value_name = "DIGITS", group = "layer")]
    commodity: Option<String>,
    /// For goods of this country of origin.
    #[arg(long, value_name = "COUNTRY", group = "layer")]
    partner: Option<String>,
    /// Under this agreement.
    #[arg(long, value_name = "NAME", group = "layer")]
    agreement: Option<String>,
    /// First decision date they hold.
    #[arg(long, value_name = "DATE")]
    valid_from: Option<String>,
    /// Last decision date they hold.
    #[arg(long, value_name = "DATE")]
    valid_until: Option<String>,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Sets parameters: of all goods unless a layer is named.
#[derive(Debug, Args)]
pub(super) struct Set {
    /// Name of the rule set.
    rule_set: String,
    /// JSON file.
    file: PathBuf,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Takes back what was set for a layer, on the days named.
#[derive(Debug, Args)]
pub(super) struct Unset {
    /// Name of the rule set.
    rule_set: String,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    dry_run: DryRun,
    #[command(flatten)]
    connection: Connection,
}

/// Shows all that was set.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Name of the rule set.
    rule_set: String,
    #[command(flatten)]
    connection: Connection,
}

/// Shows what holds.
#[derive(Debug, Args)]
pub(super) struct Effective {
    /// Name of the rule set.
    rule_set: String,
    /// Commodity code.
    #[arg(long, value_name = "DIGITS")]
    commodity: Option<String>,
    /// Country of origin.
    #[arg(long, value_name = "COUNTRY")]
    origin: Option<String>,
    /// Agreement; the one for these imports unless given.
    #[arg(long, value_name = "NAME")]
    agreement: Option<String>,
    /// The decision date, today unless given.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

impl Target {
    fn query(&self) -> Vec<(&str, &str)> {
        let layers =
            [("commodity", &self.commodity), ("partner", &self.partner), ("agreement", &self.agreement)];
        let mut query: Vec<(&str, &str)> = Vec::new();
        for (layer, selector) in layers {
            if let Some(selector) = selector {
                query.extend([("layer", layer), ("selector", selector)]);
            }
        }
        for (name, day) in [("valid-from", &self.valid_from), ("valid-until", &self.valid_until)] {
            query.extend(day.as_deref().map(|day| (name, day)));
        }
        query.push(("reason", &self.reason));
        query
    }
}

/// Carries out `ecert parameter`.
pub(super) fn run(command: &ParameterCommand) -> Result<Outcome> {
    match command {
        ParameterCommand::Set(Set { rule_set, file, target, dry_run, connection }) => {
            let text = read(file)?;
            let value: Value =
                serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", file.display()))?;
            put(rule_set, target, dry_run, connection, &value)
        }
        ParameterCommand::Unset(Unset { rule_set, target, dry_run, connection }) => {
            put(rule_set, target, dry_run, connection, &Value::Null)
        }
        ParameterCommand::Show(arguments) => show(arguments),
        ParameterCommand::Effective(arguments) => effective(arguments),
    }
}

fn put(
    rule_set: &str,
    target: &Target,
    dry_run: &DryRun,
    connection: &Connection,
    value: &Value,
) -> Result<Outcome> {
    let path = format!("/v1/parameters/{rule_set}");
    let query = target.query();
    if dry_run.is_wanted() {
        return dry_run.ask(connection, &path, &query, &Content::Json(value));
    }
    let answer = connection.client()?.put_with(&path, &query, &Content::Json(value))?;
    if connection.json {
        say(&answer);
    } else {
        let done = if value.is_null() { "taken back" } else { "set" };
        say(format_args!("{rule_set}: parameters {done}"));
    }
    Ok(Outcome::Positive)
}

fn show(Show { rule_set, connection }: &Show) -> Result<Outcome> {
    let answer = connection.client()?.get(&format!("/v1/parameters/{rule_set}"))?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let row = |entry: &Value| {
        [
            cell(entry, "recorded"),
            layer(entry),
            days(entry),
            cell(entry, "content"),
            cell(entry, "by"),
            cell(entry, "reason"),
        ]
    };
    let head = ["recorded", "layer", "holds", "parameters", "by", "reason"];
    say(table(head, items_of(&answer, "entries").iter().map(row)));
    Ok(Outcome::Positive)
}

fn layer(entry: &Value) -> String {
    format!("{} {}", cell(entry, "layer"), cell(entry, "selector")).trim().to_owned()
}

/// The days that an entry holds, for people.
pub(super) fn days(entry: &Value) -> String {
    match (entry["validFrom"].as_str(), entry["validUntil"].as_str()) {
        (None, None) => "always".to_owned(),
        (from, until) => format!("{} – {}", from.unwrap_or_default(), until.unwrap_or_default()),
    }
}

fn effective(arguments: &Effective) -> Result<Outcome> {
    let Effective { rule_set, commodity, origin, agreement, on, connection } = arguments;
    let wanted = [("commodity", commodity), ("origin", origin), ("agreement", agreement), ("on", on)];
    let query: Vec<(&str, &str)> =
        wanted.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
    let answer = connection.client()?.get_with(&format!("/v1/parameters/{rule_set}/effective"), &query)?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let under = answer["agreement"].as_str().map(|name| format!(", agreement {name}"));
    say(format_args!("{rule_set} on {}{}", cell(&answer, "on"), under.unwrap_or_default()));
    let row = |member: &Value| {
        let entry = &member["entry"];
        [
            cell(member, "pointer"),
            member["value"].to_string(),
            format!("{} {}", cell(member, "source"), cell(member, "selector")).trim().to_owned(),
            if entry.is_null() { String::new() } else { days(entry) },
            cell(entry, "by"),
            cell(entry, "reason"),
        ]
    };
    let head = ["parameter", "value", "from", "holds", "by", "reason"];
    say(table(head, items_of(&answer, "members").iter().map(row)));
    Ok(Outcome::Positive)
}
