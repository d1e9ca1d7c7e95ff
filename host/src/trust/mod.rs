//! Whom the host trusts to publish what.
//!
//! Publishers sign a component with a key of their own: a DSSE envelope around
//! an in-toto statement, as author or as authority. The host knows keys and
//! rules that operators have given it; a component gets in when a rule covers
//! its scope and has the signatures it asks for. A new host knows none, so
//! nothing gets in. All of it works without any network.
//!
//! A signature counts from when the host first received it, since the signer's
//! clock proves nothing. A key is revoked from a date: what came before stays.

mod envelope;
mod key;
mod records;
mod rule;
mod state;
mod statement;

use jiff::Timestamp;
use semver::Version;
use serde::Serialize;
use utoipa::ToSchema;

pub use envelope::{
    Claimed, Envelope, MOST_BUNDLE_BYTES, SignatureError, Verified, parse_bundle, verify, write_bundle,
};
pub use key::{KeyError, PrivateKey, PublicKey};
pub use rule::{Applicant, Rule, Signers};
pub use state::{Held, Key, Refusal, Revocation, RuleInForce, State};
pub use statement::{Release, Role};

use crate::access::Principal;
use crate::audit;
use crate::digest::Digest;
use crate::store::{Store, StoreError, Transaction};
use records::{Admitted, KeptSignature};

/// Name under which changes of keys and rules are locked.
const SUBJECT: &str = "trust";

/// Why something is not trusted, or trust was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// A signature cannot be taken.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// No rule lets it in.
    #[error(transparent)]
    Untrusted(#[from] Refusal),
    /// A higher version was let in before.
    #[error(
        "a higher version of {name} than {version} was let in before, {highest}: an operator may allow the \
         downgrade, with a reason"
    )]
    Downgrade {
        /// Name of the plugin.
        name: String,
        /// Version that came.
        version: String,
        /// The highest that was let in.
        highest: String,
    },
    /// What was given makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// There is no such thing.
    #[error("there is no {0}")]
    Unknown(String),
    /// There is one already.
    #[error("{0}")]
    Taken(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who changes something, and from where.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who.
    pub principal: &'a Principal,
    /// From where, as the audit trail names it.
    pub source: &'a str,
}

/// A version that was let in, and that the rules would no longer let in since
/// a key was revoked. It goes on serving until an operator decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AffectedVersion)]
pub struct Affected {
    /// Name of the plugin.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Rule that let it in.
    pub rule: String,
    /// Why it would not be let in today.
    pub why: String,
}

/// On what a version was let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Admission {
    /// Rule that let it in.
    pub rule: String,
    /// Its signatures, the oldest first.
    pub signatures: Vec<SignatureShown>,
}

/// A verified signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PluginSignature)]
pub struct SignatureShown {
    /// Key that signed.
    #[schema(value_type = String)]
    pub key: Digest,
    /// Whose key it is.
    pub owner: String,
    /// As what.
    pub role: Role,
    /// When the host first received it.
    #[schema(value_type = String, format = DateTime)]
    pub received: Timestamp,
    /// Whether it counts: its key was not revoked by then.
    pub counts: bool,
    /// The DSSE envelope, for passing it on.
    pub envelope: String,
}

/// Keys and rules of a host.
#[derive(Clone)]
pub struct Trust {
    store: Store,
}

impl Trust {
    /// Keys and rules in this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// Keys and rules as they stand, and the versions that a revocation
    /// affects.
    pub fn overview(&self) -> Result<(State, Vec<Affected>), TrustError> {
        self.store.read(|transaction| {
            let state = records::state(transaction)?;
            let affected = affected(transaction, &state)?;
            Ok((state, affected))
        })
    }

    /// On what a version was let in.
    pub fn admission(&self, name: &str, version: &str) -> Result<Admission, TrustError> {
        self.store.read(|transaction| {
            let known = records::admissions(transaction, Some(name))?;
            let known = known.into_iter().find(|known| known.applicant.release.version == version);
            let known = known.ok_or_else(|| TrustError::Unknown(format!("{name} {version}")))?;
            let state = records::state(transaction)?;
            let shown = |KeptSignature { held, envelope, .. }: KeptSignature| SignatureShown {
                owner: state.key(held.key).map(|key| key.owner.clone()).unwrap_or_default(),
                counts: state.counts(&held),
                key: held.key,
                role: held.role,
                received: held.received,
                envelope,
            };
            let kept = records::signatures(transaction, Some((name, version)))?;
            Ok(Admission { rule: known.rule, signatures: kept.into_iter().map(shown).collect() })
        })
    }

