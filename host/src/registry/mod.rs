//! Plugins as the host knows them: how a core module becomes a component,
//! which versions there are, and which of them serves on which date.
//!
//! The database is the truth. What requests need of it stands ready in an
//! immutable [`Snapshot`], which is replaced as a whole: a request that began
//! with one snapshot ends with it, so an activation drops nothing.

mod assemble;
mod changes;
mod failures;
mod gate;
mod hosts;
mod lifecycle;
mod records;
mod snapshot;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;

pub use assemble::{AssembleError, assemble, encode, seal};
pub use changes::{Change, ChangeKind, Extent};
pub(crate) use failures::first_failures;
pub use failures::note_failure;
pub use gate::Candidate;
pub use hosts::Host;
pub use lifecycle::Activation;
pub use snapshot::{InForce, Mode, Service, Snapshot, State, Unloadable, Version};

use crate::access::Principal;
use crate::contract::MalformedComponent;
use crate::digest::Digest;
use crate::engine::{Engine, Failure, LoadError, Plugin};
use crate::fixtures::FixtureError;
use crate::store::{Store, StoreError, new_id, now};
use crate::trust::{self, Applicant, By, TrustError};
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
    /// It is not trusted.
    #[error(transparent)]
    Trust(#[from] TrustError),
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

impl Actor {
    fn by(&self) -> By<'_> {
        By { principal: &self.principal, source: &self.source }
    }
}

/// The plugins of a host.
pub struct Registry {
    engine: Engine,
    store: Store,
    /// This host, as other hosts know it.
    host: String,
    current: RwLock<Arc<Snapshot>>,
    /// Held while a host by itself makes a change.
    changing: RwLock<()>,
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
            changing: RwLock::new(()),
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
        drop(self.changing.read().unwrap_or_else(PoisonError::into_inner));
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
        let applicant = Applicant::from(plugin.inspection());
        let (component, by) = (candidate.component.to_vec(), by.clone());
        let (signatures, downgrade) = (candidate.signatures.to_vec(), candidate.downgrade.map(str::to_owned));
        let stored = record.clone();
        self.store.write(move |transaction| -> Result<(), RegistryError> {
            records::publish(transaction, &stored, &component, &by)?;
            Ok(trust::admit(transaction, &applicant, &signatures, downgrade.as_deref(), by.by())?)
        })?;
        self.reload()?;
        self.beat();
        self.find(&record.name, &record.version)
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
        // Two hundred of them are loaded at a start: without their components,
        // unless this host has not compiled them yet.
        let plugin = match self.engine.load_compiled(digest)? {
            Some(plugin) => plugin,
            None => {
                let component = self.store.read(|transaction| records::component(transaction, digest))?;
                let Some(component) = component else { return Ok(None) };
                self.engine.load(&component)?
            }
        };
        if plugin.digest() != digest {
            return Err(records::damaged(digest).into());
        }
        let plugin = Arc::new(plugin);
        Ok(Some(Arc::clone(self.loaded().entry(digest).or_insert(plugin))))
    }

    /// The component of a digest that was published.
    pub fn component(&self, digest: Digest) -> Result<Vec<u8>, RegistryError> {
        let component = self.store.read(|transaction| records::component(transaction, digest))?;
        match component {
            Some(component) if Digest::of(&component) == digest => Ok(component),
            Some(_) => Err(records::damaged(digest).into()),
            None => Err(RegistryError::Invalid(format!("the component {digest} is not kept"))),
        }
    }

    /// The plugin of a component that passed the gate once.
    pub(crate) fn load(&self, component: &[u8]) -> Result<Arc<Plugin>, RegistryError> {
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
        self.preload(&state.versions);
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

    /// Loads what is not loaded yet, on all processors. What cannot be loaded is
    /// met again by whoever needs it.
    fn preload(&self, versions: &[records::Stored]) {
        let missing: Vec<Digest> = {
            let loaded = self.loaded();
            let digests = versions.iter().map(|stored| stored.record.digest);
            digests.filter(|digest| !loaded.contains_key(digest)).collect()
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        if missing.len() < 2 || threads < 2 {
            return;
        }
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(digest) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
                        drop(self.by_digest(*digest));
                    }
                });
            }
        });
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
            clock_behind: 0,
        };
        match self.store.write(move |transaction| hosts::beat(transaction, &host)) {
            Ok(behind) => metrics::gauge!("ecert_clock_behind_database_seconds").set(behind as f64 / 1e6),
            Err(error) => tracing::warn!(%error, "cannot say to other hosts that this one is there"),
        }
    }
}
