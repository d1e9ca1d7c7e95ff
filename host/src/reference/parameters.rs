//! Parameters of rule sets, in layers.
//!
//! An entry is a JSON object for one rule set at one layer: for all, for a
//! commodity (prefix of its code), for a partner (country of origin), or for
//! an agreement. On a given day the entry set last for a layer and its
//! selector counts; `null` takes it back. The effective value merges them from
//! the general to the special (RFC 7396), longer commodity prefixes after
//! shorter ones. Entries are never changed or removed, so what held at any
//! moment can be told.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ReferenceError;
use crate::access::Principal;
use crate::audit;
use crate::store::{StoreError, Transaction, new_id, now};

/// How special an entry is. Later layers override earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// For everything.
    #[default]
    Global,
    /// For commodity codes that begin with the selector.
    Commodity,
    /// For goods of the country that the selector names.
    Partner,
    /// Under the agreement that the selector names.
    Agreement,
}

impl Layer {
    const ALL: [Self; 4] = [Self::Global, Self::Commodity, Self::Partner, Self::Agreement];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Commodity => "commodity",
            Self::Partner => "partner",
            Self::Agreement => "agreement",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Layer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|layer| layer.name() == text).ok_or_else(|| {
            format!("{text:?} is not a layer; the layers are global, commodity, partner and agreement")
        })
    }
}

/// What an entry is set for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Name of the rule set.
    pub rule_set: String,
    /// The layer.
    #[serde(default)]
    pub layer: Layer,
    /// Commodity prefix, country or agreement; empty for all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub selector: String,
    /// First day it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterEntry {
    /// Identifier; later ones sort behind.
    pub id: String,
    /// What it is for.
    #[serde(flatten)]
    pub target: Target,
    /// The parameters; `null` takes back what was set before.
    pub content: Value,
    /// When it was recorded, in microseconds since 1970.
    pub recorded_at: i64,
    /// Identifier of the author.
    pub recorded_by: String,
    /// Why.
    pub reason: String,
}

/// What the effective value depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// Name of the rule set.
    pub rule_set: &'q str,
    /// Commodity code, digits only.
    pub commodity: &'q str,
    /// Country of origin.
    pub partner: Option<&'q str>,
    /// Agreement, where one applies.
    pub agreement: Option<&'q str>,
    /// The day that decides.
    pub day: Date,
}

/// The entries of all rule sets, and how they work together.
#[derive(Debug, Default)]
pub struct Parameters {
    /// In the order of recording.
    entries: Vec<(ParameterEntry, String)>,
}

impl Parameters {
    pub(super) fn load(transaction: &mut dyn Transaction) -> Result<Self, StoreError> {
        let rows = transaction.query(
            "SELECT id, rule_set, layer, selector, valid_from, valid_until, content, recorded_at, \
             recorded_by, reason FROM parameter_entry ORDER BY recorded_at, id",
            &[],
        )?;
        let broken = |what: &str| StoreError::Value(format!("a parameter entry has an unusable {what}"));
        let day = |text: Option<&str>| text.map(str::parse).transpose().map_err(|_| broken("day"));
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let text = row.text(6)?.to_owned();
            let entry = ParameterEntry {
                id: row.text(0)?.into(),
                target: Target {
                    rule_set: row.text(1)?.into(),
                    layer: row.text(2)?.parse().map_err(|_| broken("layer"))?,
                    selector: row.text(3)?.into(),
                    valid_from: day(row.optional_text(4)?)?,
                    valid_until: day(row.optional_text(5)?)?,
                },
                content: serde_json::from_str(&text).map_err(|_| broken("content"))?,
                recorded_at: row.integer(7)?,
                recorded_by: row.text(8)?.into(),
                reason: row.text(9)?.into(),
            };
            entries.push((entry, text));
        }
        Ok(Self { entries })
    }

    /// All entries of a rule set, oldest first.
    pub fn history<'p>(&'p self, rule_set: &'p str) -> impl Iterator<Item = &'p ParameterEntry> {
        self.entries.iter().map(|(entry, _)| entry).filter(move |entry| entry.target.rule_set == rule_set)
    }

    /// The entries that make up the effective value, in the order of merging.
    #[must_use]
    pub fn sources(&self, question: &Question<'_>) -> Vec<&ParameterEntry> {
        self.applicable(question).into_iter().map(|(entry, _)| entry).collect()
    }

    /// The effective value as JSON text.
    #[must_use]
    pub fn effective(&self, question: &Question<'_>) -> Cow<'_, str> {
        match self.applicable(question).as_slice() {
            [] => Cow::Borrowed("{}"),
            [(_, text)] => Cow::Borrowed(text),
            several => {
                let mut value = Value::Object(serde_json::Map::new());
                for (entry, _) in several {
                    merge(&mut value, &entry.content);
                }
                Cow::Owned(value.to_string())
            }
        }
    }

    fn applicable(&self, question: &Question<'_>) -> Vec<&(ParameterEntry, String)> {
        let mut chosen: Vec<&(ParameterEntry, String)> = Vec::new();
        for entry in self.entries.iter().filter(|(entry, _)| entry.target.answers(question)) {
            let slot = |other: &ParameterEntry| (other.target.layer, other.target.selector.clone());
            chosen.retain(|(other, _)| slot(other) != slot(&entry.0));
            chosen.push(entry);
        }
        chosen.retain(|(entry, _)| !entry.content.is_null());
        // One layer holds several entries only where prefixes nest.
        chosen.sort_by_key(|(entry, _)| (entry.target.layer, entry.target.selector.len()));
        chosen
    }
}

