//! Plugins as the host knows them: how a core module becomes a component,
//! which versions there are, and which of them serves on which date.
//!
//! The database is the truth. What requests need of it stands ready in an
//! immutable [`Snapshot`], which is replaced as a whole: a request that began
//! with one snapshot ends with it, so an activation drops nothing.

mod assemble;
mod changes;
mod gate;
mod hosts;
mod records;
mod snapshot;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;

pub use assemble::{AssembleError, assemble, encode, seal};
pub use changes::{Change, ChangeKind, Extent};
pub use gate::Candidate;
pub use hosts::Host;
pub use snapshot::{InForce, Mode, Service, Snapshot, State, Unloadable, Version};

use crate::access::Principal;
use crate::contract::MalformedComponent;
use crate::digest::Digest;
use crate::engine::{Engine, Failure, LoadError, Plugin};
use crate::fixtures::FixtureError;
use crate::store::{Store, StoreError, Transaction, new_id, now};
use changes::Entry;
use records::Record;

/// How often a host looks whether another changed the registry.
const POLL: Duration = Duration::from_millis(250);
/// For how long a host trusts what it saw last. One that could not look for
/// longer has to look before it judges.
const TRUSTED: Duration = Duration::from_millis(400);
/// Changes that a slow listener may be behind.
const BACKLOG: usize = 1_024;

/// Why the registry did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The component cannot be taken.
    #[error("the component cannot be taken: {0}")]
    Refused(#[from] LoadError),
    /// `describe` failed in the sandbox.
    #[error("`describe` failed: {0}")]
    Describe(Failure),
    /// The manifest's section and `describe` differ.
    #[error("`describe` gives another manifest than the section `ecert:manifest` holds: build it again")]
    OtherManifest,
    /// It does not pass its own fixtures.
    #[error("the component does not prove itself: {0}")]
    Fixtures(#[from] FixtureError),
    /// This version was published with another content.
    #[error("{name} {version} is published already, with digest {published}: give the new one a new version")]
    Taken {
        /// Name of the plugin.
        name: String,
        /// Its version.
        version: String,
        /// Digest of what was published.
        published: Digest,
    },
    /// No such version.
    #[error("there is no {name} {version}")]
    Unknown {
        /// Name that was given.
        name: String,
        /// Version that was given.
        version: String,
    },
    /// A lower version than the one that serves, without saying so.
    #[error(
        "{name} {active} serves and {version} is older: roll back, or say that the downgrade is meant, and why"
    )]
    Downgrade {
        /// Name of the plugin.
        name: String,
        /// The version that was asked for.
        version: String,
        /// The version that serves.
        active: String,
    },
    /// It cannot be done; the text says what can.
    #[error("{0}")]
    Invalid(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<MalformedComponent> for RegistryError {
    fn from(error: MalformedComponent) -> Self {
        Self::Refused(error.into())
    }
}

/// Who changes something, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Who.
    pub principal: Principal,
    /// From where, as the audit trail names it.
    pub source: String,
}

/// What is to be activated, and for what.
#[derive(Clone, Debug, Default)]
pub struct Activation {
    /// For which decisions.
    pub extent: Extent,
    /// Whether it may be an older version than the one that serves.
    pub downgrade: bool,
    /// Why, for the record.
    pub why: String,
}

/// The plugins of a host.
pub struct Registry {
    engine: Engine,
    store: Store,
    /// This host, as other hosts know it.
    host: String,
    current: RwLock<Arc<Snapshot>>,
    /// When the database was last seen to say what `current` does.
    checked: Mutex<Instant>,
    /// Every component that was loaded, so that none is loaded twice.
    loaded: Mutex<HashMap<Digest, Arc<Plugin>>>,
    /// Gone when the host stops: listeners then know that nothing comes any more.
    changes: RwLock<Option<broadcast::Sender<Change>>>,
    /// Number of the last change that listeners were told of.
    told: Mutex<i64>,
}

impl Registry {
    /// Loads all published versions. From then on, changes by other hosts are
    /// taken over within `POLL`.
    pub fn open(engine: Engine, store: Store) -> Result<Arc<Self>, RegistryError> {
        let told = store.read(|transaction| records::generation(transaction))?;
        let registry = Arc::new(Self {
            engine,
            store,
            host: new_id(),
            current: RwLock::new(Arc::new(Snapshot::default())),
            checked: Mutex::new(Instant::now()),
            loaded: Mutex::default(),
            changes: RwLock::new(Some(broadcast::channel(BACKLOG).0)),
            told: Mutex::new(told),
        });
        registry.reload()?;
        registry.beat();
        let watched = Arc::downgrade(&registry);
        let watch = move || {
            let mut beaten = Instant::now();
            while let Some(registry) = watched.upgrade() {
                let news = registry.follow();
                if news || beaten.elapsed() > hosts::HEARTBEAT {
                    beaten = Instant::now();
                    registry.beat();
                }
                drop(registry);
                std::thread::sleep(POLL);
            }
        };
        let spawned = std::thread::Builder::new().name("registry".into()).spawn(watch);
        spawned.map_err(|error| StoreError::Value(format!("no thread to watch the registry: {error}")))?;
        Ok(registry)
    }

