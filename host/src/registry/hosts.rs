//! The other hosts on the same database: who is there, and what they have
//! loaded. A change waits for them, so that all of them make it at the same
//! instant.

use std::time::{Duration, Instant};

use super::{Registry, RegistryError};
use crate::digest::Digest;
use crate::store::{StoreError, Transaction, now};

/// How often a host says that it is there.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long after its last sign of life a host still counts, in microseconds.
const ALIVE: i64 = 5_000_000;
/// How far ahead a change is put that several hosts have to make, in
/// microseconds: long enough for each to have seen it, since none judges by
/// what it saw longer ago than `TRUSTED`.
const LEAD: i64 = 850_000;
/// How long a change waits for the other hosts to compile.
const PATIENCE: Duration = Duration::from_secs(90);

/// Another host, as the database knows it.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Host {
    /// Its identifier, new with every start.
    pub id: String,
    /// Name of its machine and its process.
    pub name: String,
    /// When it was last seen, in microseconds since 1970.
    pub seen_at: i64,
    /// The state of the registry it has loaded.
    pub generation: i64,
    /// Components that it cannot load.
    pub unloadable: Vec<String>,
}

/// Name by which people know a host: machine and process.
pub(super) fn own_name() -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}, process {}", machine.trim(), std::process::id())
}

/// Says that a host is there, and what it has loaded.
pub(super) fn beat(transaction: &mut dyn Transaction, host: &Host) -> Result<(), StoreError> {
    let unloadable = host.unloadable.join(" ");
    transaction.execute(
        "INSERT INTO host_instance (id, name, seen_at, generation, unloadable) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET seen_at = $3, generation = $4, unloadable = $5",
        &[(&host.id).into(), (&host.name).into(), now().into(), host.generation.into(), (&unloadable).into()],
    )?;
    transaction.execute("DELETE FROM host_instance WHERE seen_at < $1", &[(now() - 100 * ALIVE).into()])?;
    Ok(())
}

/// The hosts that are there.
pub(super) fn alive(transaction: &mut dyn Transaction) -> Result<Vec<Host>, StoreError> {
    let rows = transaction.query(
        "SELECT id, name, seen_at, generation, unloadable FROM host_instance WHERE seen_at > $1 ORDER BY id",
        &[(now() - ALIVE).into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Host {
                id: row.text(0)?.into(),
                name: row.text(1)?.into(),
                seen_at: row.integer(2)?,
                generation: row.integer(3)?,
                unloadable: row.text(4)?.split_whitespace().map(str::to_owned).collect(),
            })
        })
        .collect()
}

impl Registry {
    /// How long after it is decided a change to a version is to take effect, in
    /// microseconds, so that it does so everywhere at once; not at all for a
    /// host by itself. Waits until every live host has loaded the version; one
    /// that cannot stands against the change.
    pub(super) fn agree(&self, component: Option<Digest>) -> Result<i64, RegistryError> {
        if !self.store.is_shared() {
            return Ok(0);
        }
        let generation = self.snapshot().generation();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut others = self.store.read(|transaction| alive(transaction))?;
            others.retain(|host| host.id != self.host);
            if others.is_empty() {
                return Ok(0);
            }
            let digest = component.map(|digest| digest.to_string());
            if let Some(host) =
                others.iter().find(|host| digest.as_ref().is_some_and(|d| host.unloadable.contains(d)))
            {
                return Err(RegistryError::Invalid(format!(
                    "the host {} cannot load it; its log says why",
                    host.name
                )));
            }
            match others.iter().find(|host| host.generation < generation) {
                None => return Ok(LEAD),
                Some(late) if Instant::now() > deadline => {
                    return Err(RegistryError::Invalid(format!(
                        "the host {} has not loaded it within {} s; nothing was changed",
                        late.name,
                        PATIENCE.as_secs()
                    )));
                }
                Some(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}
