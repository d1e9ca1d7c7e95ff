//! One state of the registry, and which versions it chooses.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::manifest::Kind;
use ecert_model::values::Date;
use serde::Serialize;

use crate::engine::Plugin;

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Published, and never used.
    Published,
    /// Used for the decisions its activation is for.
    Active,
    /// No longer used.
    Retired,
}

/// A published version of a plugin.
#[derive(Clone, Debug)]
pub struct Version {
    /// The plugin, ready to be called.
    pub plugin: Arc<Plugin>,
    /// Where it stands.
    pub state: State,
    /// First decision dates of its activations; none stands for the beginning
    /// of time.
    pub active_from: Vec<Option<Date>>,
    /// When it was published, in microseconds since 1970.
    pub published_at: i64,
    /// Who published it.
    pub published_by: String,
}

/// A published version that this host cannot load.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unloadable {
    /// Name of the plugin.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether it should serve: then the host is not ready.
    pub active: bool,
    /// Why it cannot be loaded.
    pub reason: String,
}

/// One state of the registry.
#[derive(Debug, Default)]
pub struct Snapshot {
    generation: i64,
    versions: Vec<Version>,
    unloadable: Vec<Unloadable>,
    adapters: Arc<[Arc<Plugin>]>,
}

impl Snapshot {
    pub(super) fn new(generation: i64, versions: Vec<Version>, unloadable: Vec<Unloadable>) -> Self {
        let mut snapshot = Self { generation, versions, unloadable, adapters: Arc::default() };
        snapshot.adapters = snapshot.chosen(Kind::FormatAdapter, None).into();
        snapshot
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

    /// The rule sets for a decision date: of each, the version whose
    /// activation began last by then, unless its manifest says that it is not
    /// meant for the date.
    pub fn rule_sets(&self, decision: Date) -> Arc<[Arc<Plugin>]> {
        self.chosen(Kind::RuleSet, Some(decision)).into()
    }

    /// Of each plugin the version whose activation began last, by a date if
    /// one is given.
    fn chosen(&self, kind: Kind, date: Option<Date>) -> Vec<Arc<Plugin>> {
        let mut by_name: BTreeMap<&str, (Option<Date>, &Arc<Plugin>)> = BTreeMap::new();
        for version in self.versions.iter().filter(|version| version.plugin.manifest().kind == kind) {
            let manifest = version.plugin.manifest();
            let meant = date.is_none_or(|date| {
                manifest.valid_from.is_none_or(|from| from <= date)
                    && manifest.valid_until.is_none_or(|until| date <= until)
            });
            let begun = |from: &&Option<Date>| date.is_none_or(|date| from.is_none_or(|from| from <= date));
            // `None` sorts before every date.
            let Some(from) = version.active_from.iter().filter(begun).max().filter(|_| meant) else {
                continue;
            };
            let best = by_name.entry(&manifest.name).or_insert((*from, &version.plugin));
            if *from > best.0 {
                *best = (*from, &version.plugin);
            }
        }
        by_name.into_values().map(|(_, plugin)| Arc::clone(plugin)).collect()
    }
}
