//! `ecert plugin push`, `pull`, `save` and `load`: passing plugins on, with
//! their signatures.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;

use super::bundle;
use crate::cli::client::read;
use crate::cli::{Outcome, say};
use crate::contract::inspect;
use crate::oci::{self, Address, Credentials, Fetched, Packed, Registry, Transport};

/// How to talk to a registry.
#[derive(Debug, Args)]
pub(in crate::cli) struct Access {
    /// User at the registry.
    #[arg(long, env = "ECERT_REGISTRY_USER", requires = "password_file")]
    username: Option<String>,
    /// File that holds the user's password.
    #[arg(long, env = "ECERT_REGISTRY_PASSWORD_FILE", requires = "username")]
    password_file: Option<PathBuf>,
    /// File of certificates (PEM) by which the registry is trusted, besides the
    /// usual ones.
    #[arg(long, env = "ECERT_REGISTRY_CA_FILE")]
    registry_ca_file: Option<PathBuf>,
    /// Speaks to the registry without TLS: one on this machine, say.
    #[arg(long)]
    plain_http: bool,
}

/// Pushes a component and its signatures to a registry, and prints the
/// reference that is pinned to it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Push {
    /// The component.
    component: PathBuf,
    /// Where to, as `oci://registry/repository:tag`.
    to: String,
    #[command(flatten)]
    access: Access,
}

/// Pulls a component and its signatures from a registry, and prints the
/// reference that is pinned to it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Pull {
    /// From where, as `oci://registry/repository:tag` or pinned by `@sha256:…`.
    from: String,
    /// Folder that they are written to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    access: Access,
}

/// Saves a component and its signatures in one tar file (OCI's image layout),
/// for a host that no network reaches.
#[derive(Debug, Args)]
pub(in crate::cli) struct Save {
    /// The component.
    component: PathBuf,
    /// The file; NAME-VERSION.tar unless given.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// Takes a component and its signatures out of such a file; every digest is
/// verified.
#[derive(Debug, Args)]
pub(in crate::cli) struct Load {
    /// The file.
    archive: PathBuf,
    /// Folder that they are written to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

impl Access {
    fn registry(&self) -> Result<Registry> {
        let credentials = match (&self.username, &self.password_file) {
            (Some(user), Some(file)) => {
                let password = std::fs::read_to_string(file);
                let password = password.with_context(|| format!("cannot read {}", file.display()))?;
                Credentials::Password(user.clone(), password.trim_end_matches(['\r', '\n']).to_owned())
            }
            _ => Credentials::Anonymous,
        };
        let transport = match &self.registry_ca_file {
            _ if self.plain_http => Transport::Plain,
            Some(file) => Transport::Tls(read(file)?),
            None => Transport::Tls(Vec::new()),
        };
        Ok(Registry::new(credentials, transport)?)
    }

    /// Fetches a component and its signatures.
    pub(in crate::cli) fn fetch(&self, from: &str) -> Result<Fetched> {
        let from: Address = from.parse()?;
        let registry = self.registry()?;
        wait(registry.pull(&from))
    }
}

/// Waits for the registry.
fn wait<T>(work: impl Future<Output = Result<T, oci::OciError>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(work)?)
}

pub(super) fn push(arguments: &Push) -> Result<Outcome> {
    let Push { component, to, access } = arguments;
    let to: Address = to.parse()?;
    let (packed, signatures) = pack(component)?;
    let registry = access.registry()?;
    let manifest = wait(registry.push(&to, &packed))?;
    say(format_args!("{}: pushed, {signatures} signatures", component.display()));
    say(to.pinned(manifest));
    Ok(Outcome::Positive)
}

pub(super) fn pull(arguments: &Pull) -> Result<Outcome> {
    let Pull { from, out, access } = arguments;
    let fetched = access.fetch(from)?;
    let manifest = fetched.manifest;
    write(fetched, out)?;
    say(from.parse::<Address>()?.pinned(manifest));
    Ok(Outcome::Positive)
}

pub(super) fn save(arguments: &Save) -> Result<Outcome> {
    let Save { component, out } = arguments;
    let inspection = inspect(&read(component)?).with_context(|| component.display().to_string())?;
    let (packed, signatures) = pack(component)?;
    let usual = || format!("{}-{}.tar", inspection.manifest.name, inspection.manifest.version).into();
    let path = out.clone().unwrap_or_else(usual);
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    oci::save(&packed, file).with_context(|| format!("cannot write {}", path.display()))?;
    say(format_args!("{}: saved, {signatures} signatures", path.display()));
    Ok(Outcome::Positive)
}

pub(super) fn load(arguments: &Load) -> Result<Outcome> {
    let Load { archive, out } = arguments;
    let file = File::open(archive).with_context(|| format!("cannot read {}", archive.display()))?;
    let fetched = oci::load(std::io::BufReader::new(file))
        .with_context(|| format!("{} cannot be used", archive.display()))?;
    write(fetched, out)?;
    Ok(Outcome::Positive)
}

/// A component file with the signatures beside it, and how many those are.
fn pack(component: &Path) -> Result<(Packed, usize)> {
    let bytes = read(component)?;
    let inspection = inspect(&bytes).with_context(|| component.display().to_string())?;
    let signatures = bundle::read(component, &[])?;
    Ok((oci::pack(bytes, &inspection, &signatures)?, signatures.len()))
}

/// Writes what was fetched as a component with its signatures beside it.
fn write(fetched: Fetched, folder: &Path) -> Result<()> {
    let Fetched { component, signatures, .. } = fetched;
    let inspection = inspect(&component)?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{}.component.wasm", inspection.manifest.name));
    let same = std::fs::read(&path).map_or(true, |there| there == component);
    ensure!(same, "{} is there with another content: give another --out", path.display());
    std::fs::write(&path, component).with_context(|| format!("cannot write {}", path.display()))?;
    let beside = bundle::write(&path, &signatures)?;
    say(format_args!("{} {}", inspection.manifest.name, inspection.manifest.version));
    say(format_args!("  digest      {}", inspection.digest));
    say(format_args!("  component   {}", path.display()));
    say(format_args!("  signatures  {} in {}", signatures.len(), beside.display()));
    Ok(())
}
