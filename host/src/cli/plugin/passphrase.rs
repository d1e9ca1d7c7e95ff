//! Where the passphrase of a private key comes from.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pkcs8::der::zeroize::Zeroizing;

use crate::trust::PrivateKey;

/// The passphrase that a private key is encrypted with; asked for at the
/// terminal unless given.
#[derive(Debug, Args)]
pub(in crate::cli) struct Passphrase {
    /// File that holds the passphrase.
    #[arg(long, env = "ECERT_PASSPHRASE_FILE")]
    passphrase_file: Option<PathBuf>,
    /// The passphrase itself, from the environment only: other users see what
    /// stands on a command line.
    #[arg(skip = std::env::var("ECERT_PASSPHRASE").ok())]
    from_environment: Option<String>,
}

impl Passphrase {
    /// The passphrase for a new key; at the terminal it is asked for twice.
    pub(super) fn choose(&self) -> Result<Zeroizing<String>> {
        if let Some(given) = self.given()? {
            return Ok(given);
        }
        let chosen = ask("Passphrase for the new key: ")?;
        ensure!(chosen == ask("Once more: ")?, "the two passphrases differ");
        Ok(chosen)
    }

    /// Opens a private key.
    pub(super) fn open(&self, file: &Path) -> Result<PrivateKey> {
        let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let pem = Zeroizing::new(pem);
        let passphrase = match self.given()? {
            Some(given) => given,
            None => ask(&format!("Passphrase of {}: ", file.display()))?,
        };
        PrivateKey::from_pem(&pem, &passphrase).with_context(|| format!("cannot use {}", file.display()))
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>> {
        match (&self.passphrase_file, &self.from_environment) {
            (Some(file), _) => {
                let text = std::fs::read_to_string(file);
                let text = Zeroizing::new(text.with_context(|| format!("cannot read {}", file.display()))?);
                Ok(Some(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())))
            }
            (None, Some(text)) => Ok(Some(Zeroizing::new(text.clone()))),
            (None, None) => Ok(None),
        }
    }
}

fn ask(what: &str) -> Result<Zeroizing<String>> {
    let answer = rpassword::prompt_password(what);
    let answer = answer
        .context("no terminal to ask for the passphrase: give --passphrase-file or ECERT_PASSPHRASE")?;
    Ok(Zeroizing::new(answer))
}
