//! `ecert account`: query accounts of institutions abroad.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Client, Connection, Content, read};
use super::table_output::{cell, items, items_of, table};
use super::{Outcome, note, say};

/// Query accounts.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes an account and prints its users' secrets, which are shown only
    /// this once.
    New(New),
    /// Makes the accounts of a CSV file: all of them, or none and what is
    /// wrong in every row.
    Import(Import),
    /// Lists the accounts.
    List(List),
    /// Suspends an account at once.
    Suspend(Suspend),
    /// Puts a suspended account in use again.
    Resume(Named),
    /// Makes a new secret for a user; the old one goes on for a day.
    Rotate(Rotate),
    /// Lists the queries of an account.
    Queries(Named),
}

/// Makes an account.
#[derive(Debug, Args)]
pub(super) struct New {
    /// Name of the institution.
    name: String,
    /// Country it acts for (ISO 3166-1 alpha-2); may be repeated.
    #[arg(long = "country")]
    countries: Vec<String>,
    /// Bloc it acts for, such as EU; may be repeated.
    #[arg(long = "bloc")]
    blocs: Vec<String>,
    /// Hides certificates that only pass through its countries.
    #[arg(long)]
    no_transit: bool,
    /// Group of fields it sees: goods, quantities, parties, transport,
    /// processes, attestations, documents; may be repeated.
    #[arg(long = "field", default_values = ["goods", "quantities"])]
    fields: Vec<String>,
    /// Queries a minute.
    #[arg(long, default_value_t = 60)]
    rate: u32,
    /// Last day it may be used, such as 2027-12-31.
    #[arg(long)]
    expires: String,
    /// User as NAME:ROLE, the role manager or checker; may be repeated.
    #[arg(long = "user", default_values = ["manager:manager"])]
    users: Vec<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Makes the accounts of a file.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// CSV file: name, countries, blocs, transit, fields, rate, expires, users.
    file: PathBuf,
    /// New file for the users' secrets, readable for its owner only.
    #[arg(long)]
    secrets: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

/// Lists the accounts.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    connection: Connection,
}

/// Suspends an account.
#[derive(Debug, Args)]
pub(super) struct Suspend {
    /// Name or identifier of the account.
    account: String,
    /// Why.
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    connection: Connection,
}

/// An account.
#[derive(Debug, Args)]
pub(super) struct Named {
    /// Name or identifier of the account; for its own users, own.
    account: String,
    #[command(flatten)]
    connection: Connection,
}

