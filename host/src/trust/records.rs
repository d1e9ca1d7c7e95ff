//! Keys, rules, admissions and signatures in the database.

use ecert_model::manifest::{Kind, Scope};
use jiff::Timestamp;

use super::envelope::Envelope;
use super::rule::Applicant;
use super::state::{Held, Key, Revocation, RuleInForce, State};
use super::statement::{Release, Role};
use crate::digest::Digest;
use crate::store::{Row, StoreError, Transaction, Value, new_id};

/// A version that was let in.
pub(super) struct Admitted {
    pub(super) applicant: Applicant,
    pub(super) rule: String,
}

/// A verified signature of a version, as it is stored.
pub(super) struct KeptSignature {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) held: Held,
    pub(super) envelope: String,
}

pub(super) fn state(transaction: &mut dyn Transaction) -> Result<State, StoreError> {
    let keys = transaction.query(
        "SELECT id, owner, public_key, added_at, added_by, reason, revoked_from, revoked_reason, revoked_at, \
         revoked_by FROM trust_key ORDER BY added_at, id",
        &[],
    )?;
    let rules = transaction.query(
        "SELECT content, added_at, added_by, reason FROM trust_rule WHERE removed_at IS NULL ORDER BY id",
        &[],
    )?;
    Ok(State {
        keys: keys.iter().map(key).collect::<Result<_, _>>()?,
        rules: rules.iter().map(rule).collect::<Result<_, _>>()?,
    })
}

fn key(row: &Row) -> Result<Key, StoreError> {
    let revoked = match row.optional_integer(6)? {
        None => None,
        Some(from) => Some(Revocation {
            from: instant(from)?,
            reason: row.text(7)?.into(),
            recorded: instant(row.integer(8)?)?,
            recorded_by: row.text(9)?.into(),
        }),
    };
    Ok(Key {
        id: digest(row.text(0)?)?,
        owner: row.text(1)?.into(),
        public_key: row.text(2)?.into(),
        added: instant(row.integer(3)?)?,
        added_by: row.text(4)?.into(),
        reason: row.text(5)?.into(),
        revoked,
    })
}

fn rule(row: &Row) -> Result<RuleInForce, StoreError> {
    Ok(RuleInForce {
        rule: from_json(row.text(0)?)?,
        added: instant(row.integer(1)?)?,
        added_by: row.text(2)?.into(),
        reason: row.text(3)?.into(),
    })
}

/// Stores a key; false when it is there already.
pub(super) fn add_key(transaction: &mut dyn Transaction, key: &Key) -> Result<bool, StoreError> {
    let stored = transaction.execute(
        "INSERT INTO trust_key (id, owner, public_key, added_at, added_by, reason) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        &[
            (&key.id.to_string()).into(),
            (&key.owner).into(),
            (&key.public_key).into(),
            key.added.as_microsecond().into(),
            (&key.added_by).into(),
            (&key.reason).into(),
        ],
    )?;
    Ok(stored == 1)
}

/// Records that a key no longer counts; false when there is no such key.
pub(super) fn revoke_key(
    transaction: &mut dyn Transaction,
    id: Digest,
    revocation: &Revocation,
) -> Result<bool, StoreError> {
    let touched = transaction.execute(
        "UPDATE trust_key SET revoked_from = $1, revoked_reason = $2, revoked_at = $3, revoked_by = $4 \
         WHERE id = $5",
        &[
            revocation.from.as_microsecond().into(),
            (&revocation.reason).into(),
            revocation.recorded.as_microsecond().into(),
            (&revocation.recorded_by).into(),
            (&id.to_string()).into(),
        ],
    )?;
    Ok(touched == 1)
}

pub(super) fn add_rule(transaction: &mut dyn Transaction, rule: &RuleInForce) -> Result<(), StoreError> {
    let content = to_json(&rule.rule)?;
    transaction.execute(
        "INSERT INTO trust_rule (id, name, content, added_at, added_by, reason) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            (&new_id()).into(),
            (&rule.rule.name).into(),
            (&content).into(),
            rule.added.as_microsecond().into(),
            (&rule.added_by).into(),
            (&rule.reason).into(),
        ],
    )?;
    Ok(())
}

/// Takes a rule out of force; false when none of the name is in force.
pub(super) fn remove_rule(
    transaction: &mut dyn Transaction,
    name: &str,
    (at, by, reason): (Timestamp, &str, &str),
) -> Result<bool, StoreError> {
    let touched = transaction.execute(
        "UPDATE trust_rule SET removed_at = $1, removed_by = $2, removed_reason = $3 \
         WHERE name = $4 AND removed_at IS NULL",
        &[at.as_microsecond().into(), by.into(), reason.into(), name.into()],
    )?;
    Ok(touched == 1)
}

