//! Keys and rules as they stand, and what they say of a component. Known
//! without any database or network: `ecert plugin verify` judges by a copy.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::envelope::{Envelope, SignatureError, Verified, verify};
use super::key::PublicKey;
use super::rule::{Applicant, Rule};
use super::statement::Role;
use crate::digest::Digest;

/// A publisher's key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrustedKey)]
pub struct Key {
    /// SHA-256 of the key's SPKI.
    #[schema(value_type = String)]
    pub id: Digest,
    /// Who signs with it; a person or body may have several.
    pub owner: String,
    /// The key, as PEM.
    pub public_key: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub added: Timestamp,
    /// Who added it.
    pub added_by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// That it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revocation>,
}

/// That a key no longer counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyRevocation)]
pub struct Revocation {
    /// Signatures that the host first received from then on do not count.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Why.
    pub reason: String,
    /// When it was revoked.
    #[schema(value_type = String, format = DateTime)]
    pub recorded: Timestamp,
    /// Who revoked it.
    pub recorded_by: String,
}

/// A rule in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = TrustRuleInForce)]
pub struct RuleInForce {
    /// The rule.
    pub rule: Rule,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub added: Timestamp,
    /// Who added it.
    pub added_by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// All keys and rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// The keys, revoked ones too.
    pub keys: Vec<Key>,
    /// The rules.
    pub rules: Vec<RuleInForce>,
}

/// A verified signature and when the host first received it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Key that signed.
    pub key: Digest,
    /// As what.
    pub role: Role,
    /// When it came.
    pub received: Timestamp,
}

/// Why a component is not let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Name and version.
    pub release: String,
    /// Each rule, and why it does not let the component in.
    pub rules: Vec<(String, String)>,
    /// Signatures that do not count, and why.
    pub uncounted: Vec<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no trust rule lets {} in: ", self.release)?;
        if self.rules.is_empty() {
            f.write_str("there is none; an operator adds one with `ecert trust rule add`")?;
        }
        for (number, (rule, why)) in self.rules.iter().enumerate() {
            write!(f, "{}rule {rule}, since {why}", if number == 0 { "not " } else { "; not " })?;
        }
        for uncounted in &self.uncounted {
            write!(f, "; {uncounted}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl State {
    /// What the keys have said of a component.
    pub fn verify(&self, envelopes: &[Envelope], of: &Applicant) -> Result<Verified, SignatureError> {
        // A key that cannot be read was refused when it was added.
        let keys: Vec<_> =
            self.keys.iter().filter_map(|key| PublicKey::from_pem(&key.public_key).ok()).collect();
        verify(envelopes, &of.release, &keys)
    }

    /// Whether a signature counts: its key is known, and was not revoked when
    /// the signature came.
    pub fn counts(&self, held: &Held) -> bool {
        self.key(held.key)
            .is_some_and(|key| key.revoked.as_ref().is_none_or(|revoked| held.received < revoked.from))
    }

    /// A key.
    #[must_use]
    pub fn key(&self, id: Digest) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// The rule that lets a component in; one that asks for signatures goes
    /// before one that does not.
    pub fn judge(&self, applicant: &Applicant, held: &[Held]) -> Result<&Rule, Refusal> {
        let (counted, discounted): (Vec<_>, Vec<_>) = held.iter().partition(|held| self.counts(held));
        let signed: Vec<(String, Role)> = counted
            .into_iter()
            .filter_map(|held| Some((self.key(held.key)?.owner.clone(), held.role)))
            .collect();
        let mut refused = Vec::new();
        let (unsigned, asking): (Vec<_>, Vec<_>) = self.rules.iter().partition(|known| known.rule.unsigned);
        for RuleInForce { rule, .. } in asking.into_iter().chain(unsigned) {
            match rule.covers(applicant).err().or_else(|| rule.missing(&signed)) {
                None => return Ok(rule),
                Some(why) => refused.push((rule.name.clone(), why)),
            }
        }
        let uncounted = discounted.into_iter().map(|held| self.discounted(held)).collect();
        let release = format!("{} {}", applicant.release.name, applicant.release.version);
        Err(Refusal { release, rules: refused, uncounted })
    }

    fn discounted(&self, held: &Held) -> String {
        match self.key(held.key).and_then(|key| Some((key, key.revoked.as_ref()?))) {
            Some((key, Revocation { from, reason, .. })) => format!(
                "the signature by {} does not count, since key {} is revoked from {from}: {reason}",
                key.owner, key.id
            ),
            None => format!("the signature by key {} does not count, since that key is not known", held.key),
        }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