/// Rotates a secret.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Name or identifier of the account; for its own users, own.
    account: String,
    /// The user.
    user: String,
    /// Hours the old secret goes on, 0 to 168.
    #[arg(long, default_value_t = 24)]
    overlap_hours: u32,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert account`.
pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::New(arguments) => new(arguments)?,
        Command::Import(arguments) => import(arguments)?,
        Command::List(arguments) => list(&arguments.connection)?,
        Command::Suspend(Suspend { account, reason, connection }) => {
            suspend(connection, account, &json!({"suspended": true, "reason": reason}))?;
        }
        Command::Resume(Named { account, connection }) => {
            suspend(connection, account, &json!({"suspended": false}))?;
        }
        Command::Rotate(arguments) => rotate(arguments)?,
        Command::Queries(arguments) => queries(arguments)?,
    }
    Ok(Outcome::Positive)
}

/// The identifier of the account that is meant.
fn meant(client: &Client, account: &str) -> Result<String> {
    if account == "own" {
        return Ok(account.to_owned());
    }
    let accounts = client.get("/v1/query-accounts")?;
    let found = items(&accounts).iter().find(|known| known["name"] == account || known["id"] == account);
    found.map(|known| cell(known, "id")).with_context(|| format!("there is no query account {account:?}"))
}

fn new(arguments: &New) -> Result<()> {
    let user = |text: &String| match text.split_once(':') {
        Some((name, role)) => Ok(json!({"name": name, "role": role})),
        None => bail!("{text:?} is not a user as NAME:ROLE, such as li:checker"),
    };
    let body = json!({
        "name": arguments.name,
        "countries": arguments.countries,
        "blocs": arguments.blocs,
        "transit": !arguments.no_transit,
        "fields": arguments.fields,
        "rate": arguments.rate,
        "expires": arguments.expires,
        "users": arguments.users.iter().map(user).collect::<Result<Vec<_>>>()?,
    });
    let answer = arguments.connection.client()?.post("/v1/query-accounts", &Content::Json(&body))?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    note(format_args!("{}: {}", arguments.name, cell(&answer, "id")));
    for user in items_of(&answer, "users") {
        say(format_args!("{}\t{}", cell(user, "user"), cell(user, "token")));
    }
    Ok(())
}

fn import(arguments: &Import) -> Result<()> {
    let file = read(&arguments.file)?;
    // Made first: secrets that could not be kept would be lost.
    let mut secrets = create_private(&arguments.secrets)?;
    let client = arguments.connection.client()?;
    let answer = match client.post("/v1/query-accounts/import", &Content::Bytes("text/csv", &file)) {
        Ok(answer) => answer,
        Err(error) => {
            drop(secrets);
            // It is empty.
            let _ = std::fs::remove_file(&arguments.secrets);
            return Err(error.context(format!("{}: nothing was imported", arguments.file.display())));
        }
    };
    let users = items_of(&answer, "users");
    let mut writer = csv::Writer::from_writer(&mut secrets);
    writer.write_record(["account", "user", "role", "token", "expires"])?;
    for user in users {
        writer.write_record(["account", "user", "role", "token", "expires"].map(|name| cell(user, name)))?;
    }
    writer.flush()?;
    drop(writer);
    secrets.sync_all()?;
    let mut accounts: Vec<String> = users.iter().map(|user| cell(user, "account")).collect();
    accounts.dedup();
    if arguments.connection.json {
        say(json!({"accounts": accounts.len(), "users": users.len()}));
    } else {
        say(format_args!("{} accounts with {} users", accounts.len(), users.len()));
        note(format_args!("their secrets are in {}", arguments.secrets.display()));
    }
    Ok(())
}

fn create_private(path: &Path) -> Result<std::fs::File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("cannot make {}", path.display()))
}

fn list(connection: &Connection) -> Result<()> {
    let answer = connection.client()?.get("/v1/query-accounts")?;
    if connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |account: &Value| {
        let reach =
            [cell(account, "countries"), cell(account, "blocs")].into_iter().filter(|text| !text.is_empty());
        let users: Vec<String> = items_of(account, "users").iter().map(|user| cell(user, "name")).collect();
        let state = if account["suspended"].is_null() { "in use" } else { "suspended" };
        [
            cell(account, "name"),
            reach.collect::<Vec<_>>().join(", "),
            cell(account, "fields"),
            cell(account, "rate"),
            cell(account, "expires"),
            state.to_owned(),
            users.join(", "),
        ]
    };
    say(table(
        ["account", "acts for", "sees", "a minute", "expires", "state", "users"],
        items(&answer).iter().map(row),
    ));
    Ok(())
}

fn suspend(connection: &Connection, account: &str, body: &Value) -> Result<()> {
    let client = connection.client()?;
    let id = meant(&client, account)?;
    let answer = client.post(&format!("/v1/query-accounts/{id}/suspension"), &Content::Json(body))?;
    if connection.json {
        say(&answer);
    } else {
        let state = if answer["suspended"].is_null() { "in use" } else { "suspended" };
        say(format_args!("{}: {state}", cell(&answer, "name")));
    }
    Ok(())
}

fn rotate(arguments: &Rotate) -> Result<()> {
    let client = arguments.connection.client()?;
    let id = meant(&client, &arguments.account)?;
    let path = format!("/v1/query-accounts/{id}/users/{}/secret", arguments.user);
    let overlap = arguments.overlap_hours.to_string();
    let answer = client.post_with(&path, &[("overlap-hours", &overlap)], &Content::Json(&json!({})))?;
    if arguments.connection.json {
        say(&answer);
    } else {
        note(format_args!("the old secret goes on for {overlap} hours"));
        say(cell(&answer, "token"));
    }
    Ok(())
}

fn queries(arguments: &Named) -> Result<()> {
    let client = arguments.connection.client()?;
    let id = meant(&client, &arguments.account)?;
    let answer = client.get_with(&format!("/v1/query-accounts/{id}/queries"), &[("limit", "500")])?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |query: &Value| ["at", "user", "kind", "asked", "answer"].map(|name| cell(query, name));
    say(table(["when", "user", "kind", "asked", "answer"], items(&answer).iter().map(row)));
    Ok(())
}
