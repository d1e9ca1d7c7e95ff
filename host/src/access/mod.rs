//! Who is asking, and what they may do.
//!
//! A principal proves itself with a token: 256 random bits, shown once and
//! kept only as their SHA-256; or with the certificate of its connection, which
//! is kept as a token's digest is. There is no default password: the first start
//! writes a token for one administrator into a file that only the account of
//! the host can read.
//!
//! A token that was accepted is remembered for [`REMEMBERED`], so that a
//! request does not wait for the database; on other hosts a revocation
//! therefore takes that long to be felt, on this one none.

mod bootstrap;
mod idempotency;
mod roles;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use bootstrap::bootstrap;
pub use idempotency::{Answer, Begun, Claim, Idempotency, Key};
pub use roles::{Action, Principal, Role};

use crate::audit;
use crate::digest::Digest;
use crate::hex;
use crate::store::{Row, Store, StoreError, Transaction, new_id, now};

/// How long an accepted token is taken without asking the database.
pub const REMEMBERED: Duration = Duration::from_secs(5);
/// Tokens remembered at most.
const REMEMBERED_TOKENS: usize = 10_000;
/// Every token starts with this, so that scanners for secrets find it.
const PREFIX: &str = "ecert_";
const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// Why something about access was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for makes no sense; the text says what would.
    #[error("{0}")]
    Invalid(String),
    /// There is no such principal or token.
    #[error("there is no {0}")]
    Unknown(String),
    /// The token file cannot be written.
    #[error("{0}")]
    File(String),
}

/// A token that was just made. Its secret is not kept and shown only now.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewToken {
    /// Identifier, for revoking it.
    pub id: String,
    /// What the principal sends as `Authorization: Bearer …`; none where it is
    /// known by a certificate.
    pub secret: Option<String>,
    /// When it expires, in microseconds since 1970.
    pub expires_at: i64,
}

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenEntry {
    /// Identifier.
    pub id: String,
    /// Whose it is.
    pub principal: Principal,
    /// What it is for.
    pub label: String,
    /// When it was made, in microseconds since 1970.
    pub created_at: i64,
    /// Who made it.
    pub created_by: String,
    /// When it expires.
    pub expires_at: i64,
    /// When it was revoked, if it was.
    pub revoked_at: Option<i64>,
}

/// By what somebody says who they are.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The secret of a token.
    Token(String),
    /// SHA-256 of a certificate whose key they have.
    Certificate(Digest),
}

impl Proof {
    fn digest(&self) -> [u8; 32] {
        match self {
            Self::Token(secret) => digest(secret),
            Self::Certificate(digest) => *digest.as_bytes(),
        }
    }
}

/// The principals and tokens of a store.
pub struct Access {
    store: Store,
    accepted: RwLock<HashMap<[u8; 32], Accepted>>,
}

#[derive(Clone)]
struct Accepted {
    principal: Principal,
    expires_at: i64,
    checked: Instant,
}

