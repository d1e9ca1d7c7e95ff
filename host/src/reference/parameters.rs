//! Parameters of rule sets, in layers.
//!
//! An entry is a JSON object for one rule set at one layer: for all, for a
//! commodity (prefix of its code), for a partner (country of origin), or for
//! an agreement. On a given day the entry set last for a layer and its
//! selector counts; `null` takes it back. The effective value merges them from
//! the general to the special (RFC 7396), longer commodity prefixes after
//! shorter ones. The tolerances of an agreement stand at the beginning of its
//! layer, for the rule sets that know tolerances. Entries are never changed or
//! removed, so what held at any moment can be told.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ecert_model::values::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AgreementEntry, ReferenceError, is_country};
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
    /// The author.
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
    pub agreement: Option<&'q AgreementEntry>,
    /// Whether the rule set knows tolerances ([`takes_tolerances`]).
    pub tolerances: bool,
    /// The day that decides.
    pub day: Date,
}

/// A member of the effective value, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'p> {
    /// JSON pointer to it.
    pub pointer: String,
    /// Its value: anything but an object with members.
    pub value: Value,
    /// The entry that set it; none for a tolerance of the agreement.
    pub entry: Option<&'p ParameterEntry>,
}

/// Whether a rule set's schema has the member `tolerances`, which agreements
/// fill.
#[must_use]
pub fn takes_tolerances(schema: Option<&Value>) -> bool {
    schema.is_some_and(|schema| schema["properties"]["tolerances"].is_object())
}

/// The entries of all rule sets, and how they work together.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// In the order of recording.
    entries: Vec<(ParameterEntry, String)>,
}

impl Parameters {
    pub(super) fn load(transaction: &mut dyn Transaction) -> Result<Self, StoreError> {
        let rows = transaction.query(
            "SELECT e.id, e.rule_set, e.layer, e.selector, e.valid_from, e.valid_until, e.content, \
             e.recorded_at, COALESCE(p.name, e.recorded_by), e.reason \
             FROM parameter_entry e LEFT JOIN principal p ON p.id = e.recorded_by ORDER BY e.recorded_at, e.id",
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

    /// Adds an entry that is not stored.
    ///
    /// # Errors
    /// What is wrong with what it is for, or with its form.
    pub fn add(&mut self, target: Target, content: Value) -> Result<(), ReferenceError> {
        check(&target, &content)?;
        let text = content.to_string();
        let entry = ParameterEntry {
            id: String::new(),
            target,
            content,
            recorded_at: now(),
            recorded_by: String::new(),
            reason: String::new(),
        };
        self.entries.push((entry, text));
        Ok(())
    }

    /// All entries of a rule set, oldest first.
    pub fn history<'p>(&'p self, rule_set: &'p str) -> impl Iterator<Item = &'p ParameterEntry> {
        self.entries.iter().map(|(entry, _)| entry).filter(move |entry| entry.target.rule_set == rule_set)
    }

    /// The effective value as JSON text.
    #[must_use]
    pub fn effective(&self, question: &Question<'_>) -> Cow<'_, str> {
        let tolerances = question.tolerances();
        match (self.applicable(question).as_slice(), &tolerances) {
            ([], None) => Cow::Borrowed("{}"),
            ([(_, text)], None) => Cow::Borrowed(text),
            (several, _) => {
                let mut value = Value::Object(serde_json::Map::new());
                for (_, patch) in in_order(several, tolerances.as_ref()) {
                    merge(&mut value, patch);
                }
                Cow::Owned(value.to_string())
            }
        }
    }

    /// The members of the effective value, by their pointers.
    #[must_use]
    pub fn explained(&self, question: &Question<'_>) -> Vec<Member<'_>> {
        let tolerances = question.tolerances();
        let applicable = self.applicable(question);
        let mut members = BTreeMap::new();
        let mut value = Value::Object(serde_json::Map::new());
        for (entry, patch) in in_order(&applicable, tolerances.as_ref()) {
            merge(&mut value, patch);
            let mut held = BTreeMap::new();
            leaves(&value, String::new(), &mut held);
            let mut said = BTreeMap::new();
            leaves(patch, String::new(), &mut said);
            // What this entry says, or has changed, is its own.
            members = held
                .into_iter()
                .map(|(pointer, value)| {
                    let before: Option<Member<'_>> = members.remove(&pointer);
                    let kept = before.filter(|b| b.value == value && !said.contains_key(&pointer));
                    (pointer.clone(), kept.unwrap_or(Member { pointer, value, entry }))
                })
                .collect();
        }
        members.into_values().collect()
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

impl Question<'_> {
    /// What the agreement says of tolerances, as parameters.
    fn tolerances(&self) -> Option<Value> {
        let terms = self.agreement.filter(|_| self.tolerances)?.said()?;
        if terms.tolerances.is_empty() {
            return None;
        }
        serde_json::to_value(&terms.tolerances).ok().map(|units| serde_json::json!({ "tolerances": units }))
    }
}

/// What is merged, from the general to the special: entries, and before those
/// of the agreement its tolerances.
fn in_order<'v, 'p: 'v>(
    applicable: &[&'p (ParameterEntry, String)],
    tolerances: Option<&'v Value>,
) -> Vec<(Option<&'p ParameterEntry>, &'v Value)> {
    let mut patches: Vec<_> = applicable.iter().map(|(entry, _)| (Some(entry), &entry.content)).collect();
    if let Some(tolerances) = tolerances {
        let general = applicable.partition_point(|(entry, _)| entry.target.layer < Layer::Agreement);
        patches.insert(general, (None, tolerances));
    }
    patches
}

/// The members of a value that have none of their own.
fn leaves(value: &Value, pointer: String, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                leaves(value, format!("{pointer}/{name}"), found);
            }
        }
        Value::Object(_) if pointer.is_empty() => {}
        other => drop(found.insert(pointer, other.clone())),
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
                Layer::Agreement => {
                    question.agreement.is_some_and(|agreement| agreement.name == self.selector)
                }
            }
    }

    fn check(&self) -> Result<(), String> {
        let selector = self.selector.as_str();
        let digits =
            !selector.is_empty() && selector.len() <= 12 && selector.bytes().all(|b| b.is_ascii_digit());
        match self.layer {
            Layer::Global if !selector.is_empty() => Err("the global layer has no selector".into()),
            Layer::Commodity if !digits => {
                Err(format!("{selector:?} is not a commodity prefix of 1 to 12 digits"))
            }
            Layer::Partner if !is_country(selector) => {
                Err(format!("{selector:?} is not a country code such as NZ"))
            }
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

fn check(target: &Target, content: &Value) -> Result<(), ReferenceError> {
    target.check().map_err(ReferenceError::Invalid)?;
    if content.is_object() || content.is_null() {
        return Ok(());
    }
    Err(ReferenceError::Invalid("parameters are a JSON object, or null to take them back".into()))
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
    check(target, content)?;
    // Entries are ordered by when they were recorded: one at a time.
    transaction.lock(&["reference/parameters"])?;
    if target.layer == Layer::Agreement {
        let known = transaction
            .query("SELECT id FROM agreement_entry WHERE name = $1 LIMIT 1", &[(&target.selector).into()])?;
        if known.is_empty() {
            return Err(ReferenceError::UnknownAgreement(target.selector.clone()));
        }
    }
    let entry = ParameterEntry {
        id: new_id(),
        target: target.clone(),
        content: content.clone(),
        recorded_at: now(),
        recorded_by: by.name.clone(),
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