const ADMISSIONS: &str = "SELECT name, version, digest, contract, kind, scope, rule FROM plugin_admission \
                          ORDER BY name, admitted_at";
const ADMISSIONS_OF: &str = "SELECT name, version, digest, contract, kind, scope, rule FROM plugin_admission \
                             WHERE name = $1 ORDER BY admitted_at";

/// The versions of a plugin that were let in, or of all.
pub(super) fn admissions(
    transaction: &mut dyn Transaction,
    name: Option<&str>,
) -> Result<Vec<Admitted>, StoreError> {
    let rows = match name {
        None => transaction.query(ADMISSIONS, &[])?,
        Some(name) => transaction.query(ADMISSIONS_OF, &[name.into()])?,
    };
    rows.iter().map(admitted).collect()
}

fn admitted(row: &Row) -> Result<Admitted, StoreError> {
    let digest = <[u8; 32]>::try_from(row.bytes(2)?).map_err(|_| broken("a digest"))?;
    let release = Release {
        name: row.text(0)?.into(),
        version: row.text(1)?.into(),
        contract: row.text(3)?.into(),
        digest: digest.into(),
    };
    let (kind, scope): (Kind, Vec<Scope>) = (from_json(row.text(4)?)?, from_json(row.text(5)?)?);
    Ok(Admitted { applicant: Applicant { release, kind, scope }, rule: row.text(6)?.into() })
}

pub(super) fn admit(
    transaction: &mut dyn Transaction,
    of: &Admitted,
    downgrade: Option<&str>,
    (at, by): (Timestamp, &str),
) -> Result<(), StoreError> {
    let Applicant { release, kind, scope } = &of.applicant;
    let (kind, scope) = (to_json(kind)?, to_json(scope)?);
    transaction.execute(
        "INSERT INTO plugin_admission (name, version, digest, contract, kind, scope, rule, downgrade_reason, \
         admitted_at, admitted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (name, version) DO NOTHING",
        &[
            (&release.name).into(),
            (&release.version).into(),
            release.digest.as_bytes().into(),
            (&release.contract).into(),
            (&kind).into(),
            (&scope).into(),
            (&of.rule).into(),
            downgrade.into(),
            at.as_microsecond().into(),
            by.into(),
        ],
    )?;
    Ok(())
}

const SIGNATURES: &str = "SELECT name, version, key_id, role, received_at, envelope FROM plugin_signature \
                          ORDER BY received_at, role, key_id";
const SIGNATURES_OF: &str = "SELECT name, version, key_id, role, received_at, envelope FROM plugin_signature \
                             WHERE name = $1 AND version = $2 ORDER BY received_at, role, key_id";

/// The signatures of one version, or of all.
pub(super) fn signatures(
    transaction: &mut dyn Transaction,
    of: Option<(&str, &str)>,
) -> Result<Vec<KeptSignature>, StoreError> {
    let rows = match of {
        None => transaction.query(SIGNATURES, &[])?,
        Some((name, version)) => transaction.query(SIGNATURES_OF, &[name.into(), version.into()])?,
    };
    rows.iter()
        .map(|row| {
            Ok(KeptSignature {
                name: row.text(0)?.into(),
                version: row.text(1)?.into(),
                held: Held {
                    key: digest(row.text(2)?)?,
                    role: row.text(3)?.parse().map_err(StoreError::Value)?,
                    received: instant(row.integer(4)?)?,
                },
                envelope: row.text(5)?.into(),
            })
        })
        .collect()
}

/// Keeps a signature; one that is there already stays as old as it is.
pub(super) fn keep_signature(
    transaction: &mut dyn Transaction,
    release: &Release,
    (key, role, envelope): &(Digest, Role, Envelope),
    (at, by): (Timestamp, &str),
) -> Result<bool, StoreError> {
    let stored = transaction.execute(
        "INSERT INTO plugin_signature (name, version, key_id, role, envelope, received_at, received_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name, version, key_id, role) DO NOTHING",
        &[
            (&release.name).into(),
            (&release.version).into(),
            (&key.to_string()).into(),
            role.name().into(),
            (&envelope.to_json()).into(),
            at.as_microsecond().into(),
            Value::Text(by),
        ],
    )?;
    Ok(stored == 1)
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Value(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Value(format!("in the tables of trust: {error}")))
}

fn digest(text: &str) -> Result<Digest, StoreError> {
    text.parse().map_err(|_| broken("a key's identifier"))
}

fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(|_| broken("an instant"))
}

fn broken(what: &str) -> StoreError {
    StoreError::Value(format!("{what} in the tables of trust cannot be read"))
}
