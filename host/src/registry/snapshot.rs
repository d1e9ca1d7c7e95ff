//! One state of the registry, and which versions it chooses.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ecert_model::manifest::{Kind, Scope};
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};

use crate::engine::Plugin;

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Published, and never used.
    Published,
    /// Runs on live traffic without effect.
    Shadow,
    /// Used for the decisions its activation is for.
    Active,
    /// No longer used.
    Retired,
    /// Taken out of service by the host, since it failed on cases of several
    /// submitters that the version before passes.
    SetAside,
}

/// As what a version serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Its findings count.
    Active,
    /// It runs beside the active version, without effect.
    Shadow,
}

/// A time for which a version serves.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// As what.
    pub mode: Mode,
    /// First decision date it is for; none stands for the beginning of time.
    pub from: Option<Date>,
    /// What it is for, within the scope of its manifest; empty for all of it.
    pub scope: Arc<[Scope]>,
    /// Instant from which it holds on all hosts, in microseconds since 1970.
    pub begins: i64,
    /// Instant from which it no longer holds.
    pub ends: Option<i64>,
}

impl Service {
    fn holds(&self, at: i64) -> bool {
        self.begins <= at && self.ends.is_none_or(|end| at < end)
    }
}

/// A published version of a plugin.
#[derive(Clone, Debug)]
pub struct Version {
    /// The plugin, ready to be called.
    pub plugin: Arc<Plugin>,
    /// Where it stands.
    pub state: State,
    /// What it serves as now, in the order in which that began.
    pub services: Vec<Service>,
    /// When it was published, in microseconds since 1970.
    pub published_at: i64,
    /// Who published it.
    pub published_by: String,
}

/// A version as it is known, whatever it serves as at the moment.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) plugin: Arc<Plugin>,
    /// All that it ever served as, or will.
    pub(super) services: Vec<Service>,
    /// Whether the last that happened to it was to be set aside.
    pub(super) set_aside: bool,
    pub(super) published_at: i64,
    pub(super) published_by: String,
}

impl Known {
    fn at(&self, at: i64) -> Version {
        let services: Vec<_> = self.services.iter().filter(|service| service.holds(at)).cloned().collect();
        let serves = |mode| services.iter().any(|service| service.mode == mode);
        let used = self.services.iter().any(|service| service.begins <= at);
        let state = if serves(Mode::Active) {
            State::Active
        } else if serves(Mode::Shadow) {
            State::Shadow
        } else if self.set_aside {
            State::SetAside
        } else if used {
            State::Retired
        } else {
            State::Published
        };
        Version {
            plugin: Arc::clone(&self.plugin),
            state,
            services,
            published_at: self.published_at,
            published_by: self.published_by.clone(),
        }
    }
}

/// A published version that this host cannot load.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unloadable {
    /// Name of the plugin.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its component.
    pub digest: String,
    /// Whether it should serve: then the host is not ready.
    pub active: bool,
    /// Why it cannot be loaded.
    pub reason: String,
}

/// A rule set that judges, and what it is activated for.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The rule set.
    pub plugin: Arc<Plugin>,
    /// What it is activated for; empty for all that its manifest names.
    pub scope: Arc<[Scope]>,
}

impl From<Arc<Plugin>> for InForce {
    fn from(plugin: Arc<Plugin>) -> Self {
        Self { plugin, scope: Arc::default() }
    }
}

/// One state of the registry.
#[derive(Debug, Default)]
pub struct Snapshot {
    generation: i64,
    known: Arc<[Known]>,
    unloadable: Arc<[Unloadable]>,
    versions: Vec<Version>,
    adapters: Arc<[Arc<Plugin>]>,
    shadows: Arc<[Arc<Plugin>]>,
    /// When the next change that is known already takes effect.
    until: Option<i64>,
}

impl Snapshot {
    pub(super) fn new(generation: i64, known: Arc<[Known]>, unloadable: Arc<[Unloadable]>, at: i64) -> Self {
        let versions: Vec<_> = known.iter().map(|known| known.at(at)).collect();
        let ends = |service: &Service| [Some(service.begins), service.ends];
        let until = known.iter().flat_map(|known| &known.services).flat_map(ends).flatten();
        let until = until.filter(|instant| *instant > at).min();
        let adapters = adapters(&versions);
        let shadows = serving(&versions, Kind::RuleSet, Mode::Shadow);
        let shadows = shadows.map(|(plugin, _)| Arc::clone(plugin)).collect();
        Self { generation, known, unloadable, versions, adapters, shadows, until }
    }