    /// Keeps further signatures of a version that was let in before.
    pub fn add_signatures(
        &self,
        name: &str,
        version: &str,
        envelopes: Vec<Envelope>,
        by: By<'_>,
    ) -> Result<Admission, TrustError> {
        let (principal, source) = (by.principal.clone(), by.source.to_owned());
        let of = (name.to_owned(), version.to_owned());
        self.store.write(move |transaction| {
            let by = By { principal: &principal, source: &source };
            add_signatures(transaction, (&of.0, &of.1), &envelopes, by)
        })?;
        self.admission(name, version)
    }

    /// Adds a publisher's public key, given as PEM.
    pub fn add_key(&self, owner: &str, pem: &str, reason: &str, by: By<'_>) -> Result<Key, TrustError> {
        let public = PublicKey::from_pem(pem).map_err(|error| TrustError::Invalid(error.to_string()))?;
        named("owner", owner)?;
        let key = Key {
            id: public.id(),
            owner: owner.into(),
            public_key: public.to_pem(),
            added: now(),
            added_by: by.principal.name.clone(),
            reason: reason.into(),
            revoked: None,
        };
        let stored = key.clone();
        self.change(by, "trust-key-added", &format!("trust-key/{}", key.id), pem.to_owned(), move |t| {
            if records::add_key(t, &stored)? {
                Ok(())
            } else {
                Err(TrustError::Taken(format!("the key {} is known already", stored.id)))
            }
        })?;
        Ok(key)
    }

    /// Says that signatures by a key do not count when they came at `from` or
    /// later (now unless given). Answers the versions that are affected. A key
    /// that is revoked already can only be revoked from an earlier date.
    pub fn revoke_key(
        &self,
        id: Digest,
        from: Option<Timestamp>,
        reason: &str,
        by: By<'_>,
    ) -> Result<Vec<Affected>, TrustError> {
        if reason.trim().is_empty() {
            return Err(TrustError::Invalid("say why the key is revoked".into()));
        }
        let recorded = now();
        let revocation = Revocation {
            from: from.unwrap_or(recorded),
            reason: reason.into(),
            recorded,
            recorded_by: by.principal.name.clone(),
        };
        let content = format!("{}\n{reason}", revocation.from);
        self.change(by, "trust-key-revoked", &format!("trust-key/{id}"), content, move |transaction| {
            let state = records::state(transaction)?;
            let before = state.key(id).and_then(|key| key.revoked.as_ref());
            if let Some(before) = before.filter(|before| before.from <= revocation.from) {
                let from = before.from;
                return Err(TrustError::Taken(format!("the key {id} is revoked from {from} already")));
            }
            if !records::revoke_key(transaction, id, &revocation)? {
                return Err(TrustError::Unknown(format!("key {id}")));
            }
            let state = records::state(transaction)?;
            affected(transaction, &state)
        })
    }

    /// Puts a rule in force.
    pub fn add_rule(&self, rule: Rule, reason: &str, by: By<'_>) -> Result<RuleInForce, TrustError> {
        rule.check().map_err(TrustError::Invalid)?;
        let rule =
            RuleInForce { rule, added: now(), added_by: by.principal.name.clone(), reason: reason.into() };
        let (stored, subject) = (rule.clone(), format!("trust-rule/{}", rule.rule.name));
        let content = serde_json::to_string(&rule.rule).unwrap_or_default();
        self.change(by, "trust-rule-added", &subject, content, move |transaction| {
            let state = records::state(transaction)?;
            let wanted = &stored.rule;
            if state.rules.iter().any(|known| known.rule.name == wanted.name) {
                let taken = format!("there is a rule {} already: remove it first", wanted.name);
                return Err(TrustError::Taken(taken));
            }
            let mut owners = wanted.authors.owners.iter().chain(&wanted.authorities.owners);
            if let Some(unknown) = owners.find(|owner| !state.keys.iter().any(|key| key.owner == **owner)) {
                return Err(TrustError::Invalid(format!("no key belongs to {unknown:?}: add one first")));
            }
            Ok(records::add_rule(transaction, &stored)?)
        })?;
        if rule.rule.unsigned {
            tracing::warn!(rule = %rule.rule.name, "this rule lets plugins in that nobody has signed");
        }
        Ok(rule)
    }

