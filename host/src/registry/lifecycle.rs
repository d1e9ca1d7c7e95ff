//! What becomes of versions: activated, run in shadow, retired, rolled back,
//! set aside. Each is one change, stored with who, when and why, and each
//! answers when it holds on all hosts.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use ecert_model::manifest::Kind;

use super::changes::{self, ChangeKind, Entry, Extent};
use super::{Actor, Registry, RegistryError, State, Version, records};
use crate::engine::Plugin;
use crate::store::{StoreError, Transaction, now};
use crate::trust::Trust;

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

impl Registry {
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
        if found.plugin.manifest().kind == Kind::FormatAdapter && *extent != Extent::default() {
            return Err(RegistryError::Invalid(
                "an adapter reads messages when they come: it is activated without date and scope".into(),
            ));
        }
        self.trusted(name, version)?;
        if !downgrade && let Some(active) = self.newer(&found) {
            let (name, version) = (name.into(), version.into());
            return Err(RegistryError::Downgrade { name, version, active });
        }
        self.change(changes::activate, ChangeKind::Activated, &found, extent, why, by)
    }

    /// Has a version run on live traffic beside the active one, without effect.
    pub fn shadow(&self, name: &str, version: &str, why: &str, by: &Actor) -> Result<Version, RegistryError> {
        let found = self.find(name, version)?;
        if found.plugin.manifest().kind == Kind::FormatAdapter {
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
        let owned = name.to_owned();
        let last = move |transaction: &mut dyn Transaction| match changes::last(transaction, &owned)? {
            Some(last) => Ok(Some(last)),
            None => Err(RegistryError::Invalid(format!("{owned} was never activated"))),
        };
        self.take_back(name, ChangeKind::RolledBack, why, by, last)?;
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
        let (owned, version) = (name.to_owned(), version.to_owned());
        let activation = move |transaction: &mut dyn Transaction| {
            let change = changes::activation(transaction, &owned, &version)?;
            Ok(change.map(|change| (change, version.clone())))
        };
        self.take_back(name, ChangeKind::SetAside, why, by, activation)
    }

    /// Takes a change of a plugin back: the one that is found, with the version
    /// concerned. Says whether there was one.
    fn take_back(
        &self,
        name: &str,
        kind: ChangeKind,
        why: &str,
        by: &Actor,
        find: impl Fn(&mut dyn Transaction) -> Result<Option<(i64, String)>, RegistryError> + Send + 'static,
    ) -> Result<bool, RegistryError> {
        let again = self.store.read(|transaction| match find(transaction)? {
            Some((undone, _)) => Ok(changes::before(transaction, undone)?),
            None => Ok::<_, RegistryError>(Vec::new()),
        })?;
        again.iter().try_for_each(|version| self.trusted(name, version))?;
        let lead = self.agree(None)?;
        let (name, why, by) = (name.to_owned(), why.to_owned(), by.clone());
        self.put(move |transaction| {
            transaction.lock(&[records::SUBJECT])?;
            let Some((undone, version)) = find(transaction)? else { return Ok(None) };
            let effect = now() + lead;
            let entry = Entry {
                name: &name,
                version: &version,
                kind,
                extent: &Extent::default(),
                why: &why,
                by: &by,
                effect,
            };
            changes::undo(transaction, undone, &entry)?;
            Ok(Some(effect))
        })
    }

    /// Whether a version would be let in today: a key by which it was may have
    /// been revoked since.
    fn trusted(&self, name: &str, version: &str) -> Result<(), RegistryError> {
        let (_, affected) = Trust::new(self.store.clone()).overview()?;
        match affected.into_iter().find(|it| it.name == name && it.version == version) {
            None => Ok(()),
            Some(affected) => Err(RegistryError::Invalid(format!(
                "{name} {version} would not be let in today, since a key was revoked: {}; have it signed by keys \
                 that count",
                affected.why
            ))),
        }
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
        self.put(move |transaction| {
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
            Ok(Some(effect))
        })?;
        self.find(&manifest.name, &manifest.version)
    }

    /// Stores a change, takes it over, and waits for its instant; says whether
    /// there was one. A host by itself begins no judgement meanwhile: what is
    /// judged after the instant is judged by what the change made of it.
    fn put(
        &self,
        job: impl FnMut(&mut dyn Transaction) -> Result<Option<i64>, RegistryError> + Send + 'static,
    ) -> Result<bool, RegistryError> {
        let alone = !self.store.is_shared();
        let held = alone.then(|| self.changing.write().unwrap_or_else(PoisonError::into_inner));
        let effect = self.store.write(job)?;
        self.reload()?;
        drop(held);
        if let Some(effect) = effect {
            let left = u64::try_from(effect - now()).unwrap_or_default();
            std::thread::sleep(Duration::from_micros(left));
        }
        Ok(effect.is_some())
    }
}