    /// The same knowledge at another instant.
    pub(super) fn at(&self, at: i64) -> Self {
        Self::new(self.generation, Arc::clone(&self.known), Arc::clone(&self.unloadable), at)
    }

    /// Until when this is how things are, if it is known to end.
    pub(super) fn until(&self) -> Option<i64> {
        self.until
    }

    /// Number of the state; a later one is higher.
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// All versions, by name, the oldest of a name first.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// What is published and cannot be loaded here.
    pub fn unloadable(&self) -> &[Unloadable] {
        &self.unloadable
    }

    /// One version.
    pub fn find(&self, name: &str, version: &str) -> Option<&Version> {
        self.versions.iter().find(|known| {
            let manifest = known.plugin.manifest();
            manifest.name == name && manifest.version == version
        })
    }

    /// The active adapters, one version of each. They serve whatever the date:
    /// a message is read when it comes.
    pub fn adapters(&self) -> Arc<[Arc<Plugin>]> {
        Arc::clone(&self.adapters)
    }

    /// The rule sets that run on live traffic without effect.
    pub fn shadows(&self) -> Arc<[Arc<Plugin>]> {
        Arc::clone(&self.shadows)
    }

    /// The rule sets for a decision date, in the order of their names. Of one
    /// name there may be several versions, the one to be preferred first: that
    /// whose activation applies from the latest date, and of those the latest
    /// activated. A version whose manifest says that it is not meant for the
    /// date is left out; so is one that another leaves nothing to.
    pub fn rule_sets(&self, decision: Date) -> Arc<[InForce]> {
        let meant = |plugin: &Plugin| {
            let manifest = plugin.manifest();
            manifest.valid_from.is_none_or(|from| from <= decision)
                && manifest.valid_until.is_none_or(|until| decision <= until)
        };
        let mut chosen: Vec<_> = serving(&self.versions, Kind::RuleSet, Mode::Active)
            .filter(|(plugin, service)| service.from.is_none_or(|from| from <= decision) && meant(plugin))
            .collect();
        // `None` sorts before every date.
        chosen.sort_by(|(a, of_a), (b, of_b)| {
            let names = a.manifest().name.cmp(&b.manifest().name);
            names.then_with(|| (of_b.from, of_b.begins).cmp(&(of_a.from, of_a.begins)))
        });
        let mut complete = HashSet::new();
        chosen.retain(|(plugin, service)| {
            let name = plugin.manifest().name.as_str();
            let wanted = !complete.contains(name);
            if service.scope.is_empty() {
                complete.insert(name);
            }
            wanted
        });
        let in_force = |(plugin, service): (&Arc<Plugin>, &Service)| InForce {
            plugin: Arc::clone(plugin),
            scope: Arc::clone(&service.scope),
        };
        chosen.into_iter().map(in_force).collect()
    }
}

/// The versions of a kind that serve in a mode.
fn serving(versions: &[Version], kind: Kind, mode: Mode) -> impl Iterator<Item = (&Arc<Plugin>, &Service)> {
    versions
        .iter()
        .filter(move |version| version.plugin.manifest().kind == kind)
        .flat_map(|version| version.services.iter().map(|service| (&version.plugin, service)))
        .filter(move |(_, service)| service.mode == mode)
}

/// Of each adapter the version that was activated last.
fn adapters(versions: &[Version]) -> Arc<[Arc<Plugin>]> {
    let mut latest: BTreeMap<&str, (i64, &Arc<Plugin>)> = BTreeMap::new();
    for (plugin, service) in serving(versions, Kind::FormatAdapter, Mode::Active) {
        let best = latest.entry(&plugin.manifest().name).or_insert((service.begins, plugin));
        if service.begins > best.0 {
            *best = (service.begins, plugin);
        }
    }
    latest.into_values().map(|(_, plugin)| Arc::clone(plugin)).collect()
}