impl Target {
    fn answers(&self, question: &Question<'_>) -> bool {
        self.rule_set == question.rule_set
            && self.valid_from.is_none_or(|from| from <= question.day)
            && self.valid_until.is_none_or(|until| question.day <= until)
            && match self.layer {
                Layer::Global => true,
                Layer::Commodity => question.commodity.starts_with(&self.selector),
                Layer::Partner => question.partner == Some(&self.selector),
                Layer::Agreement => question.agreement == Some(&self.selector),
            }
    }

    fn check(&self) -> Result<(), String> {
        let selector = self.selector.as_str();
        let digits =
            !selector.is_empty() && selector.len() <= 12 && selector.bytes().all(|b| b.is_ascii_digit());
        let country = selector.len() == 2 && selector.bytes().all(|byte| byte.is_ascii_uppercase());
        match self.layer {
            Layer::Global if !selector.is_empty() => Err("the global layer has no selector".into()),
            Layer::Commodity if !digits => {
                Err(format!("{selector:?} is not a commodity prefix of 1 to 12 digits"))
            }
            Layer::Partner if !country => Err(format!("{selector:?} is not a country code such as NZ")),
            Layer::Agreement if selector.is_empty() => Err("the agreement is not named".into()),
            _ if self.rule_set.is_empty() => Err("the rule set is not named".into()),
            _ => match (self.valid_from, self.valid_until) {
                (Some(from), Some(until)) if until < from => {
                    Err(format!("validUntil, {until}, is before validFrom, {from}"))
                }
                _ => Ok(()),
            },
        }
    }
}

/// Stores an entry. The content is an object, or `null` to take back what was
/// set before for the same layer and selector.
pub(super) fn set(
    transaction: &mut dyn Transaction,
    by: &Principal,
    source: &str,
    target: &Target,
    content: &Value,
    reason: &str,
) -> Result<ParameterEntry, ReferenceError> {
    target.check().map_err(ReferenceError::Invalid)?;
    if !content.is_object() && !content.is_null() {
        return Err(ReferenceError::Invalid(
            "parameters are a JSON object, or null to take them back".into(),
        ));
    }
    // Entries are ordered by when they were recorded: one at a time.
    transaction.lock(&["reference/parameters"])?;
    let entry = ParameterEntry {
        id: new_id(),
        target: target.clone(),
        content: content.clone(),
        recorded_at: now(),
        recorded_by: by.id.clone(),
        reason: reason.to_owned(),
    };
    let text = content.to_string();
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let (from, until) = (day(target.valid_from), day(target.valid_until));
    transaction.execute(
        "INSERT INTO parameter_entry (id, rule_set, layer, selector, valid_from, valid_until, content, \
         recorded_at, recorded_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            (&entry.id).into(),
            (&target.rule_set).into(),
            target.layer.name().into(),
            (&target.selector).into(),
            from.as_ref().into(),
            until.as_ref().into(),
            (&text).into(),
            entry.recorded_at.into(),
            (&by.id).into(),
            reason.into(),
        ],
    )?;
    let subject = format!("parameters/{}", target.rule_set);
    let leaf = audit::Entry {
        principal: by,
        source,
        action: "parameters-set",
        subject: &subject,
        content: text.as_bytes(),
    };
    audit::record(transaction, &leaf)?;
    Ok(entry)
}

/// JSON Merge Patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn merging_follows_the_standard() {
        let mut value = json!({"a": 1, "b": {"c": 2, "d": [1, 2]}});
        super::merge(&mut value, &json!({"a": null, "b": {"d": [3], "e": {"f": null, "g": 4}}}));
        assert_eq!(value, json!({"b": {"c": 2, "d": [3], "e": {"g": 4}}}));
    }
}
