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
/// By how much the clocks of hosts may differ from the database's, in
/// microseconds, when a change is to happen on all of them at one instant.
const SKEW: i64 = 150_000;
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
    /// By how much its clock was behind the database's, in microseconds.
    pub clock_behind: i64,
}

/// Name by which people know a host: machine and process.
pub(super) fn own_name() -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}, process {}", machine.trim(), std::process::id())
}

/// Says that a host is there, what it has loaded, and what its clock says.
pub(super) fn beat(transaction: &mut dyn Transaction, host: &Host) -> Result<i64, StoreError> {
    let unloadable = host.unloadable.join(" ");
    let behind = clock_behind(transaction)?;
    transaction.execute(
        "INSERT INTO host_instance (id, name, seen_at, generation, unloadable, clock_behind) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET seen_at = $3, generation = $4, unloadable = $5, clock_behind = $6",
        &[
            (&host.id).into(),
            (&host.name).into(),
            now().into(),
            host.generation.into(),
            (&unloadable).into(),
            behind.into(),
        ],
    )?;
    transaction.execute("DELETE FROM host_instance WHERE seen_at < $1", &[(now() - 100 * ALIVE).into()])?;
    Ok(behind)
}

/// By how much this machine's clock is behind that of a shared database, in
/// microseconds; half the time that asking took is what it may be wrong by.
fn clock_behind(transaction: &mut dyn Transaction) -> Result<i64, StoreError> {
    const CLOCK: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";
    let before = now();
    let row = transaction.query_optional(CLOCK, &[])?;
    let after = now();
    let theirs = row.map(|row| row.integer(0)).transpose()?.unwrap_or(after);
    Ok(theirs - before.midpoint(after))
}

/// The hosts that are there.
pub(super) fn alive(transaction: &mut dyn Transaction) -> Result<Vec<Host>, StoreError> {
    let rows = transaction.query(
        "SELECT id, name, seen_at, generation, unloadable, clock_behind FROM host_instance WHERE seen_at > $1 ORDER BY id",
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
                clock_behind: row.integer(5)?,
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
            let wrong = others.iter().find(|host| host.clock_behind.abs() > SKEW).cloned();
            others.retain(|host| host.id != self.host);
            if others.is_empty() {
                return Ok(0);
            }
            if let Some(host) = wrong {
                return Err(RegistryError::Invalid(format!(
                    "the clock of the host {} differs from the database's by {} ms, and a change has to happen on \
                     all hosts at one instant: set it right, and ask again",
                    host.name,
                    host.clock_behind.abs() / 1_000
                )));
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
