//! `ecert plugin activate`, `shadow`, `retire`, `rollback` and `history`: what
//! becomes of the versions of a running host.

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};

use super::client::{Connection, Content};
use super::table_output::{cell, items, table};
use super::{Outcome, backtest, say};

/// A version of a plugin.
#[derive(Debug, Args)]
struct Target {
    /// Name of the plugin.
    name: String,
    /// Version.
    #[arg(id = "target", value_name = "VERSION")]
    version: String,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Activates a version of a plugin.
#[derive(Debug, Args)]
pub(super) struct Activate {
    #[command(flatten)]
    target: Target,
    /// First decision date it applies to (`2027-01-31`); all dates unless
    /// given.
    #[arg(long)]
    from: Option<String>,
    /// What it applies to, as JSON: `[{"origins": ["NZ"], "hsPrefixes": ["0204"]}]`.
    #[arg(long)]
    scope: Option<String>,
    /// Goes back to an older version than the one that serves.
    #[arg(long)]
    allow_downgrade: bool,
}

/// Has a version run on live traffic without effect.
#[derive(Debug, Args)]
pub(super) struct Shadow {
    #[command(flatten)]
    target: Target,
}

/// Takes a version out of service.
#[derive(Debug, Args)]
pub(super) struct Retire {
    #[command(flatten)]
    target: Target,
}

/// Takes the last activation or retirement of a plugin back.
#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// Name of the plugin.
    name: String,
    /// Why, for the record.
    #[arg(long, default_value = "")]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// Shows what a version in shadow would have changed so far.
#[derive(Debug, Args)]
pub(super) struct Differences {
    /// Name of the plugin.
    name: String,
    /// Version.
    #[arg(id = "target", value_name = "VERSION")]
    version: String,
    #[command(flatten)]
    connection: Connection,
}

/// Lists what became of plugins: who did what, when and why.
#[derive(Debug, Args)]
pub(super) struct History {
    /// Only this plugin.
    name: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

impl Target {
    fn post(&self, what: &str, body: &Value) -> Result<()> {
        let Self { name, version, connection, .. } = self;
        let path = format!("/v1/plugins/{name}/{version}/{what}");
        let answer = connection.client()?.post(&path, &Content::Json(body))?;
        if connection.json {
            say(&answer);
        } else {
            say(line(&answer));
        }
        Ok(())
    }
}

/// A version and what it serves as.
fn line(plugin: &Value) -> String {
    let mut line = format!("{} {}: {}", cell(plugin, "name"), cell(plugin, "version"), cell(plugin, "state"));
    for service in plugin["services"].as_array().into_iter().flatten() {
        if let Some(from) = service["from"].as_str() {
            line.push_str(&format!(", for decisions from {from}"));
        }
        if let Some(scope) = service.get("scope") {
            line.push_str(&format!(", for {scope}"));
        }
    }
    line
}

/// Activates one version.
pub(super) fn activate(arguments: &Activate) -> Result<Outcome> {
    let Activate { target, from, scope, allow_downgrade } = arguments;
    let scope: Option<Value> = scope.as_deref().map(serde_json::from_str).transpose().context(
        "--scope is not JSON; write it as '[{\"origins\": [\"NZ\"], \"hsPrefixes\": [\"0204\"]}]'",
    )?;
    let mut body = json!({ "reason": target.reason, "allowDowngrade": allow_downgrade });
    if let Some(from) = from {
        body["from"] = from.as_str().into();
    }
    if let Some(scope) = scope {
        body["scope"] = scope;
    }
    target.post("activation", &body).map(|()| Outcome::Positive)
}

/// Puts one version in shadow.
pub(super) fn shadow(Shadow { target }: &Shadow) -> Result<Outcome> {
    target.post("shadow", &json!({ "reason": target.reason })).map(|()| Outcome::Positive)
}

/// Retires one version.
pub(super) fn retire(Retire { target }: &Retire) -> Result<Outcome> {
    target.post("retirement", &json!({ "reason": target.reason })).map(|()| Outcome::Positive)
}

/// Rolls one plugin back.
pub(super) fn rollback(arguments: &Rollback) -> Result<Outcome> {
    let Rollback { name, reason, connection } = arguments;
    let path = format!("/v1/plugins/{name}/rollback");
    let answer = connection.client()?.post(&path, &Content::Json(&json!({ "reason": reason })))?;
    if connection.json {
        say(&answer);
    } else {
        items(&answer).iter().for_each(|plugin| say(line(plugin)));
    }
    Ok(Outcome::Positive)
}

/// Shows the differences of one version. Exit code 1 when there are any.
pub(super) fn differences(arguments: &Differences) -> Result<Outcome> {
    let Differences { name, version, connection } = arguments;
    let report = connection.client()?.get(&format!("/v1/plugins/{name}/{version}/shadow"))?;
    if connection.json {
        say(&report);
    } else {
        say(format_args!("{name} {version} in shadow, over {} live cases", report["cases"]));
        say(format_args!("  judged     {}", report["judged"]));
        say(format_args!("  different  {}", report["different"]));
        say(format_args!("  failed     {}", report["failed"]));
        backtest::changes(&report, &Value::Null, report["differences"].as_array());
    }
    Ok(if report["different"] == 0 { Outcome::Positive } else { Outcome::Negative })
}

/// Lists changes.
pub(super) fn history(arguments: &History) -> Result<Outcome> {
    let History { name, connection } = arguments;
    let query = name.as_ref().map(|name| format!("?name={name}")).unwrap_or_default();
    let answer = connection.client()?.get(&format!("/v1/plugin-changes{query}"))?;
    if connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let row = |change: &Value| {
        let mut kind = cell(change, "kind");
        if let Some(number) = change["undoneBy"].as_i64() {
            kind.push_str(&format!(" (taken back by {number})"));
        }
        [
            cell(change, "number"),
            cell(change, "takesEffect"),
            cell(change, "name"),
            cell(change, "version"),
            kind,
            cell(change, "from"),
            cell(change, "by"),
            cell(change, "reason"),
        ]
    };
    let header = ["number", "since", "plugin", "version", "change", "decisions from", "by", "why"];
    say(table(header, items(&answer).iter().map(row)));
    Ok(Outcome::Positive)
}
