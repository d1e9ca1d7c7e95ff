//! `ecert plugin`: building and looking at plugins.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Subcommand;

use super::{Outcome, publish, say};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Publishes components to a running host.
    Publish(publish::Publish),
    /// Activates a version of a plugin of a running host.
    Activate(publish::Activate),
    /// Lists the plugins of a running host.
    List(publish::List),
    /// Shows what a component file holds, without running it.
    Inspect {
        /// The component.
        component: PathBuf,
    },
}

pub(super) fn run(command: Command) -> Result<Outcome> {
    match command {
        Command::Publish(arguments) => publish::publish(&arguments),
        Command::Activate(arguments) => publish::activate(&arguments),
        Command::List(arguments) => publish::list(&arguments),
        Command::Inspect { component } => inspect(&component),
    }
}

fn inspect(path: &std::path::Path) -> Result<Outcome> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    say(format_args!("{} bytes", bytes.len()));
    Ok(Outcome::Positive)
}
