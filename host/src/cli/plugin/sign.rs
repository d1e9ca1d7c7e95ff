//! `ecert plugin sign`: vouching for a component.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;

use super::bundle;
use super::passphrase::Passphrase;
use crate::cli::client::read;
use crate::cli::{Outcome, say};
use crate::contract::inspect;
use crate::trust::{Envelope, Release, Role};

/// Signs components. The signature is added to the file beside each.
#[derive(Debug, Args)]
pub(in crate::cli) struct Sign {
    /// Component files.
    #[arg(required = true)]
    components: Vec<PathBuf>,
    /// Private key to sign with, as `ecert plugin key new` makes it.
    #[arg(long)]
    key: PathBuf,
    /// As what you sign: author, or authority.
    #[arg(long, default_value = "author")]
    role: Role,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Signs each component.
pub(super) fn run(arguments: &Sign) -> Result<Outcome> {
    let Sign { components, key, role, passphrase } = arguments;
    let key = passphrase.open(key)?;
    for file in components {
        let inspection = inspect(&read(file)?).with_context(|| file.display().to_string())?;
        let release = Release::from(&inspection);
        let signature = Envelope::sign(&release, *role, &key)?;
        // What was signed before the component was built anew is worth nothing.
        let mut envelopes = bundle::read(file, &[])?;
        envelopes.retain(|envelope| envelope.claims(&release));
        if !envelopes.contains(&signature) {
            envelopes.push(signature);
        }
        let written = bundle::write(file, &envelopes)?;
        say(format_args!("{} {}: signed as {role}", release.name, release.version));
        say(format_args!("  digest      {}", release.digest));
        say(format_args!("  key         {}", key.public().id()));
        say(format_args!("  signatures  {}", written.display()));
    }
    Ok(Outcome::Positive)
}
