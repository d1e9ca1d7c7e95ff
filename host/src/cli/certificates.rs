//! `ecert certificates`: delivered ones are submitted, the own authority's
//! are imported, searched, withdrawn, and given check codes.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::certificates_import::{self, Import};
use super::client::{Client, Connection, Content};
use super::submit::{self, Messages};
use super::table_output::{cell, items, table};
use super::{Outcome, note, say};

/// Certificates of a host.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Delivers certificates of other authorities.
    Submit(Messages),
    Import(Import),
    /// Searches the own authority's certificates.
    Search(Search),
    /// Withdraws, cancels or replaces a certificate of the own authority, or
    /// puts a withdrawn one in force again.
    Status(Status),
    /// Makes a new check code for a certificate, or the QR code of the one it
    /// has.
    Code(Code),
    /// What institutions abroad reported about certificates.
    Reports(Reports),
}

/// Searches certificates.
#[derive(Debug, Args)]
pub(super) struct Search {
    /// Number, in any way of writing.
    number: Option<String>,
    /// Container, in any way of writing.
    #[arg(long)]
    container: Option<String>,
    /// Country of destination or transit.
    #[arg(long)]
    country: Option<String>,
    /// Issued on or after this day (with --country).
    #[arg(long)]
    issued_from: Option<String>,
    /// Issued on or before this day (with --country).
    #[arg(long)]
    issued_to: Option<String>,
    /// issued, withdrawn, replaced or cancelled.
    #[arg(long)]
    status: Option<String>,
    /// Entries, 1 to 500.
    #[arg(long)]
    limit: Option<u32>,
    #[command(flatten)]
    connection: Connection,
}

/// A status that a certificate may get.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Standing {
    Issued,
    Withdrawn,
    Replaced,
    Cancelled,
}

/// Changes a status.
#[derive(Debug, Args)]
pub(super) struct Status {
    /// Number of the certificate, or its identifier as #ID.
    certificate: String,
    /// The status it gets.
    #[arg(value_enum)]
    status: Standing,
    /// Why.
    #[arg(long)]
    reason: String,
    /// Number of the certificate in its place.
    #[arg(long)]
    replaced_by: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Makes a check code, or a QR code.
#[derive(Debug, Args)]
pub(super) struct Code {
    /// Number of the certificate, or its identifier as #ID.
    certificate: String,
    /// The code it has; without it a new one is made, and the old one opens
    /// nothing any more.
    #[arg(long)]
    code: Option<String>,
    /// File for the QR code as SVG.
    #[arg(long)]
    svg: Option<PathBuf>,
    /// File for the QR code as PNG.
    #[arg(long)]
    png: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
}

/// Lists reports, or takes note of one.
#[derive(Debug, Args)]
pub(super) struct Reports {
    /// Identifier of a report to take note of.
    #[arg(long)]
    acknowledge: Option<String>,
    /// What was done about it.
    #[arg(long, default_value = "", requires = "acknowledge")]
    note: String,
    /// Lists those that were noted already too.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert certificates`.
pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::Submit(messages) => return submit::submit_certificates(messages),
        Command::Import(arguments) => return certificates_import::run(arguments),
        Command::Search(arguments) => search(arguments)?,
        Command::Status(arguments) => status(arguments)?,
        Command::Code(arguments) => code(arguments)?,
        Command::Reports(arguments) => reports(arguments)?,
    }
    Ok(Outcome::Positive)
}

fn search(arguments: &Search) -> Result<()> {
    let limit = arguments.limit.map(|limit| limit.to_string());
    let query: Vec<(&str, &str)> = [
        ("number", &arguments.number),
        ("container", &arguments.container),
        ("country", &arguments.country),
        ("issued-from", &arguments.issued_from),
        ("issued-to", &arguments.issued_to),
        ("status", &arguments.status),
        ("limit", &limit),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_deref().map(|value| (name, value)))
    .collect();
    let answer = arguments.connection.client()?.get_with("/v1/export-certificates", &query)?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    let row = |entry: &Value| {
        ["id", "number", "typeCode", "issuedOn", "destination", "status", "replacedBy"]
            .map(|name| cell(entry, name))
    };
    let head = ["id", "number", "type", "issued", "to", "status", "replaced by"];
    say(table(head, items(&answer).iter().map(row)));
    if !answer["next"].is_null() {
        note("there are more; --limit gives up to 500");
    }
    Ok(())
}

/// The identifier of the certificate that is meant.
fn meant(client: &Client, certificate: &str) -> Result<String> {
    if let Some(id) = certificate.strip_prefix('#') {
        return Ok(id.to_owned());
    }
    let answer = client.get_with("/v1/export-certificates", &[("number", certificate)])?;
    match items(&answer) {
        [] => bail!("there is no export certificate {certificate:?}"),
        [one] => Ok(cell(one, "id")),
        several => {
            let each =
                several.iter().map(|one| format!("#{} (type {})", cell(one, "id"), cell(one, "typeCode")));
            bail!("{certificate} is the number of several; name one: {}", each.collect::<Vec<_>>().join(", "))
        }
    }
}

fn status(arguments: &Status) -> Result<()> {
    let client = arguments.connection.client()?;
    let id = meant(&client, &arguments.certificate)?;
    let value = arguments.status.to_possible_value().context("every status has a name")?;
    let mut body = json!({"status": value.get_name(), "reason": arguments.reason});
    if let Some(number) = &arguments.replaced_by {
        body["replacedBy"] = json!(number);
    }
    let answer = client.post(&format!("/v1/export-certificates/{id}/status"), &Content::Json(&body))?;
    if arguments.connection.json {
        say(&answer);
    } else {
        say(format_args!("{}: {}", cell(&answer, "number"), cell(&answer, "status")));
    }
    Ok(())
}

fn code(arguments: &Code) -> Result<()> {
    let client = arguments.connection.client()?;
    let id = meant(&client, &arguments.certificate)?;
    let code = match &arguments.code {
        Some(code) => code.clone(),
        None => {
            let path = format!("/v1/export-certificates/{id}/code");
            let answer = client.post(&path, &Content::Json(&json!({})))?;
            let code = cell(&answer, "checkCode");
            if arguments.connection.json {
                say(&answer);
            } else {
                say(&code);
                note(cell(&answer, "link"));
            }
            code
        }
    };
    for (file, media_type) in [(&arguments.svg, "image/svg+xml"), (&arguments.png, "image/png")] {
        let Some(file) = file else { continue };
        let image =
            client.get_as(&format!("/v1/export-certificates/{id}/qr"), &[("code", &code)], media_type)?;
        std::fs::write(file, image).with_context(|| format!("cannot write {}", file.display()))?;
        note(format_args!("{}: written", file.display()));
    }
    Ok(())
}

fn reports(arguments: &Reports) -> Result<()> {
    let client = arguments.connection.client()?;
    if let Some(id) = &arguments.acknowledge {
        let path = format!("/v1/export-certificates/reports/{id}/acknowledgement");
        client.post(&path, &Content::Json(&json!({"note": arguments.note})))?;
        note(format_args!("{id}: noted"));
        return Ok(());
    }
    let open = if arguments.all { "no" } else { "yes" };
    let answer = client.get_with("/v1/export-certificates/reports", &[("open", open), ("limit", "500")])?;
    if arguments.connection.json {
        say(&answer);
        return Ok(());
    }
    let row =
        |entry: &Value| ["id", "at", "account", "number", "outcome", "reason"].map(|name| cell(entry, name));
    say(table(["id", "when", "from", "number", "outcome", "reason"], items(&answer).iter().map(row)));
    Ok(())
}