    /// Takes a rule out of force. What it let in stays.
    pub fn remove_rule(&self, name: &str, reason: &str, by: By<'_>) -> Result<(), TrustError> {
        let subject = format!("trust-rule/{name}");
        let (name, who, why) = (name.to_owned(), by.principal.name.clone(), reason.to_owned());
        self.change(by, "trust-rule-removed", &subject, reason.to_owned(), move |transaction| {
            if records::remove_rule(transaction, &name, (now(), &who, &why))? {
                Ok(())
            } else {
                Err(TrustError::Unknown(format!("rule {name:?}")))
            }
        })
    }

    /// Changes something and records who did, in one transaction.
    fn change<T: Send + 'static>(
        &self,
        by: By<'_>,
        action: &'static str,
        subject: &str,
        content: String,
        job: impl Fn(&mut dyn Transaction) -> Result<T, TrustError> + Send + 'static,
    ) -> Result<T, TrustError> {
        let (principal, source) = (by.principal.clone(), by.source.to_owned());
        let subject = subject.to_owned();
        self.store.write(move |transaction| {
            transaction.lock(&[SUBJECT])?;
            let answer = job(transaction)?;
            let (source, content) = (source.as_str(), content.as_bytes());
            let entry = audit::Entry { principal: &principal, source, action, subject: &subject, content };
            audit::record(transaction, &entry)?;
            Ok(answer)
        })
    }
}

/// Whether a component would be let in with these signatures and those that
/// the host has of it already. Answers the rule and what was verified.
pub fn judge(
    transaction: &mut dyn Transaction,
    applicant: &Applicant,
    envelopes: &[Envelope],
) -> Result<(Rule, Verified), TrustError> {
    let state = records::state(transaction)?;
    let verified = state.verify(envelopes, applicant)?;
    let Release { name, version, digest, .. } = &applicant.release;
    let known = records::admissions(transaction, Some(name))?;
    let mut held = Vec::new();
    if known.iter().any(|known| known.applicant.release.digest == *digest) {
        let kept = records::signatures(transaction, Some((name, version)))?;
        held.extend(kept.into_iter().map(|kept| kept.held));
    }
    for (key, role, _) in &verified.signatures {
        if !held.iter().any(|held| held.key == *key && held.role == *role) {
            held.push(Held { key: *key, role: *role, received: now() });
        }
    }
    match state.judge(applicant, &held) {
        Ok(rule) => Ok((rule.clone(), verified)),
        Err(mut refusal) => {
            let unknown = verified.unknown.iter();
            refusal.uncounted.extend(unknown.map(|key| {
                format!(
                    "the signature by key {} does not count, since that key is not known",
                    key.escape_debug()
                )
            }));
            Err(refusal.into())
        }
    }
}

/// Lets a component in, in the transaction that publishes it: judges it, and
/// keeps the rule and the signatures. Lower than the highest version of the
/// plugin that was ever let in it may be only with a reason.
pub fn admit(
    transaction: &mut dyn Transaction,
    applicant: &Applicant,
    envelopes: &[Envelope],
    downgrade: Option<&str>,
    by: By<'_>,
) -> Result<(), TrustError> {
    let (rule, verified) = judge(transaction, applicant, envelopes)?;
    let downgrade = match refuse_downgrade(transaction, &applicant.release) {
        Err(TrustError::Downgrade { .. }) if downgrade.is_some_and(|why| !why.trim().is_empty()) => downgrade,
        Err(error) => return Err(error),
        Ok(()) => None,
    };
    let Release { name, version, digest, .. } = &applicant.release;
    let known = records::admissions(transaction, Some(name))?;
    let same = |known: &&Admitted| known.applicant.release.version == *version;
    if known.iter().find(same).is_some_and(|known| known.applicant.release.digest != *digest) {
        return Err(TrustError::Taken(format!("{name} {version} was let in with another content")));
    }
    if rule.unsigned {
        tracing::warn!(%name, %version, rule = %rule.name, "a plugin that nobody signed was let in");
    }
    let when = (now(), by.principal.name.as_str());
    let admitted = Admitted { applicant: applicant.clone(), rule: rule.name };
    records::admit(transaction, &admitted, downgrade, when)?;
    if let Some(why) = downgrade {
        let subject = format!("plugin/{name}/{version}");
        let (action, content) = ("plugin-downgrade-allowed", why.as_bytes());
        let entry =
            audit::Entry { principal: by.principal, source: by.source, action, subject: &subject, content };
        audit::record(transaction, &entry)?;
    }
    keep(transaction, &applicant.release, &verified, by)
}

