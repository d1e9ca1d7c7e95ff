//! Changes of what versions serve as, in the database.
//!
//! A change has the number of the registry's state that it makes. It holds on
//! all hosts from one stored instant on, and ends nothing for good: what a
//! rollback takes back stands in the same rows.

use ecert_model::manifest::Scope;
use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::records::{SUBJECT, known, next_generation};
use super::{Actor, Mode, RegistryError};
use crate::audit;
use crate::store::{Row, StoreError, Transaction, new_id, now};

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// A version was taken into the registry.
    Published,
    /// A version began to run without effect.
    Shadowed,
    /// A version was made the active one.
    Activated,
    /// A version was taken out of service.
    Retired,
    /// The change before was taken back.
    RolledBack,
    /// The host took a version out of service that failed on cases of several
    /// submitters which the version before passes.
    SetAside,
}

impl ChangeKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Published, Self::Shadowed, Self::Activated, Self::Retired, Self::RolledBack, Self::SetAside];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Shadowed => "shadowed",
            Self::Activated => "activated",
            Self::Retired => "retired",
            Self::RolledBack => "rolled-back",
            Self::SetAside => "set-aside",
        }
    }
}

/// For what a version is activated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extent {
    /// First decision date; all dates unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// What it is for, within the scope of its manifest; empty for all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<Scope>,
}

/// A change, as history tells it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its number; later ones are higher.
    pub number: i64,
    /// Name of the plugin.
    pub name: String,
    /// The version concerned.
    pub version: String,
    /// What was done.
    pub kind: ChangeKind,
    /// For what it was activated.
    pub extent: Extent,
    /// Why.
    pub why: String,
    /// When it was decided, in microseconds since 1970.
    pub at: i64,
    /// By whom.
    pub by: String,
    /// When it took or takes effect, in microseconds since 1970.
    pub takes_effect_at: i64,
    /// The change that took it back.
    pub undone_by: Option<i64>,
}

/// What is to be written about a change.
pub(super) struct Entry<'e> {
    pub(super) name: &'e str,
    pub(super) version: &'e str,
    pub(super) kind: ChangeKind,
    pub(super) extent: &'e Extent,
    pub(super) why: &'e str,
    pub(super) by: &'e Actor,
    /// Instant from which it holds.
    pub(super) effect: i64,
}

/// The changes after a number, oldest first: of one plugin, or of all.
pub(super) fn since(
    transaction: &mut dyn Transaction,
    name: Option<&str>,
    number: i64,
) -> Result<Vec<Change>, StoreError> {
    const SELECT: &str = "SELECT number, name, version, action, detail, why, changed_at, changed_by, \
        takes_effect_at, undone_by FROM plugin_change WHERE number > $1 AND ($2 = '' OR name = $2) ORDER BY number";
    let rows = transaction.query(SELECT, &[number.into(), name.unwrap_or_default().into()])?;
    rows.iter().map(change).collect()
}

fn change(row: &Row) -> Result<Change, StoreError> {
    let action = row.text(3)?;
    let kind = ChangeKind::ALL.into_iter().find(|kind| kind.name() == action);
    let extent = serde_json::from_str(row.text(4)?);
    Ok(Change {
        number: row.integer(0)?,
        name: row.text(1)?.into(),
        version: row.text(2)?.into(),
        kind: kind.ok_or_else(|| StoreError::Value(format!("{action:?} is no change of a plugin")))?,
        extent: extent.map_err(|error| StoreError::Value(format!("a change of a plugin: {error}")))?,
        why: row.text(5)?.into(),
        at: row.integer(6)?,
        by: row.text(7)?.into(),
        takes_effect_at: row.integer(8)?,
        undone_by: row.optional_integer(9)?,
    })
}

/// Writes a change down and gives its number. The registry must be locked.
pub(super) fn write(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<i64, StoreError> {
    let number = next_generation(transaction)?;
    let detail = serde_json::to_string(entry.extent).unwrap_or_default();
    transaction.execute(
        "INSERT INTO plugin_change (number, name, version, action, detail, why, changed_at, changed_by, \
         takes_effect_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            number.into(),
            entry.name.into(),
            entry.version.into(),
            entry.kind.name().into(),
            (&detail).into(),
            entry.why.into(),
            now().into(),
            (&entry.by.principal.name).into(),
            entry.effect.into(),
        ],
    )?;
    let content = format!("{detail}\n{}", entry.why);
    let leaf = audit::Entry {
        principal: &entry.by.principal,
        source: &entry.by.source,
        action: &format!("plugin-{}", entry.kind.name()),
        subject: &format!("plugin/{}/{}", entry.name, entry.version),
        content: content.as_bytes(),
    };
    audit::record(transaction, &leaf)?;
    Ok(number)
}

