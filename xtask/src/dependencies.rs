//! The dependency check: advisories, licences, bans and sources, after
//! `deny.toml` (in cargo-deny's own format, so that tool reads it too).
//!
//! Advisories come from the RustSec database: a full copy where
//! `ECERT_ADVISORY_DB` names one, else the project's own excerpt in
//! `advisories/`, which holds those that name a crate of `Cargo.lock`. The
//! excerpt is as good as its last review; its README says how to renew it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use rustsec::advisory::Informational;
use rustsec::report::Settings;
use rustsec::{Database, Lockfile, Report};
use serde::Deserialize;

use crate::{ask, cargo};

#[derive(Deserialize)]
struct Policy {
    advisories: Advisories,
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Advisories {
    ignore: Vec<Ignored>,
}

#[derive(Deserialize)]
struct Ignored {
    id: rustsec::advisory::Id,
    reason: String,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    name: String,
    reason: String,
    /// Packages that may use it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

/// Checks both workspaces; answers how many packages were looked at.
pub(crate) fn check(root: &Path) -> Result<usize> {
    let policy: Policy = toml::from_str(&std::fs::read_to_string(root.join("deny.toml"))?)?;
    let database =
        std::env::var_os("ECERT_ADVISORY_DB").map_or_else(|| root.join("advisories"), PathBuf::from);
    let database =
        Database::open(&database).with_context(|| format!("reading advisories in {}", database.display()))?;
    let mut complaints = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for workspace in [root.to_path_buf(), root.join("plugins")] {
        let lockfile = Lockfile::load(workspace.join("Cargo.lock"))?;
        advisories(&lockfile, &database, &policy, &mut complaints);
        let metadata = ask(cargo(&workspace).args(["metadata", "--format-version", "1", "--locked"]))?;
        let metadata: Metadata = serde_json::from_str(&metadata)?;
        for package in &metadata.packages {
            complaints.extend(complaint(package, &users(&package.name, &lockfile), &policy));
            seen.insert((package.name.clone(), package.version.clone()));
        }
    }
    ensure!(
        complaints.is_empty(),
        "the dependencies are not as deny.toml wants them:\n  {}",
        complaints.into_iter().collect::<Vec<_>>().join("\n  ")
    );
    Ok(seen.len())
}

/// The packages that use one directly.
fn users<'l>(name: &str, lockfile: &'l Lockfile) -> Vec<&'l str> {
    let uses = |package: &&rustsec::package::Package| {
        package.dependencies.iter().any(|dependency| dependency.name.as_str() == name)
    };
    lockfile.packages.iter().filter(uses).map(|package| package.name.as_str()).collect()
}

fn advisories(lockfile: &Lockfile, database: &Database, policy: &Policy, complaints: &mut BTreeSet<String>) {
    let settings = Settings {
        ignore: policy.advisories.ignore.iter().map(|ignored| ignored.id.clone()).collect(),
        informational_warnings: vec![Informational::Unsound, Informational::Unmaintained],
        ..Settings::default()
    };
    let report = Report::generate(database, lockfile, &settings);
    for found in &report.vulnerabilities.list {
        complaints.insert(format!(
            "{} {}: {} {}",
            found.package.name, found.package.version, found.advisory.id, found.advisory.title
        ));
    }
    for warning in report.warnings.values().flatten() {
        let id = warning.advisory.as_ref().map(|advisory| advisory.id.to_string()).unwrap_or_default();
        complaints.insert(format!(
            "{} {}: {} ({id})",
            warning.package.name,
            warning.package.version,
            warning.kind.as_str()
        ));
    }
}

/// What is wrong with one package: its licence, its name, or where it is from.
fn complaint(package: &Package, users: &[&str], policy: &Policy) -> Option<String> {
    let Package { name, version, license, source } = package;
    let banned = policy.bans.deny.iter().find(|banned| banned.name == *name);
    let wrapped = |banned: &Banned| users.iter().all(|user| banned.wrappers.iter().any(|w| w == user));
    if let Some(banned) = banned.filter(|banned| banned.wrappers.is_empty() || !wrapped(banned)) {
        return Some(format!("{name} {version}: banned, since {}", banned.reason));
    }
    if source.as_deref().is_some_and(|source| !source.starts_with("registry+")) {
        return Some(format!("{name} {version}: not from the registry"));
    }
    let Some(license) = license else {
        return Some(format!("{name} {version}: has no licence"));
    };
    // A slash between licences is the old way of writing OR.
    let expression = match spdx::Expression::parse_mode(license, spdx::ParseMode::LAX) {
        Ok(expression) => expression,
        Err(error) => return Some(format!("{name} {version}: licence `{license}` is not SPDX: {error}")),
    };
    let allowed = expression.evaluate(|required| policy.licenses.allow.contains(&required.to_string()));
    (!allowed).then(|| format!("{name} {version}: licence `{license}` is not allowed"))
}

impl Policy {
    #[cfg(test)]
    fn for_tests() -> Self {
        toml::from_str(
            "[advisories]\nignore = []\n[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ name = \"evil\", reason = \"x\", wrappers = [\"host\"] }]",
        )
        .unwrap()
    }
}

/// Says which advisories are set aside, and why.
pub(crate) fn ignored(root: &Path) -> Result<Vec<String>> {
    let policy: Policy = toml::from_str(&std::fs::read_to_string(root.join("deny.toml"))?)?;
    Ok(policy.advisories.ignore.iter().map(|i| format!("{}: {}", i.id, i.reason)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, license: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: source.map(Into::into),
        }
    }

    #[test]
    fn each_fault_is_named() {
        let policy = Policy::for_tests();
        let said = |p: Package| complaint(&p, &[], &policy);
        assert_eq!(said(package("good", Some("MIT OR Apache-2.0"), Some("registry+x"))), None);
        assert_eq!(said(package("old", Some("MIT/Apache-2.0"), None)), None);
        let used_by = |users: &[&str]| complaint(&package("evil", Some("MIT"), None), users, &policy);
        assert!(used_by(&["host", "other"]).unwrap().contains("banned"));
        assert_eq!(used_by(&["host"]), None);
        assert!(said(package("odd", Some("GPL-3.0-only"), None)).unwrap().contains("not allowed"));
        assert!(said(package("none", None, None)).unwrap().contains("no licence"));
        assert!(said(package("git", Some("MIT"), Some("git+https://x"))).unwrap().contains("registry"));
    }
}
