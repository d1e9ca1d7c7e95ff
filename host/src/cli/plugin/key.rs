//! `ecert plugin key`: what publishers sign with.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

use super::passphrase::Passphrase;
use crate::cli::{Outcome, say};
use crate::trust::{PrivateKey, PublicKey};

/// Keys of publishers.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// Makes a key pair: NAME.key.pem, encrypted, and NAME.pub.pem.
    New(New),
    /// Shows the public key and its identifier.
    Show(Show),
}

/// Makes a key pair.
#[derive(Debug, Args)]
pub(in crate::cli) struct New {
    /// Name of the files.
    name: String,
    /// Folder that they are written to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Shows a key.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// A public key, or a private one.
    file: PathBuf,
    #[command(flatten)]
    passphrase: Passphrase,
}

/// Carries out `ecert plugin key`.
pub(super) fn run(command: &Command) -> Result<Outcome> {
    match command {
        Command::New(arguments) => new(arguments)?,
        Command::Show(arguments) => show(arguments)?,
    }
    Ok(Outcome::Positive)
}

fn new(arguments: &New) -> Result<()> {
    let New { name, out, passphrase } = arguments;
    let key = PrivateKey::generate()?;
    let private = key.to_pem(&passphrase.choose()?)?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let (secret, public) = (out.join(format!("{name}.key.pem")), out.join(format!("{name}.pub.pem")));
    create(&secret, 0o600, &private)?;
    create(&public, 0o644, &key.public().to_pem())?;
    say(format_args!("key {}", key.public().id()));
    say(format_args!("  {}  keep it to yourself, with its passphrase", secret.display()));
    say(format_args!("  {}  give it to the operators of hosts", public.display()));
    Ok(())
}

/// Writes a file that is not there yet: a key that is lost is lost for good.
fn create(path: &Path, mode: u32, text: &str) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}

fn show(arguments: &Show) -> Result<()> {
    let Show { file, passphrase } = arguments;
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let key = if text.contains("ENCRYPTED PRIVATE KEY") {
        passphrase.open(file)?.public()
    } else {
        PublicKey::from_pem(&text).with_context(|| format!("cannot use {}", file.display()))?
    };
    say(format_args!("key {}", key.id()));
    say(key.to_pem().trim_end());
    Ok(())
}
