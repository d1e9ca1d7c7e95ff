//! `ecert certificates submit` and `ecert declarations submit`: messages to a
//! running host.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use serde_json::Value;

use super::client::{Client, Connection, Content, read};
use super::table_output::cell;
use super::{Outcome, say};

/// Certificates of a host.
#[derive(Debug, Subcommand)]
pub(super) enum CertificatesCommand {
    /// Delivers certificates.
    Submit(Messages),
}

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

/// Carries out `ecert certificates`.
pub(super) fn run_certificates(command: &CertificatesCommand) -> Result<Outcome> {
    let CertificatesCommand::Submit(messages) = command;
    let client = messages.connection.client()?;
    for file in &messages.files {
        let answer = send(&client, "/v1/certificates", file, messages.format.as_deref())?;
        if messages.connection.json {
            say(&answer);
            continue;
        }
        for certificate in answer["certificates"].as_array().into_iter().flatten() {
            say(format_args!(
                "{}: certificate {} of {}, {}: {}",
                file.display(),
                cell(certificate, "number"),
                cell(certificate, "country"),
                cell(certificate, "outcome"),
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
        for verification in verifications(&answer) {
            let verdict = cell(verification, "verdict");
            if !matches!(verdict.as_str(), "release" | "none-required") {
                outcome = Outcome::Negative;
            }
            if !messages.connection.json {
                say(format_args!("{}: {verdict} ({})", file.display(), cell(verification, "id")));
                print_findings(verification);
            }
        }
    }
    Ok(outcome)
}

/// The verifications in the answer to a declaration.
fn verifications(answer: &Value) -> &[Value] {
    answer["verifications"].as_array().map_or(std::slice::from_ref(answer), Vec::as_slice)
}

fn print_findings(verification: &Value) {
    for finding in verification["findings"].as_array().into_iter().flatten() {
        say(format_args!("  {}: {}", cell(finding, "severity"), cell(finding, "message")));
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