impl Access {
    /// Access to a store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, accepted: RwLock::default() }
    }

    /// The principal a token belongs to; none when it is unknown, expired or
    /// revoked. Every token costs one digest and one look-up by it, so the
    /// time taken tells nothing about how near a guess was.
    pub fn authenticate(&self, proof: &Proof) -> Result<Option<Principal>, StoreError> {
        let digest = proof.digest();
        let now = now();
        let remembered = self.accepted.read().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        if let Some(accepted) = remembered
            && accepted.checked.elapsed() < REMEMBERED
        {
            return Ok((accepted.expires_at > now).then_some(accepted.principal));
        }
        let found = self.store.read(|transaction| {
            transaction.query_optional(
                "SELECT p.id, p.name, p.role, p.countries, t.expires_at FROM token t \
                 JOIN principal p ON p.id = t.principal_id \
                 WHERE t.digest = $1 AND t.revoked_at IS NULL AND t.expires_at > $2",
                &[(&digest).into(), now.into()],
            )
        })?;
        let mut accepted = self.accepted.write().unwrap_or_else(PoisonError::into_inner);
        let Some(row) = found else {
            accepted.remove(&digest);
            return Ok(None);
        };
        let principal = principal(&row, 0)?;
        if accepted.len() >= REMEMBERED_TOKENS {
            accepted.retain(|_, entry| entry.checked.elapsed() < REMEMBERED);
        }
        let entry =
            Accepted { principal: principal.clone(), expires_at: row.integer(4)?, checked: Instant::now() };
        accepted.insert(digest, entry);
        Ok(Some(principal))
    }

    /// The principal of a token that was accepted a moment ago, without asking
    /// the database; none says nothing about the token.
    pub fn recall(&self, proof: &Proof) -> Option<Principal> {
        let accepted = self.accepted.read().unwrap_or_else(PoisonError::into_inner);
        let entry = accepted.get(&proof.digest())?;
        let valid = entry.checked.elapsed() < REMEMBERED && entry.expires_at > now();
        valid.then(|| entry.principal.clone())
    }

    /// Asks the database about every token again.
    pub fn forget_accepted(&self) {
        self.accepted.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Makes a principal. Partners and verifiers need the countries they are
    /// bound to, all others must not have any.
    pub fn create_principal(
        &self,
        by: &Principal,
        source: &str,
        name: &str,
        role: Role,
        countries: BTreeSet<String>,
    ) -> Result<Principal, AccessError> {
        check_principal(name, role, &countries)?;
        let made = Principal { id: new_id(), name: name.into(), role, countries };
        let (by, source) = (by.clone(), source.to_owned());
        self.store.write(move |transaction| {
            insert_principal(transaction, &by, &source, &made)?;
            Ok(made.clone())
        })
    }

    /// All principals, by name.
    pub fn principals(&self) -> Result<Vec<Principal>, StoreError> {
        self.store.read(|transaction| {
            let rows =
                transaction.query("SELECT id, name, role, countries FROM principal ORDER BY name", &[])?;
            rows.iter().map(|row| principal(row, 0)).collect()
        })
    }

    /// Makes a token for a principal, by its name; or has a certificate count
    /// as one.
    pub fn create_token(
        &self,
        by: &Principal,
        source: &str,
        name: &str,
        (label, days): (&str, u32),
        certificate: Option<Digest>,
    ) -> Result<NewToken, AccessError> {
        if days == 0 || days > 3660 {
            return Err(AccessError::Invalid(format!("a token lasts 1 to 3660 days, not {days}")));
        }
        let (secret, proof) = match certificate {
            Some(certificate) => (None, Proof::Certificate(certificate)),
            None => {
                let secret = new_secret()?;
                (Some(secret.clone()), Proof::Token(secret))
            }
        };
        let token =
            NewToken { id: new_id(), secret, expires_at: now() + i64::from(days) * MICROSECONDS_A_DAY };
        let (by, source, name, label) = (by.clone(), source.to_owned(), name.to_owned(), label.to_owned());
        self.store.write(move |transaction| {
            let owner = transaction
                .query_optional("SELECT id FROM principal WHERE name = $1", &[(&name).into()])?
                .ok_or_else(|| AccessError::Unknown(format!("principal {name:?}")))?;
            insert_token(transaction, (&by, &source), owner.text(0)?, &label, &token, &proof.digest())?;
            Ok(token.clone())
        })
    }

    /// All tokens, without their secrets, newest first.
    pub fn tokens(&self) -> Result<Vec<TokenEntry>, StoreError> {
        self.store.read(|transaction| {
            let rows = transaction.query(
                "SELECT t.id, t.label, t.created_at, t.created_by, t.expires_at, t.revoked_at, \
                 p.id, p.name, p.role, p.countries \
                 FROM token t JOIN principal p ON p.id = t.principal_id ORDER BY t.id DESC",
                &[],
            )?;
            rows.iter()
                .map(|row| {
                    Ok(TokenEntry {
                        id: row.text(0)?.into(),
                        label: row.text(1)?.into(),
                        created_at: row.integer(2)?,
                        created_by: row.text(3)?.into(),
                        expires_at: row.integer(4)?,
                        revoked_at: row.optional_integer(5)?,
                        principal: principal(row, 6)?,
                    })
                })
                .collect()
        })
    }

    /// Revokes a token by its identifier. Revoking it again changes nothing.
    pub fn revoke_token(&self, by: &Principal, source: &str, id: &str) -> Result<(), AccessError> {
        let (by, source, id) = (by.clone(), source.to_owned(), id.to_owned());
        let revoked = self.store.write(move |transaction| {
            let touched = transaction.execute(
                "UPDATE token SET revoked_at = COALESCE(revoked_at, $1), \
                 revoked_by = COALESCE(revoked_by, $2) WHERE id = $3",
                &[now().into(), (&by.id).into(), (&id).into()],
            )?;
            if touched == 0 {
                return Err(AccessError::Unknown(format!("token {id:?}")));
            }
            let subject = format!("token/{id}");
            let entry = audit::Entry {
                principal: &by,
                source: &source,
                action: "token-revoked",
                subject: &subject,
                content: id.as_bytes(),
            };
            audit::record(transaction, &entry)?;
            Ok(())
        });
        self.forget_accepted();
        revoked
    }
}

/// Makes a principal within a transaction.
pub(crate) fn enrol(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    made: &Principal,
) -> Result<(), AccessError> {
    check_principal(&made.name, made.role, &made.countries)?;
    insert_principal(transaction, by, source, made)
}

