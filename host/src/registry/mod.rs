//! Plugins as the host knows them: how a core module becomes a component,
//! which versions there are, and which of them serves on which date.
//!
//! The database is the truth. What requests need of it stands ready in an
//! immutable [`Snapshot`], which is replaced as a whole: a request that began
//! with one snapshot ends with it, so an activation drops nothing.

mod assemble;
mod records;
mod snapshot;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use ecert_model::values::Date;

pub use assemble::{AssembleError, assemble, encode, seal};
pub use snapshot::{Snapshot, State, Unloadable, Version};

use crate::access::Principal;
use crate::contract::MalformedComponent;
use crate::digest::Digest;
use crate::engine::{Engine, Failure, LoadError, Plugin};
use crate::store::{Store, StoreError};
use records::Record;

/// How often a host looks whether another changed the registry.
const POLL: Duration = Duration::from_millis(250);

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

/// The plugins of a host.
pub struct Registry {
    engine: Engine,
    store: Store,
    current: RwLock<Arc<Snapshot>>,
    /// Every component that was loaded, so that none is loaded twice.
    loaded: Mutex<HashMap<Digest, Arc<Plugin>>>,
}

impl Registry {
    /// Loads all published versions. From then on, changes by other hosts are
    /// taken over within `POLL`.
    pub fn open(engine: Engine, store: Store) -> Result<Arc<Self>, RegistryError> {
        let registry = Arc::new(Self {
            engine,
            store,
            current: RwLock::new(Arc::new(Snapshot::default())),
            loaded: Mutex::default(),
        });
        registry.reload()?;
        let watched = Arc::downgrade(&registry);
        let watch = move || {
            while let Some(registry) = watched.upgrade() {
                registry.follow();
                drop(registry);
                std::thread::sleep(POLL);
            }
        };
        let spawned = std::thread::Builder::new().name("registry".into()).spawn(watch);
        spawned.map_err(|error| StoreError::Value(format!("no thread to watch the registry: {error}")))?;
        Ok(registry)
    }

    /// The versions as they are now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a component into the registry, after a gate: size, contract,
    /// imports, types, and a manifest that equals what `describe` answers in
    /// the sandbox. Publishing the same component again changes nothing.
    pub fn publish(&self, component: &[u8], by: &Actor) -> Result<Version, RegistryError> {
        let plugin = self.load(component)?;
        let described = self.engine.describe(&plugin).map_err(RegistryError::Describe)?;
        if described.output != plugin.inspection().manifest_text {
            return Err(RegistryError::OtherManifest);
        }
        let record = Record {
            name: plugin.manifest().name.clone(),
            version: plugin.manifest().version.clone(),
            digest: plugin.digest(),
        };
        let (component, by) = (component.to_vec(), by.clone());
        let stored = record.clone();
        self.store.write(move |transaction| records::publish(transaction, &stored, &component, &by))?;
        self.reload()?;
        self.find(&record.name, &record.version)
    }

    /// Makes a version the active one for decisions from a date on, or for all
    /// decisions. Activations from that date on or later come to an end, so
    /// going back to an older version is activating it.
    pub fn activate(
        &self,
        name: &str,
        version: &str,
        from: Option<Date>,
        why: &str,
        by: &Actor,
    ) -> Result<Version, RegistryError> {
        let (wanted, why, actor) = ((name.to_owned(), version.to_owned()), why.to_owned(), by.clone());
        self.store.write(move |transaction| {
            records::activate(transaction, (&wanted.0, &wanted.1), from, &why, &actor)
        })?;
        self.reload()?;
        self.find(name, version)
    }

    /// Takes a version out of service.
    pub fn retire(&self, name: &str, version: &str, why: &str, by: &Actor) -> Result<Version, RegistryError> {
        let (wanted, why, actor) = ((name.to_owned(), version.to_owned()), why.to_owned(), by.clone());
        self.store
            .write(move |transaction| records::retire(transaction, (&wanted.0, &wanted.1), &why, &actor))?;
        self.reload()?;
        self.find(name, version)
    }

    /// One version.
    pub fn find(&self, name: &str, version: &str) -> Result<Version, RegistryError> {
        let unknown = || RegistryError::Unknown { name: name.into(), version: version.into() };
        self.snapshot().find(name, version).cloned().ok_or_else(unknown)
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
        let state = self.store.read(|transaction| records::read(transaction))?;
        let mut versions = Vec::with_capacity(state.versions.len());
        let mut unloadable = Vec::new();
        for stored in state.versions {
            let known = self.loaded().get(&stored.record.digest).map(Arc::clone);
            let plugin = match known {
                Some(plugin) => plugin,
                None => match self.fetch(&stored.record) {
                    Ok(plugin) => plugin,
                    // One plugin that this host cannot load (built for a
                    // contract it no longer speaks, say) must not keep it
                    // from serving with the others.
                    Err(RegistryError::Refused(error)) => {
                        let Record { name, version, .. } = &stored.record;
                        tracing::error!(%name, %version, %error, "published plugin cannot be loaded");
                        metrics::counter!("ecert_plugin_load_failures_total").increment(1);
                        unloadable.push(stored.without(&error));
                        continue;
                    }
                    Err(error) => return Err(error),
                },
            };
            versions.push(stored.with(plugin));
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        // Two reloads may overtake each other; the newer state stays.
        if state.generation >= current.generation() {
            *current = Arc::new(Snapshot::new(state.generation, versions, unloadable));
        }
        Ok(())
    }

    fn fetch(&self, record: &Record) -> Result<Arc<Plugin>, RegistryError> {
        let component = self.store.read(|transaction| records::component(transaction, record))?;
        self.load(&component)
    }

    /// Takes over what another host changed.
    fn follow(&self) {
        let known = self.snapshot().generation();
        let result =
            self.store.read(|transaction| records::generation(transaction)).map_err(RegistryError::from);
        let result = result.and_then(|number| if number == known { Ok(()) } else { self.reload() });
        if let Err(error) = result {
            tracing::warn!(%error, "cannot see whether another host changed the registry");
        }
    }
}
