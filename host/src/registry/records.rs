//! The registry in the database.

use std::str::FromStr as _;
use std::sync::Arc;

use ecert_model::values::Date;

use super::{Actor, RegistryError, State, Unloadable, Version};
use crate::audit;
use crate::digest::Digest;
use crate::engine::{LoadError, Plugin};
use crate::store::{Row, StoreError, Transaction, Value, new_id, now};

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
    used: bool,
    active_from: Vec<Option<Date>>,
    published_at: i64,
    published_by: String,
}

impl Stored {
    pub(super) fn with(self, plugin: Arc<Plugin>) -> Version {
        let Self { used, active_from, published_at, published_by, .. } = self;
        let state = match (active_from.is_empty(), used) {
            (false, _) => State::Active,
            (true, true) => State::Retired,
            (true, false) => State::Published,
        };
        Version { plugin, state, active_from, published_at, published_by }
    }

    pub(super) fn without(self, plugin: &LoadError) -> Unloadable {
        let Record { name, version, .. } = self.record;
        Unloadable { name, version, active: !self.active_from.is_empty(), reason: plugin.to_string() }
    }
}

/// All versions at one moment.
pub(super) struct Stand {
    pub(super) generation: i64,
    pub(super) versions: Vec<Stored>,
}

/// Name under which changes of the registry are counted and locked.
const SUBJECT: &str = "registry";

pub(super) fn generation(transaction: &mut dyn Transaction) -> Result<i64, StoreError> {
    let rows = transaction.query("SELECT number FROM generation WHERE subject = $1", &[SUBJECT.into()])?;
    rows.first().map_or(Ok(0), |row| row.integer(0))
}

pub(super) fn read(transaction: &mut dyn Transaction) -> Result<Stand, StoreError> {
    let generation = generation(transaction)?;
    let rows = transaction.query(
        "SELECT name, version, digest, published_at, published_by FROM plugin_version ORDER BY name, published_at",
        &[],
    )?;
    let mut versions = rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?;
    let activations = transaction
        .query("SELECT name, version, applies_from, ended_at FROM plugin_activation ORDER BY id", &[])?;
    for row in &activations {
        let (name, version) = (row.text(0)?, row.text(1)?);
        let of =
            versions.iter_mut().find(|known| known.record.name == name && known.record.version == version);
        let Some(of) = of else { continue };
        of.used = true;
        if row.optional_integer(3)?.is_none() {
            of.active_from.push(date(row.text(2)?)?);
        }
    }
    Ok(Stand { generation, versions })
}

/// The empty text stands for the beginning of time, and sorts so.
fn date(text: &str) -> Result<Option<Date>, StoreError> {
    let date = (!text.is_empty()).then(|| Date::from_str(text)).transpose();
    date.map_err(|error| StoreError::Value(error.to_string()))
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        record: Record {
            name: row.text(0)?.into(),
            version: row.text(1)?.into(),
            digest: digest_in(row, 2)?,
        },
        used: false,
        active_from: Vec::new(),
        published_at: row.integer(3)?,
        published_by: row.text(4)?.into(),
    })
}

fn digest_in(row: &Row, column: usize) -> Result<Digest, StoreError> {
    let bytes = <[u8; 32]>::try_from(row.bytes(column)?);
    bytes.map(Digest::from).map_err(|_| StoreError::Value("a component's digest has not 32 bytes".into()))
}

pub(super) fn component(transaction: &mut dyn Transaction, record: &Record) -> Result<Vec<u8>, StoreError> {
    let rows = transaction.query(
        "SELECT component FROM plugin_version WHERE name = $1 AND version = $2",
        &[(&record.name).into(), (&record.version).into()],
    )?;
    let row = rows.first().ok_or_else(|| StoreError::Value(format!("{} has no component", record.name)))?;
    let component = row.bytes(0)?;
    if Digest::of(component) != record.digest {
        return Err(StoreError::Value(format!("the stored component of {} is damaged", record.name)));
    }
    Ok(component.to_vec())
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
    changed(transaction, "plugin-published", (&record.name, &record.version), component, by)?;
    Ok(())
}

pub(super) fn activate(
    transaction: &mut dyn Transaction,
    (name, version): (&str, &str),
    from: Option<Date>,
    why: &str,
    by: &Actor,
) -> Result<(), RegistryError> {
    transaction.lock(&[SUBJECT])?;
    known(transaction, name, version)?;
    let from = from.map(|date| date.to_string()).unwrap_or_default();
    transaction.execute(
        "UPDATE plugin_activation SET ended_at = $1, ended_by = $2 \
         WHERE name = $3 AND ended_at IS NULL AND applies_from >= $4",
        &[now().into(), (&by.principal.name).into(), name.into(), (&from).into()],
    )?;
    transaction.execute(
        "INSERT INTO plugin_activation (id, name, version, applies_from, why, activated_at, activated_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&new_id()).into(),
            name.into(),
            version.into(),
            (&from).into(),
            why.into(),
            now().into(),
            (&by.principal.name).into(),
        ],
    )?;
    changed(transaction, "plugin-activated", (name, version), format!("{from}\n{why}").as_bytes(), by)?;
    Ok(())
}

pub(super) fn retire(
    transaction: &mut dyn Transaction,
    (name, version): (&str, &str),
    why: &str,
    by: &Actor,
) -> Result<(), RegistryError> {
    transaction.lock(&[SUBJECT])?;
    known(transaction, name, version)?;
    transaction.execute(
        "UPDATE plugin_activation SET ended_at = $1, ended_by = $2 \
         WHERE name = $3 AND version = $4 AND ended_at IS NULL",
        &[now().into(), (&by.principal.name).into(), name.into(), version.into()],
    )?;
    changed(transaction, "plugin-retired", (name, version), why.as_bytes(), by)?;
    Ok(())
}

fn known(transaction: &mut dyn Transaction, name: &str, version: &str) -> Result<(), RegistryError> {
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

/// Tells other hosts and the audit trail.
fn changed(
    transaction: &mut dyn Transaction,
    action: &str,
    (name, version): (&str, &str),
    content: &[u8],
    by: &Actor,
) -> Result<(), StoreError> {
    let subject: Value<'_> = SUBJECT.into();
    transaction.execute("UPDATE generation SET number = number + 1 WHERE subject = $1", &[subject])?;
    let subject = format!("plugin/{name}/{version}");
    let entry =
        audit::Entry { principal: &by.principal, source: &by.source, action, subject: &subject, content };
    audit::record(transaction, &entry).map(drop)
}
