//! Versions and their components in the database.

use std::str::FromStr as _;
use std::sync::Arc;

use ecert_model::manifest::Scope;
use ecert_model::values::Date;

use super::changes::{self, ChangeKind, Entry, Extent};
use super::snapshot::Known;
use super::{Actor, Mode, RegistryError, Service, Unloadable};
use crate::digest::Digest;
use crate::engine::{LoadError, Plugin};
use crate::store::{Row, StoreError, Transaction, now};

/// What identifies a version.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) digest: Digest,
}

/// A version as it is stored, its component aside.
pub(super) struct Stored {
    pub(super) record: Record,
    services: Vec<Service>,
    set_aside: bool,
    published_at: i64,
    published_by: String,
}

impl Stored {
    pub(super) fn with(self, plugin: Arc<Plugin>) -> Known {
        let Self { services, set_aside, published_at, published_by, .. } = self;
        Known { plugin, services, set_aside, published_at, published_by }
    }

    pub(super) fn without(self, plugin: &LoadError) -> Unloadable {
        let active = self.services.iter().any(|s| s.mode == Mode::Active && s.ends.is_none());
        let Record { name, version, digest } = self.record;
        Unloadable { name, version, digest: digest.to_string(), active, reason: plugin.to_string() }
    }
}

/// All versions at one moment.
pub(super) struct Stand {
    pub(super) generation: i64,
    pub(super) versions: Vec<Stored>,
}

/// Name under which changes of the registry are counted and locked.
pub(super) const SUBJECT: &str = "registry";

pub(super) fn generation(transaction: &mut dyn Transaction) -> Result<i64, StoreError> {
    let rows = transaction.query("SELECT number FROM generation WHERE subject = $1", &[SUBJECT.into()])?;
    rows.first().map_or(Ok(0), |row| row.integer(0))
}

/// Counts a change, so that every host sees that there was one.
pub(super) fn next_generation(transaction: &mut dyn Transaction) -> Result<i64, StoreError> {
    transaction.execute("UPDATE generation SET number = number + 1 WHERE subject = $1", &[SUBJECT.into()])?;
    generation(transaction)
}

pub(super) fn read(transaction: &mut dyn Transaction) -> Result<Stand, StoreError> {
    let generation = generation(transaction)?;
    let rows = transaction.query(
        "SELECT name, version, digest, published_at, published_by FROM plugin_version ORDER BY name, published_at",
        &[],
    )?;
    let mut versions = rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?;
    let services = transaction.query(
        "SELECT name, version, mode, applies_from, scope, begins_at, ends_at FROM plugin_service \
         ORDER BY begins_at, id",
        &[],
    )?;
    for row in &services {
        if let Some(of) = find(&mut versions, row)? {
            of.services.push(service(row)?);
        }
    }
    let last = transaction.query(
        "SELECT name, version FROM plugin_change a WHERE action = 'set-aside' AND NOT EXISTS \
         (SELECT 1 FROM plugin_change b WHERE b.name = a.name AND b.version = a.version AND b.number > a.number)",
        &[],
    )?;
    for row in &last {
        if let Some(of) = find(&mut versions, row)? {
            of.set_aside = true;
        }
    }
    Ok(Stand { generation, versions })
}

fn find<'v>(versions: &'v mut [Stored], row: &Row) -> Result<Option<&'v mut Stored>, StoreError> {
    let (name, version) = (row.text(0)?, row.text(1)?);
    Ok(versions.iter_mut().find(|known| known.record.name == name && known.record.version == version))
}

fn service(row: &Row) -> Result<Service, StoreError> {
    let damaged = |error: &dyn std::fmt::Display| StoreError::Value(format!("an activation: {error}"));
    // The empty text stands for the beginning of time, and sorts so.
    let from = Some(row.text(3)?).filter(|text| !text.is_empty());
    let scope: Vec<Scope> = match row.text(4)? {
        "" => Vec::new(),
        text => serde_json::from_str(text).map_err(|error| damaged(&error))?,
    };
    Ok(Service {
        mode: if row.text(2)? == "shadow" { Mode::Shadow } else { Mode::Active },
        from: from.map(Date::from_str).transpose().map_err(|error| damaged(&error))?,
        scope: scope.into(),
        begins: row.integer(5)?,
        ends: row.optional_integer(6)?,
    })
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        record: Record {
            name: row.text(0)?.into(),
            version: row.text(1)?.into(),
            digest: digest_in(row, 2)?,
        },
        services: Vec::new(),
        set_aside: false,
        published_at: row.integer(3)?,
        published_by: row.text(4)?.into(),
    })
}

fn digest_in(row: &Row, column: usize) -> Result<Digest, StoreError> {
    let bytes = <[u8; 32]>::try_from(row.bytes(column)?);
    bytes.map(Digest::from).map_err(|_| StoreError::Value("a component's digest has not 32 bytes".into()))
}

/// The component under a digest, if it was ever published; whoever takes it
/// compares.
pub(super) fn component(
    transaction: &mut dyn Transaction,
    digest: Digest,
) -> Result<Option<Vec<u8>>, StoreError> {
    let rows = transaction
        .query("SELECT component FROM plugin_version WHERE digest = $1", &[digest.as_bytes().into()])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(row.bytes(0)?.to_vec()))
}

/// What is said of a stored component that has another digest than its own.
pub(super) fn damaged(digest: Digest) -> StoreError {
    StoreError::Value(format!("the stored component {digest} is damaged"))
}

pub(super) fn publish(
    transaction: &mut dyn Transaction,
    record: &Record,
    component: &[u8],
    by: &Actor,
) -> Result<(), RegistryError> {
    transaction.lock(&[SUBJECT])?;
    if let Some(published) = digest(transaction, &record.name, &record.version)? {
        return if published == record.digest {
            Ok(())
        } else {
            Err(RegistryError::Taken {
                name: record.name.clone(),
                version: record.version.clone(),
                published,
            })
        };
    }
    transaction.execute(
        "INSERT INTO plugin_version (name, version, digest, component, published_at, published_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            (&record.name).into(),
            (&record.version).into(),
            record.digest.as_bytes().into(),
            component.into(),
            now().into(),
            (&by.principal.name).into(),
        ],
    )?;
    let entry = Entry {
        name: &record.name,
        version: &record.version,
        kind: ChangeKind::Published,
        extent: &Extent::default(),
        why: &record.digest.to_string(),
        by,
        effect: now(),
    };
    changes::write(transaction, &entry)?;
    Ok(())
}

pub(super) fn known(
    transaction: &mut dyn Transaction,
    name: &str,
    version: &str,
) -> Result<(), RegistryError> {
    match digest(transaction, name, version)? {
        Some(_) => Ok(()),
        None => Err(RegistryError::Unknown { name: name.into(), version: version.into() }),
    }
}

fn digest(
    transaction: &mut dyn Transaction,
    name: &str,
    version: &str,
) -> Result<Option<Digest>, StoreError> {
    let rows = transaction.query(
        "SELECT digest FROM plugin_version WHERE name = $1 AND version = $2",
        &[name.into(), version.into()],
    )?;
    rows.first().map(|row| digest_in(row, 0)).transpose()
}