    /// The versions as they are now, as far as this host knows. Never waits.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let current = Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        match current.until() {
            Some(until) if until <= now() => self.turn(&current),
            _ => current,
        }
    }

    /// The versions as they are now. A host that could not look for a while
    /// looks first: another may have changed them meanwhile.
    pub fn fresh(&self) -> Arc<Snapshot> {
        let age = self.checked.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        if age > TRUSTED && self.store.is_shared() {
            self.follow();
        }
        self.snapshot()
    }

    /// Changes, as they are stored, by this host or another.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        let changes = self.changes.read().unwrap_or_else(PoisonError::into_inner);
        changes.as_ref().map_or_else(|| broadcast::channel(1).1, broadcast::Sender::subscribe)
    }

    /// Ends what listeners hear, so that nobody waits for a host that stops.
    pub fn stop_telling(&self) {
        *self.changes.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Takes a component into the registry if it passes the gate. Publishing
    /// the same component again changes nothing.
    pub fn publish(&self, candidate: Candidate<'_>, by: &Actor) -> Result<Version, RegistryError> {
        let plugin = self.admit(candidate)?;
        let record = Record {
            name: plugin.manifest().name.clone(),
            version: plugin.manifest().version.clone(),
            digest: plugin.digest(),
        };
        let (component, by) = (candidate.component.to_vec(), by.clone());
        let stored = record.clone();
        self.store.write(move |transaction| records::publish(transaction, &stored, &component, &by))?;
        self.reload()?;
        self.beat();
        self.find(&record.name, &record.version)
    }

    /// Makes a version the active one for decisions from a date on, or for all
    /// decisions, and for a scope or for all. What was active for the same
    /// from that date on or later comes to an end.
    pub fn activate(
        &self,
        name: &str,
        version: &str,
        activation: &Activation,
        by: &Actor,
    ) -> Result<Version, RegistryError> {
        let found = self.find(name, version)?;
        let Activation { extent, downgrade, why } = activation;
        if found.plugin.manifest().kind == ecert_model::manifest::Kind::FormatAdapter
            && *extent != Extent::default()
        {
            return Err(RegistryError::Invalid(
                "an adapter reads messages when they come: it is activated without date and scope".into(),
            ));
        }
        if !downgrade && let Some(active) = self.newer(&found) {
            let (name, version) = (name.into(), version.into());
            return Err(RegistryError::Downgrade { name, version, active });
        }
        self.change(changes::activate, ChangeKind::Activated, &found, extent, why, by)
    }

    /// Has a version run on live traffic beside the active one, without effect.
    pub fn shadow(&self, name: &str, version: &str, why: &str, by: &Actor) -> Result<Version, RegistryError> {
        let found = self.find(name, version)?;
        if found.plugin.manifest().kind == ecert_model::manifest::Kind::FormatAdapter {
            return Err(RegistryError::Invalid(
                "only rule sets run in shadow; compare adapters with `ecert plugin diff`".into(),
            ));
        }
        self.change(changes::shadow, ChangeKind::Shadowed, &found, &Extent::default(), why, by)
    }

    /// Takes a version out of service.
    pub fn retire(&self, name: &str, version: &str, why: &str, by: &Actor) -> Result<Version, RegistryError> {
        let found = self.find(name, version)?;
        self.change(changes::retire, ChangeKind::Retired, &found, &Extent::default(), why, by)
    }

    /// Takes the last activation or retirement of a plugin back: what it ended
    /// serves again. Done again, it goes back one change further. Gives the
    /// versions that serve then.
    pub fn rollback(&self, name: &str, why: &str, by: &Actor) -> Result<Vec<Version>, RegistryError> {
        if !self.snapshot().versions().iter().any(|version| version.plugin.manifest().name == name) {
            return Err(RegistryError::Unknown { name: name.into(), version: "in any version".into() });
        }
        let lead = self.agree(None)?;
        let (owned, why, by) = (name.to_owned(), why.to_owned(), by.clone());
        let effect = self.store.write(move |transaction| {
            transaction.lock(&[records::SUBJECT])?;
            let Some((undone, version)) = changes::last(transaction, &owned)? else {
                return Err(RegistryError::Invalid(format!("{owned} was never activated")));
            };
            let effect = now() + lead;
            let entry = Entry {
                name: &owned,
                version: &version,
                kind: ChangeKind::RolledBack,
                extent: &Extent::default(),
                why: &why,
                by: &by,
                effect,
            };
            changes::undo(transaction, undone, &entry)?;
            Ok(effect)
        })?;
        self.settle(effect)?;
        let snapshot = self.snapshot();
        let serving = snapshot
            .versions()
            .iter()
            .filter(|version| version.plugin.manifest().name == name && version.state == State::Active);
        Ok(serving.cloned().collect())
    }

    /// The version that served before one that serves now, if the activation
    /// of that one ended it.
    pub fn predecessor(&self, name: &str, version: &str) -> Result<Option<Version>, RegistryError> {
        let before = self.store.read(|transaction| -> Result<_, StoreError> {
            Ok(match changes::activation(transaction, name, version)? {
                Some(change) => changes::before(transaction, change)?.into_iter().next(),
                None => None,
            })
        })?;
        Ok(before.and_then(|before| self.snapshot().find(name, &before).cloned()))
    }

    /// Takes a version out of service that cannot be trusted any more; what it
    /// replaced serves again. Says whether it did: another host may have done
    /// so before.
    pub fn set_aside(&self, name: &str, version: &str, why: &str, by: &Actor) -> Result<bool, RegistryError> {
        let lead = self.agree(None)?;
        let (name, version, why, by) = (name.to_owned(), version.to_owned(), why.to_owned(), by.clone());
        let effect = self.store.write(move |transaction| {
            transaction.lock(&[records::SUBJECT])?;
            let Some(undone) = changes::activation(transaction, &name, &version)? else {
                return Ok(None);
            };
            let effect = now() + lead;
            let entry = Entry {
                name: &name,
                version: &version,
                kind: ChangeKind::SetAside,
                extent: &Extent::default(),
                why: &why,
                by: &by,
                effect,
            };
            changes::undo(transaction, undone, &entry)?;
            Ok::<_, RegistryError>(Some(effect))
        })?;
        effect.map(|effect| self.settle(effect)).transpose().map(|settled| settled.is_some())
    }

    /// What became of a plugin, or of all, after a change; oldest first.
    pub fn history(&self, name: Option<&str>, after: i64) -> Result<Vec<Change>, StoreError> {
        self.store.read(|transaction| changes::since(transaction, name, after))
    }

    /// The hosts on this database that are there; none but this one for a
    /// database that only one can use.
    pub fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.store.read(|transaction| hosts::alive(transaction))
    }

    /// One version.
    pub fn find(&self, name: &str, version: &str) -> Result<Version, RegistryError> {
        let unknown = || RegistryError::Unknown { name: name.into(), version: version.into() };
        self.snapshot().find(name, version).cloned().ok_or_else(unknown)
    }

    /// The plugin of a component that was ever published.
    pub fn by_digest(&self, digest: Digest) -> Result<Option<Arc<Plugin>>, RegistryError> {
        if let Some(plugin) = self.loaded().get(&digest) {
            return Ok(Some(Arc::clone(plugin)));
        }
        let component = self.store.read(|transaction| records::component(transaction, digest))?;
        component.map(|component| self.load(&component)).transpose()
    }

    /// The component of a digest that was published.
    pub fn component(&self, digest: Digest) -> Result<Vec<u8>, RegistryError> {
        let component = self.store.read(|transaction| records::component(transaction, digest))?;
        component.ok_or_else(|| RegistryError::Invalid(format!("the component {digest} is not kept")))
    }

    /// The version in service that is newer than one, if there is.
    fn newer(&self, than: &Version) -> Option<String> {
        let of = |plugin: &Plugin| semver::Version::parse(&plugin.manifest().version).ok();
        let wanted = of(&than.plugin)?;
        let snapshot = self.snapshot();
        let active = snapshot.versions().iter().filter(|version| {
            version.state == State::Active && version.plugin.manifest().name == than.plugin.manifest().name
        });
        let newest = active.filter_map(|version| of(&version.plugin)).max()?;
        (newest > wanted).then(|| newest.to_string())
    }

    /// Makes a change to a version, at an instant that all hosts agree on, and
    /// waits until it holds.
    fn change(
        &self,
        make: fn(&mut dyn Transaction, &Entry<'_>) -> Result<i64, RegistryError>,
        kind: ChangeKind,
        of: &Version,
        extent: &Extent,
        why: &str,
        by: &Actor,
    ) -> Result<Version, RegistryError> {
        let manifest = Arc::clone(of.plugin.manifest());
        let lead = self.agree(Some(of.plugin.digest()))?;
        let (extent, why, by, changed) = (extent.clone(), why.to_owned(), by.clone(), Arc::clone(&manifest));
        let effect = self.store.write(move |transaction| {
            let effect = now() + lead;
            let entry = Entry {
                name: &changed.name,
                version: &changed.version,
                kind,
                extent: &extent,
                why: &why,
                by: &by,
                effect,
            };
            make(transaction, &entry)?;
            Ok::<_, RegistryError>(effect)
        })?;
        self.settle(effect)?;
        self.find(&manifest.name, &manifest.version)
    }

    /// Takes over a change of this host's own and waits until it holds.
    fn settle(&self, effect: i64) -> Result<(), RegistryError> {
        self.reload()?;
        let left = u64::try_from(effect - now()).unwrap_or_default();
        std::thread::sleep(Duration::from_micros(left));
        Ok(())
    }

    /// The plugin of a component that passed the gate once.
    pub fn plugin_of(&self, component: &[u8]) -> Result<Arc<Plugin>, RegistryError> {
        self.load(component)
    }

    fn load(&self, component: &[u8]) -> Result<Arc<Plugin>, RegistryError> {
        let digest = Digest::of(component);
        if let Some(plugin) = self.loaded().get(&digest) {
            return Ok(Arc::clone(plugin));
        }
        // Compiling takes long: the map stays open to others meanwhile.
        let plugin = Arc::new(self.engine.load(component)?);
        self.loaded().insert(digest, Arc::clone(&plugin));
        Ok(plugin)
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Arc<Plugin>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over what the database says.
    fn reload(&self) -> Result<(), RegistryError> {
        let begun = Instant::now();
        let state = self.store.read(|transaction| records::read(transaction))?;
        let mut known = Vec::with_capacity(state.versions.len());
        let mut unloadable = Vec::new();
        for stored in state.versions {
            match self.by_digest(stored.record.digest) {
                Ok(Some(plugin)) => known.push(stored.with(plugin)),
                Ok(None) => return Err(StoreError::Value("a version has no component".into()).into()),
                // One plugin that this host cannot load (built for a contract
                // it no longer speaks, say) must not keep it from serving with
                // the others.
                Err(RegistryError::Refused(error)) => {
                    let Record { name, version, .. } = &stored.record;
                    tracing::error!(%name, %version, %error, "published plugin cannot be loaded");
                    metrics::counter!("ecert_plugin_load_failures_total").increment(1);
                    unloadable.push(stored.without(&error));
                }
                Err(error) => return Err(error),
            }
        }
        let snapshot = Snapshot::new(state.generation, known.into(), unloadable.into(), now());
        {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            // Two reloads may overtake each other; the newer state stays.
            if snapshot.generation() >= current.generation() {
                *current = Arc::new(snapshot);
            }
        }
        self.seen(begun);
        self.tell()?;
        Ok(())
    }

    /// Makes a change that was known beforehand, when its instant has come.
    fn turn(&self, before: &Snapshot) -> Arc<Snapshot> {
        let turned = Arc::new(before.at(now()));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if turned.generation() >= current.generation() {
            *current = Arc::clone(&turned);
            return turned;
        }
        Arc::clone(&current)
    }

    fn seen(&self, at: Instant) {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        *checked = at.max(*checked);
    }

    /// Tells listeners of the changes since they were told last.
    fn tell(&self) -> Result<(), StoreError> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        for change in self.history(None, *told)? {
            *told = change.number;
            tracing::info!(
                plugin = %change.name, version = %change.version, by = %change.by, why = %change.why,
                "plugin {}", change.kind.name()
            );
            if let Some(changes) = &*self.changes.read().unwrap_or_else(PoisonError::into_inner) {
                // Nobody has to listen.
                let _ = changes.send(change);
            }
        }
        Ok(())
    }

    /// Takes over what another host changed, and says whether there was
    /// anything.
    fn follow(&self) -> bool {
        let begun = Instant::now();
        let known = self.snapshot().generation();
        let result =
            self.store.read(|transaction| records::generation(transaction)).map_err(RegistryError::from);
        let result = result.and_then(|number| {
            if number == known {
                self.seen(begun);
                return Ok(false);
            }
            self.reload().map(|()| true)
        });
        result.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot see whether another host changed the registry");
            false
        })
    }

    /// Says to other hosts that this one is there.
    fn beat(&self) {
        if !self.store.is_shared() {
            return;
        }
        let snapshot = self.snapshot();
        let host = Host {
            id: self.host.clone(),
            name: hosts::own_name(),
            seen_at: now(),
            generation: snapshot.generation(),
            unloadable: snapshot.unloadable().iter().map(|plugin| plugin.digest.clone()).collect(),
        };
        if let Err(error) = self.store.write(move |transaction| hosts::beat(transaction, &host)) {
            tracing::warn!(%error, "cannot say to other hosts that this one is there");
        }
    }
}
