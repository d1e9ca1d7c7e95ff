//! `ecert convert`: what a message says, in the canonical model or in another
//! format.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;
use ecert_model::documents::Document;
use ecert_model::readings::Problem;
use serde::Serialize;

use super::client::read;
use super::offline::{Plugins, problem, refusal, unmapped};
use super::{Outcome, note, say};
use crate::engine::Plugin;
use crate::intake::read::{self, Declared, LocatedProblem, Message};

/// Reads a message and prints it in the canonical model, or in another format.
///
/// It goes to standard output; problems and what was not taken over go to
/// standard error, each with its place.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// The message.
    message: PathBuf,
    /// Format of the message; recognised unless given.
    #[arg(long)]
    format: Option<String>,
    /// Format to write it in, in place of the model's JSON. The message must
    /// hold one document.
    #[arg(long, value_name = "FORMAT")]
    to: Option<String>,
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
    if let Some(format) = &arguments.to {
        return write(&plugins, &message, &arguments.message, format);
    }
    for part in &message.parts {
        let converted =
            Converted { format: &part.format, adapter: &part.adapter, documents: &part.documents };
        say(serde_json::to_string_pretty(&converted)?);
    }
    tell(&arguments.message, &message);
    Ok(Outcome::Positive)
}

/// What was wrong with a message, and what was not taken over.
fn tell(path: &Path, message: &Message) {
    for found in &message.problems {
        note(problem(path, found));
    }
    if message.unmapped.is_empty() {
        note("everything in the message was taken over");
    } else {
        note("not taken over:");
        message.unmapped.iter().for_each(|path| note(unmapped(path)));
    }
}

/// Writes the only document of a message in a format.
fn write(plugins: &Plugins, message: &Message, path: &Path, format: &str) -> Result<Outcome> {
    let writes =
        |plugin: &&Arc<Plugin>| plugin.manifest().formats.iter().any(|it| it.writes && it.id == format);
    let Some(plugin) = plugins.adapters.iter().find(writes) else {
        let formats = plugins.adapters.iter().flat_map(|plugin| &plugin.manifest().formats);
        let known: Vec<_> = formats.filter(|it| it.writes).map(|it| it.id.as_str()).collect();
        bail!("no adapter writes the format {format:?}; these are written: {}", known.join(", "));
    };
    let documents = message.parts.iter().flat_map(|part| part.documents.iter().map(move |it| (part, it)));
    let [(part, document)] = documents.collect::<Vec<_>>()[..] else {
        bail!("the message does not hold one document, but several or none: only one can be written");
    };
    match plugins.engine.write(plugin, document, format)?.output {
        Ok(written) => {
            std::io::stdout().write_all(&written)?;
            tell(path, message);
            Ok(Outcome::Positive)
        }
        Err(problems) => {
            for found in problems {
                let location = part.places.locate(found.place);
                let Problem { code, text, severity, .. } = found;
                note(problem(path, &LocatedProblem { code, text, severity, location }));
            }
            Ok(Outcome::Negative)
        }
    }
}
