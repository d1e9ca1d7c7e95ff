//! `ecert token`: who may use a running host.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Connection, Content, read};
use super::table_output::{cell, items, table};
use super::{Outcome, note, say};

/// Tokens of a host.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a token and prints it; it is shown only this once.
    Create(Create),
    /// Lists the tokens, without their secrets.
    List(List),
    /// Revokes a token.
    Revoke(Revoke),
}

/// Makes a token.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// Name of the holder, for records and the audit.
    name: String,
    /// administrator, operator, officer, publisher, partner, verifier or
    /// auditor.
    #[arg(long)]
    role: String,
    /// Country the holder speaks for (ISO 3166-1 alpha-2); may be repeated.
    #[arg(long = "country")]
    countries: Vec<String>,
    /// Days it lasts.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// File of a certificate (PEM) by which the holder is known instead of a
    /// token.
    #[arg(long)]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

/// Lists the tokens.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    connection: Connection,
}

/// Revokes a token.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// Identifier of the token.
    id: String,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert token`.
pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Create(arguments) => create(arguments)?,
        Command::List(arguments) => list(arguments)?,
        Command::Revoke(Revoke { id, connection }) => {
            connection.client()?.delete(&format!("/v1/tokens/{id}"), &[])?;
            note(format_args!("{id}: revoked"));
        }
    }
    Ok(Outcome::Positive)
}

fn create(arguments: &Create) -> Result<()> {
    let Create { name, role, countries, days, certificate, connection } = arguments;
    let certificate = certificate.as_deref().map(read).transpose()?;
    let certificate =
        certificate.map(String::from_utf8).transpose().context("a certificate in PEM is text")?;
    let body = json!({
        "name": name, "role": role, "countries": countries, "days": days, "certificate": certificate,
    });
    let answer = connection.client()?.post("/v1/tokens", &Content::Json(&body))?;
    if connection.json {
        say(&answer);
    } else {
        note(format_args!("{name}, {role}, expires {}", cell(&answer, "expires")));
        match answer["token"].as_str() {
            Some(token) => say(token),
            None => note("known by the certificate"),
        }
    }
    Ok(())
}

fn list(arguments: &List) -> Result<()> {
    let answer = arguments.connection.client()?.get("/v1/tokens")?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |token: &Value| {
        [
            cell(token, "id"),
            cell(token, "name"),
            cell(token, "role"),
            cell(token, "countries"),
            cell(token, "expires"),
        ]
    };
    say(table(["id", "name", "role", "countries", "expires"], items(&answer).iter().map(row)));
    Ok(())
}