fn add_signatures(
    transaction: &mut dyn Transaction,
    (name, version): (&str, &str),
    envelopes: &[Envelope],
    by: By<'_>,
) -> Result<(), TrustError> {
    let known = records::admissions(transaction, Some(name))?;
    let known = known.into_iter().find(|known| known.applicant.release.version == version);
    let known = known.ok_or_else(|| TrustError::Unknown(format!("{name} {version}")))?;
    let verified = records::state(transaction)?.verify(envelopes, &known.applicant)?;
    if verified.signatures.is_empty() {
        let named = verified.unknown.iter().map(|key| key.escape_debug().to_string()).collect::<Vec<_>>();
        let why = match named.as_slice() {
            [] => "there is no signature".to_owned(),
            named => format!("no key of the signatures is known: {}", named.join(", ")),
        };
        return Err(TrustError::Invalid(why));
    }
    keep(transaction, &known.applicant.release, &verified, by)
}

fn keep(
    transaction: &mut dyn Transaction,
    release: &Release,
    verified: &Verified,
    by: By<'_>,
) -> Result<(), TrustError> {
    let when = (now(), by.principal.name.as_str());
    for signature in &verified.signatures {
        if !records::keep_signature(transaction, release, signature, when)? {
            continue;
        }
        let subject = format!("plugin/{}/{}", release.name, release.version);
        let content = signature.2.to_json();
        let (action, content) = ("plugin-signature-received", content.as_bytes());
        let entry =
            audit::Entry { principal: by.principal, source: by.source, action, subject: &subject, content };
        audit::record(transaction, &entry)?;
    }
    Ok(())
}

/// Refuses a version that is lower than the highest one ever let in.
fn refuse_downgrade(transaction: &mut dyn Transaction, release: &Release) -> Result<(), TrustError> {
    let Release { name, version, .. } = release;
    let known = records::admissions(transaction, Some(name))?;
    let known = known.iter().map(|known| known.applicant.release.version.as_str());
    if known.clone().any(|known| known == version) {
        return Ok(());
    }
    let wanted =
        Version::parse(version).map_err(|error| TrustError::Invalid(format!("{version}: {error}")))?;
    let highest = known.filter_map(|known| Version::parse(known).ok()).max_by(Version::cmp_precedence);
    match highest.filter(|highest| wanted.cmp_precedence(highest).is_lt()) {
        None => Ok(()),
        Some(highest) => Err(TrustError::Downgrade {
            name: name.clone(),
            version: version.clone(),
            highest: highest.to_string(),
        }),
    }
}

/// Versions with a signature that no longer counts, and that no rule would let
/// in on the others. That a rule lets unsigned ones in is no comfort here.
fn affected(transaction: &mut dyn Transaction, state: &State) -> Result<Vec<Affected>, TrustError> {
    if state.keys.iter().all(|key| key.revoked.is_none()) {
        return Ok(Vec::new());
    }
    let mut state = state.clone();
    state.rules.retain(|known| !known.rule.unsigned);
    let signatures = records::signatures(transaction, None)?;
    let mut affected = Vec::new();
    for Admitted { applicant, rule } in records::admissions(transaction, None)? {
        let Release { name, version, .. } = &applicant.release;
        let of_this = |kept: &&KeptSignature| kept.name == *name && kept.version == *version;
        let held: Vec<Held> = signatures.iter().filter(of_this).map(|kept| kept.held.clone()).collect();
        if held.iter().all(|held| state.counts(held)) {
            continue;
        }
        if let Err(refusal) = state.judge(&applicant, &held) {
            let (name, version) = (name.clone(), version.clone());
            affected.push(Affected { name, version, rule, why: refusal.to_string() });
        }
    }
    Ok(affected)
}

/// To the microsecond, as the store keeps instants.
fn now() -> Timestamp {
    Timestamp::from_microsecond(crate::store::now()).unwrap_or_default()
}

fn named(what: &str, name: &str) -> Result<(), TrustError> {
    let fine = (1..=100).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fine { Ok(()) } else { Err(TrustError::Invalid(format!("the {what} {name:?} is not in kebab case"))) }
}

#[cfg(test)]
mod tests;
