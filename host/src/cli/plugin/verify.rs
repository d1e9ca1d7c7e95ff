//! `ecert plugin verify`: whether a component is signed, without any host or
//! network.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::bundle;
use crate::cli::client::read;
use crate::cli::{Outcome, say};
use crate::contract::inspect;
use crate::trust::{Applicant, Held, PublicKey, Role, State, Verified, verify};

/// Verifies the signatures of a component: against public keys, or against
/// keys and rules as `ecert trust show --json` writes them.
#[derive(Debug, Args)]
pub(in crate::cli) struct Verify {
    /// The component.
    component: PathBuf,
    /// Signatures besides those in the file beside the component.
    #[arg(long = "signature")]
    signatures: Vec<PathBuf>,
    /// Public keys that may have signed; each that is given must have.
    #[arg(long = "key", required_unless_present = "trust", conflicts_with = "trust")]
    keys: Vec<PathBuf>,
    /// Keys and rules of a host.
    #[arg(long)]
    trust: Option<PathBuf>,
}

/// Verifies; the outcome is negative when the component is not trusted.
pub(super) fn run(arguments: &Verify) -> Result<Outcome> {
    let Verify { component, signatures, keys, trust } = arguments;
    let inspection = inspect(&read(component)?).with_context(|| component.display().to_string())?;
    let applicant = Applicant::from(&inspection);
    let envelopes = bundle::read(component, signatures)?;
    let release = &applicant.release;
    say(format_args!("{} {} (contract {})", release.name, release.version, release.contract));
    say(format_args!("  digest  {}", release.digest));
    if let Some(trust) = trust {
        let state = state(trust)?;
        let verified = match state.verify(&envelopes, &applicant) {
            Ok(verified) => verified,
            Err(error) => return Ok(refused(&error)),
        };
        let owner = |id| state.key(id).map_or("", |key| key.owner.as_str());
        let signers =
            verified.signatures.iter().map(|(key, role, _)| (format!("{} ({key})", owner(*key)), *role));
        shown(signers, &verified);
        let now = jiff::Timestamp::now();
        let held: Vec<Held> = verified
            .signatures
            .iter()
            .map(|(key, role, _)| Held { key: *key, role: *role, received: now })
            .collect();
        return Ok(match state.judge(&applicant, &held) {
            Ok(rule) => {
                say(format_args!("trusted by rule {}", rule.name));
                Outcome::Positive
            }
            Err(refusal) => refused(&refusal),
        });
    }
    let keys: Vec<PublicKey> = keys.iter().map(|file| public(file)).collect::<Result<_>>()?;
    let verified = match verify(&envelopes, release, &keys) {
        Ok(verified) => verified,
        Err(error) => return Ok(refused(&error)),
    };
    shown(verified.signatures.iter().map(|(key, role, _)| (key.to_string(), *role)), &verified);
    let unsigned =
        keys.iter().find(|key| !verified.signatures.iter().any(|(signer, ..)| *signer == key.id()));
    Ok(match unsigned {
        None => Outcome::Positive,
        Some(key) => refused(&format_args!("there is no signature by key {}", key.id())),
    })
}

fn shown(signers: impl Iterator<Item = (String, Role)>, verified: &Verified) {
    for (signer, role) in signers {
        say(format_args!("  signed  as {role} by {signer}"));
    }
    for unknown in &verified.unknown {
        say(format_args!("  passed over: a signature by key {}, which is not known", unknown.escape_debug()));
    }
}

fn refused(why: &dyn std::fmt::Display) -> Outcome {
    say(format_args!("not trusted: {why}"));
    Outcome::Negative
}

fn public(file: &Path) -> Result<PublicKey> {
    let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    PublicKey::from_pem(&pem).with_context(|| format!("cannot use {}", file.display()))
}

fn state(file: &Path) -> Result<State> {
    let text = read(file)?;
    serde_json::from_slice(&text)
        .with_context(|| format!("{} is not what `ecert trust show --json` writes", file.display()))
}