/// Makes a version the active one for an extent. What was active for the same
/// scope, or for any where no scope is given, from that date on or later comes
/// to an end; so does its own time in shadow.
pub(super) fn activate(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<i64, RegistryError> {
    begin(transaction, entry)?;
    let number = write(transaction, entry)?;
    let (from, scope) = texts(entry.extent);
    transaction.execute(
        "UPDATE plugin_service SET ends_at = $1, ended_by = $2 WHERE name = $3 AND ends_at IS NULL AND \
         ((mode = 'active' AND applies_from >= $4 AND ($5 = '' OR scope = $5)) OR (mode = 'shadow' AND version = $6))",
        &[
            entry.effect.into(),
            number.into(),
            entry.name.into(),
            (&from).into(),
            (&scope).into(),
            entry.version.into(),
        ],
    )?;
    serve(transaction, entry, Mode::Active, number)?;
    Ok(number)
}

/// Has a version run without effect.
pub(super) fn shadow(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<i64, RegistryError> {
    begin(transaction, entry)?;
    let open = transaction.query(
        "SELECT mode FROM plugin_service WHERE name = $1 AND version = $2 AND ends_at IS NULL",
        &[entry.name.into(), entry.version.into()],
    )?;
    if !open.is_empty() {
        let (name, version) = (entry.name, entry.version);
        return Err(RegistryError::Invalid(format!(
            "{name} {version} serves already: only a version that is out of service can run in shadow"
        )));
    }
    let number = write(transaction, entry)?;
    serve(transaction, entry, Mode::Shadow, number)?;
    Ok(number)
}

/// Takes a version out of service.
pub(super) fn retire(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<i64, RegistryError> {
    begin(transaction, entry)?;
    let number = write(transaction, entry)?;
    transaction.execute(
        "UPDATE plugin_service SET ends_at = $1, ended_by = $2 \
         WHERE name = $3 AND version = $4 AND ends_at IS NULL",
        &[entry.effect.into(), number.into(), entry.name.into(), entry.version.into()],
    )?;
    Ok(number)
}

/// The change that a rollback would take back: the last activation or
/// retirement that was not taken back.
pub(super) fn last(
    transaction: &mut dyn Transaction,
    name: &str,
) -> Result<Option<(i64, String)>, StoreError> {
    let row = transaction.query_optional(
        "SELECT number, version FROM plugin_change WHERE name = $1 AND undone_by IS NULL \
         AND action IN ('activated', 'retired') ORDER BY number DESC LIMIT 1",
        &[name.into()],
    )?;
    row.map(|row| Ok((row.integer(0)?, row.text(1)?.to_owned()))).transpose()
}

/// The activation by which a version serves now, or will.
pub(super) fn activation(
    transaction: &mut dyn Transaction,
    name: &str,
    version: &str,
) -> Result<Option<i64>, StoreError> {
    let row = transaction.query_optional(
        "SELECT begun_by FROM plugin_service WHERE name = $1 AND version = $2 AND mode = 'active' \
         AND ends_at IS NULL ORDER BY begun_by DESC LIMIT 1",
        &[name.into(), version.into()],
    )?;
    row.map(|row| row.integer(0)).transpose()
}

/// The versions that a change took out of service.
pub(super) fn before(transaction: &mut dyn Transaction, change: i64) -> Result<Vec<String>, StoreError> {
    let rows = transaction.query(
        "SELECT version FROM plugin_service WHERE ended_by = $1 AND mode = 'active' ORDER BY begins_at DESC",
        &[change.into()],
    )?;
    rows.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// Takes a change back: ends what it began and begins again what it ended.
pub(super) fn undo(
    transaction: &mut dyn Transaction,
    undone: i64,
    entry: &Entry<'_>,
) -> Result<i64, RegistryError> {
    let others = transaction.query(
        "SELECT version FROM plugin_service WHERE name = $1 AND mode = 'active' \
         AND ((ends_at IS NULL AND begun_by <> $2) OR ended_by = $2)",
        &[entry.name.into(), undone.into()],
    )?;
    if others.is_empty() {
        let name = entry.name;
        return Err(RegistryError::Invalid(format!(
            "no version of {name} served before: retire the one that does, or activate another"
        )));
    }
    let number = write(transaction, entry)?;
    transaction.execute(
        "UPDATE plugin_service SET ends_at = $1, ended_by = $2 WHERE begun_by = $3 AND ends_at IS NULL",
        &[entry.effect.into(), number.into(), undone.into()],
    )?;
    let ended = transaction.query(
        "SELECT version, mode, applies_from, scope, begun_by FROM plugin_service WHERE ended_by = $1",
        &[undone.into()],
    )?;
    for row in &ended {
        transaction.execute(
            INSERT,
            &[
                (&new_id()).into(),
                entry.name.into(),
                row.text(0)?.into(),
                row.text(1)?.into(),
                row.text(2)?.into(),
                row.text(3)?.into(),
                entry.effect.into(),
                row.integer(4)?.into(),
            ],
        )?;
    }
    transaction.execute(
        "UPDATE plugin_change SET undone_by = $1 WHERE number = $2",
        &[number.into(), undone.into()],
    )?;
    Ok(number)
}

const INSERT: &str = "INSERT INTO plugin_service (id, name, version, mode, applies_from, scope, begins_at, begun_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

fn begin(transaction: &mut dyn Transaction, entry: &Entry<'_>) -> Result<(), RegistryError> {
    transaction.lock(&[SUBJECT])?;
    known(transaction, entry.name, entry.version)
}

fn serve(
    transaction: &mut dyn Transaction,
    entry: &Entry<'_>,
    mode: Mode,
    number: i64,
) -> Result<(), StoreError> {
    let (from, scope) = texts(entry.extent);
    let mode = match mode {
        Mode::Active => "active",
        Mode::Shadow => "shadow",
    };
    let id = new_id();
    let parameters = [
        (&id).into(),
        entry.name.into(),
        entry.version.into(),
        mode.into(),
        (&from).into(),
        (&scope).into(),
        entry.effect.into(),
        number.into(),
    ];
    transaction.execute(INSERT, &parameters).map(drop)
}

/// Date and scope as they are stored: empty for all.
fn texts(extent: &Extent) -> (String, String) {
    let from = extent.from.map(|date| date.to_string()).unwrap_or_default();
    let scope = match extent.scope.as_slice() {
        [] => String::new(),
        scope => serde_json::to_string(scope).unwrap_or_default(),
    };
    (from, scope)
}
