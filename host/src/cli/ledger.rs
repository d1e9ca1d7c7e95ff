//! `ecert ledger`: quantities of certificates, and what becomes of them.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::{Connection, Content};
use super::table_output::{cell, items_of, table};
use super::{Outcome, say};

/// What is asked of the ledger.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Shows what is left of a certificate, and who took what.
    Show(Show),
    /// Tells that customs released a declaration's goods.
    Release(Settle),
    /// Withdraws a declaration: what it reserved is free for others.
    Withdraw(Settle),
    /// Frees the quantities of goods that an officer refused.
    Free(Settle),
}

/// Which certificate.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// Identifier of the certificate (`ecert certificates list` shows it).
    certificate: String,
    #[command(flatten)]
    connection: Connection,
}

/// Which declaration.
#[derive(Debug, Args)]
pub(super) struct Settle {
    /// Reference number or identifier of the declaration.
    declaration: String,
    #[command(flatten)]
    connection: Connection,
}

pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Show(arguments) => show(arguments),
        Command::Release(arguments) => settle(arguments, "release"),
        Command::Withdraw(arguments) => settle(arguments, "withdrawal"),
        Command::Free(arguments) => settle(arguments, "freeing"),
    }
}

fn show(Show { certificate, connection }: &Show) -> Result<Outcome> {
    let statement = connection.client()?.get(&format!("/v1/certificates/{certificate}/ledger"))?;
    if connection.json {
        say(&statement);
        return Ok(Outcome::Positive);
    }
    say(format_args!("certificate {}", cell(&statement, "number")));
    let quantities = || {
        items_of(&statement, "lines").iter().flat_map(|line| {
            items_of(line, "quantities").iter().map(move |quantity| (cell(line, "line"), quantity))
        })
    };
    let columns = ["certified", "ceiling", "reserved", "consumed", "blocked", "available"];
    let row = |(line, quantity): (String, &Value)| {
        let kind = format!("{} {}", cell(quantity, "kind"), cell(quantity, "unit"));
        let [a, b, c, d, e, f] = columns.map(|column| cell(quantity, column));
        [line, kind.trim_end().to_owned(), a, b, c, d, e, f]
    };
    let [a, b, c, d, e, f] = columns;
    say(table(["line", "quantity", a, b, c, d, e, f], quantities().map(row)));
    let movements = quantities().flat_map(|(line, quantity)| {
        items_of(quantity, "movements").iter().map(move |movement| {
            let amount = format!("{} {}", cell(movement, "amount"), cell(quantity, "unit"));
            [
                line.clone(),
                cell(movement, "declaration"),
                cell(movement, "item"),
                amount.trim_end().to_owned(),
                cell(movement, "state"),
                cell(movement, "since"),
            ]
        })
    });
    let movements: Vec<_> = movements.collect();
    if movements.is_empty() {
        say("nothing is taken");
    } else {
        say(table(["line", "declaration", "item", "amount", "state", "since"], movements));
    }
    Ok(Outcome::Positive)
}

/// Exit code 0 when it was done, 1 when there was nothing to do, or it may not
/// be done.
fn settle(Settle { declaration, connection }: &Settle, what: &str) -> Result<Outcome> {
    let path = format!("/v1/declarations/{declaration}/{what}");
    let answer = connection.client()?.post(&path, &Content::Json(&json!({})))?;
    if connection.json {
        say(&answer);
    } else {
        let told = match answer["outcome"].as_str().unwrap_or_default() {
            "done" => "done",
            "status-warning" => "done, though the status of a certificate has changed since",
            "no-record" => "it holds nothing",
            "already-consumed" => "its goods were released already",
            "blocked" => "its goods were refused; an officer has to free them first",
            other => other,
        };
        let code = answer["code"].as_str().map(|code| format!(" ({code})")).unwrap_or_default();
        say(format_args!("{}: {told}{code}", cell(&answer, "declaration")));
    }
    let done = matches!(answer["outcome"].as_str(), Some("done" | "status-warning"));
    Ok(if done { Outcome::Positive } else { Outcome::Negative })
}
