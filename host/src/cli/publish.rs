//! `ecert plugin publish` and `list`: plugins of a running host.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};

use super::client::{Connection, Content, read};
use super::plugin::bundle;
use super::plugin::registry::Access;
use super::table_output::{cell, items, table, title};
use super::{Outcome, say};
use crate::oci::Address;
use crate::trust::write_bundle;

/// Publishes plugins.
#[derive(Debug, Args)]
pub(super) struct Publish {
    /// Component files, or references to a registry (oci://…).
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Signatures besides those in the file beside each component.
    #[arg(long = "signature")]
    signatures: Vec<PathBuf>,
    /// Lets a version in that is lower than the highest before, and says why.
    #[arg(long, value_name = "REASON")]
    allow_downgrade: Option<String>,
    /// Activates each at once.
    #[arg(long)]
    activate: bool,
    #[command(flatten)]
    access: Access,
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
        let reference = file.to_str().filter(|text| Address::is_meant(text));
        let (component, signatures) = match reference {
            Some(reference) => {
                let fetched = arguments.access.fetch(reference)?;
                (fetched.component, fetched.signatures)
            }
            None => (read(file)?, bundle::read(file, &arguments.signatures)?),
        };
        let signatures = write_bundle(&signatures);
        let downgrade = arguments.allow_downgrade.as_deref().map(|why| ("allow-downgrade", why));
        let parts = [("component", component.as_slice()), ("signature", signatures.as_bytes())];
        let answer = client
            .post_with("/v1/plugins", downgrade.as_slice(), &Content::Form(&parts))
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