/// Makes a token for a principal within a transaction; answers its secret.
pub(crate) fn issue(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    owner: &str,
    label: &str,
    expires_at: i64,
) -> Result<String, AccessError> {
    let secret = new_secret()?;
    let proof = Proof::Token(secret.clone());
    let token = NewToken { id: new_id(), secret: Some(secret.clone()), expires_at };
    insert_token(transaction, (by, source), owner, label, &token, &proof.digest())?;
    Ok(secret)
}

/// Has the tokens of a principal end at an instant, where they would last
/// longer.
pub(crate) fn retire(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    owner: &str,
    at: i64,
) -> Result<(), AccessError> {
    const UPDATE: &str = "UPDATE token SET expires_at = $2 WHERE principal_id = $1 AND expires_at > $2 \
        AND revoked_at IS NULL";
    transaction.execute(UPDATE, &[owner.into(), at.into()])?;
    let subject = format!("principal/{owner}");
    let content = at.to_string();
    let entry = audit::Entry {
        principal: by,
        source,
        action: "tokens-retired",
        subject: &subject,
        content: content.as_bytes(),
    };
    audit::record(transaction, &entry)?;
    Ok(())
}

/// Frees the name of a principal for another, within a transaction.
pub(crate) fn free_name(transaction: &mut dyn Transaction, id: &str) -> Result<(), StoreError> {
    const UPDATE: &str = "UPDATE principal SET name = name || ' ' || id WHERE id = $1";
    transaction.execute(UPDATE, &[id.into()]).map(drop)
}

fn check_principal(name: &str, role: Role, countries: &BTreeSet<String>) -> Result<(), AccessError> {
    let invalid = |text: String| Err(AccessError::Invalid(text));
    if name.is_empty() || name.len() > 200 || name.trim() != name || name.chars().any(char::is_control) {
        return invalid(format!("{name:?} is not a name: 1 to 200 characters on one line"));
    }
    if role.is_bound_to_countries() == countries.is_empty() {
        let what = if countries.is_empty() { "needs its countries" } else { "is not bound to countries" };
        return invalid(format!("the role {role} {what}"));
    }
    match countries.iter().find(|country| !is_country(country)) {
        Some(country) => {
            invalid(format!("{country:?} is not a country code such as NZ (ISO 3166-1 alpha-2)"))
        }
        None => Ok(()),
    }
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn insert_principal(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    made: &Principal,
) -> Result<(), AccessError> {
    let countries: Vec<&str> = made.countries.iter().map(String::as_str).collect();
    let inserted = transaction.execute(
        "INSERT INTO principal (id, name, role, countries, created_at, created_by) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        &[
            (&made.id).into(),
            (&made.name).into(),
            made.role.name().into(),
            (&countries.join(" ")).into(),
            now().into(),
            (&by.id).into(),
        ],
    )?;
    if inserted == 0 {
        return Err(AccessError::Invalid(format!("there is already a principal {:?}", made.name)));
    }
    let subject = format!("principal/{}", made.id);
    let content = format!("{} {} {}", made.name, made.role, countries.join(" "));
    let entry = audit::Entry {
        principal: by,
        source,
        action: "principal-created",
        subject: &subject,
        content: content.as_bytes(),
    };
    audit::record(transaction, &entry)?;
    Ok(())
}

fn insert_token(
    transaction: &mut dyn Transaction,
    (by, source): (&Principal, &str),
    owner: &str,
    label: &str,
    token: &NewToken,
    digest: &[u8; 32],
) -> Result<(), AccessError> {
    let inserted = transaction.execute(
        "INSERT INTO token (id, principal_id, digest, label, created_at, created_by, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        &[
            (&token.id).into(),
            owner.into(),
            digest.into(),
            label.into(),
            now().into(),
            (&by.id).into(),
            token.expires_at.into(),
        ],
    )?;
    if inserted == 0 {
        return Err(AccessError::Invalid("somebody is known by this certificate already".into()));
    }
    let subject = format!("token/{}", token.id);
    let entry =
        audit::Entry { principal: by, source, action: "token-created", subject: &subject, content: digest };
    audit::record(transaction, &entry)?;
    Ok(())
}

fn principal(row: &Row, first: usize) -> Result<Principal, StoreError> {
    Ok(Principal {
        id: row.text(first)?.into(),
        name: row.text(first + 1)?.into(),
        role: row.text(first + 2)?.parse().map_err(StoreError::Value)?,
        countries: row.text(first + 3)?.split_whitespace().map(str::to_owned).collect(),
    })
}

fn new_secret() -> Result<String, AccessError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|error| AccessError::Invalid(format!("the system has no randomness: {error}")))?;
    Ok(format!("{PREFIX}{}", hex::encode(&random)))
}

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
