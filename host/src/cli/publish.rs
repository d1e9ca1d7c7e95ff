//! `ecert plugin publish` and `list`: plugins of a running host.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};

use super::client::{Connection, Content, read};
use super::table_output::{cell, items, table, title};
use super::{Outcome, say};

/// Publishes plugins.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Component files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Activates each at once.
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Lists the plugins of a host.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    connection: Connection,
}

/// Publishes each file.
pub(super) fn publish(arguments: &Publish) -> Result<Outcome> {
    let client = arguments.connection.client()?;
    for file in &arguments.files {
        let component = read(file)?;
        let answer = client
            .post("/v1/plugins", &Content::Bytes("application/wasm", &component))
            .with_context(|| format!("{} was not published", file.display()))?;
        let (name, version) = (cell(&answer, "name"), cell(&answer, "version"));
        if arguments.activate {
            client.post(&format!("/v1/plugins/{name}/{version}/activation"), &Content::Json(&json!({})))?;
        }
        if arguments.connection.json {
            say(&answer);
        } else {
            let done = if arguments.activate { "published and active" } else { "published" };
            say(format_args!("{name} {version}: {done}"));
        }
    }
    Ok(Outcome::Positive)
}

/// Lists all.
pub(super) fn list(arguments: &List) -> Result<Outcome> {
    let answer = arguments.connection.client()?.get("/v1/plugins")?;
    if arguments.connection.json {
        say(&answer);
        return Ok(Outcome::Positive);
    }
    let row = |plugin: &Value| {
        [
            cell(plugin, "name"),
            cell(plugin, "version"),
            cell(plugin, "kind"),
            cell(plugin, "state"),
            cell(&plugin["seen"], "health"),
            cell(&plugin["seen"], "calls"),
            cell(&plugin["seen"], "failures"),
            title(plugin, "titles"),
        ]
    };
    let header = ["name", "version", "kind", "state", "health", "calls", "failures", "title"];
    say(table(header, items(&answer).iter().map(row)));
    Ok(Outcome::Positive)
}
