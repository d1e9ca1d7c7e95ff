//! `ecert convert`: what a message says, in the canonical model.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use ecert_model::documents::Document;
use serde::Serialize;

use super::client::read;
use super::offline::{Plugins, problem, refusal, unmapped};
use super::{Outcome, note, say};
use crate::intake::read::{self, Declared};

/// Reads a message and prints it in the canonical model.
///
/// The JSON goes to standard output; problems and what was not taken over go
/// to standard error, each with its place.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// The message.
    message: PathBuf,
    /// Format of the message; recognised unless given.
    #[arg(long)]
    format: Option<String>,
    /// Folder of the plugins (`*.component.wasm`).
    #[arg(long, env = "ECERT_PLUGINS", value_name = "FOLDER")]
    plugins: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Converted<'m> {
    format: &'m str,
    adapter: &'m str,
    documents: &'m [Document],
}

pub(super) fn run(arguments: &Convert) -> Result<Outcome> {
    let bytes = read(&arguments.message)?;
    let plugins = Plugins::load(arguments.plugins.as_deref())?;
    let declared = Declared { media_type: None, format: arguments.format.as_deref() };
    let message = match read::read(&plugins.engine, &plugins.adapters, &bytes, declared) {
        Ok(message) => message,
        Err(reason) => {
            note(refusal(&arguments.message, &reason));
            return Ok(Outcome::Negative);
        }
    };
    for part in &message.parts {
        let converted =
            Converted { format: &part.format, adapter: &part.adapter, documents: &part.documents };
        say(serde_json::to_string_pretty(&converted)?);
    }
    for found in &message.problems {
        note(problem(&arguments.message, found));
    }
    if message.unmapped.is_empty() {
        note("everything in the message was taken over");
    } else {
        note("not taken over:");
        message.unmapped.iter().for_each(|path| note(unmapped(path)));
    }
    Ok(Outcome::Positive)
}
