//! `ecert certificates submit` and `ecert declarations submit`: messages to a
//! running host.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::client::{Client, Connection, Content, read};
use super::table_output::{cell, title};
use super::{Outcome, say};

/// Declarations of a host.
#[derive(Debug, Subcommand)]
pub(super) enum DeclarationsCommand {
    /// Lodges declarations and prints their verdicts.
    Submit(Messages),
}

/// Messages to send.
#[derive(Debug, Args)]
pub(super) struct Messages {
    /// Message files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Format of the messages; recognised unless given.
    #[arg(long)]
    format: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Carries out `ecert certificates submit`.
pub(super) fn submit_certificates(messages: &Messages) -> Result<Outcome> {
    let client = messages.connection.client()?;
    for file in &messages.files {
        let answer = send(&client, "/v1/certificates", file, messages.format.as_deref())?;
        if messages.connection.json {
            say(&answer);
            continue;
        }
        for certificate in answer["certificates"].as_array().into_iter().flatten() {
            say(format_args!(
                "{}: certificate {}, {}, {}: {}",
                file.display(),
                cell(certificate, "number"),
                cell(certificate, "outcome"),
                cell(certificate, "authenticity"),
                cell(certificate, "id"),
            ));
        }
    }
    Ok(Outcome::Positive)
}

/// Carries out `ecert declarations`: positive when all may be released.
pub(super) fn run_declarations(command: &DeclarationsCommand) -> Result<Outcome> {
    let DeclarationsCommand::Submit(messages) = command;
    let client = messages.connection.client()?;
    let mut outcome = Outcome::Positive;
    for file in &messages.files {
        let answer = send(&client, "/v1/declarations", file, messages.format.as_deref())?;
        if messages.connection.json {
            say(&answer);
        }
        let verdict = cell(&answer, "verdict");
        if !matches!(verdict.as_str(), "release" | "none-required") {
            outcome = Outcome::Negative;
        }
        if !messages.connection.json {
            say(format_args!("{}: {verdict} ({})", file.display(), cell(&answer, "id")));
            print_findings(&answer);
        }
    }
    Ok(outcome)
}

fn print_findings(verification: &Value) {
    for finding in verification["findings"].as_array().into_iter().flatten() {
        say(format_args!("  {}: {}", cell(finding, "severity"), title(finding, "texts")));
    }
}

fn send(client: &Client, path: &str, file: &Path, format: Option<&str>) -> Result<Value> {
    let message = read(file)?;
    let media_type = if message.trim_ascii_start().starts_with(b"<") || message.starts_with(b"\xef\xbb\xbf") {
        "application/xml"
    } else {
        "application/octet-stream"
    };
    let path = format.map_or_else(|| path.to_owned(), |format| format!("{path}?format={format}"));
    let sent = client.post(&path, &Content::Bytes(media_type, &message));
    sent.with_context(|| format!("{} was not taken", file.display()))
}
