//! Agreements with partners: how certificates are exchanged, for which goods,
//! and whether the electronic one suffices.
//!
//! An entry says what an agreement says on the days it holds, or with `null`
//! that there is none. Of the entries of one name that hold on a day, the one
//! recorded last counts. Entries are never changed or removed, so what held at
//! any moment can be told. Of two agreements with a partner, the one that
//! names more digits of a commodity code decides; two that name the same
//! digits contradict each other and are refused.

mod store;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::values::Date;
use serde::Serialize;

pub(super) use store::{add_outage, check, load, set, with_outage};
pub use terms::{Direction, Exchange, Outage, Terms, Tolerance};

use super::SchemaProblem;

/// A stored entry.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementEntry {
    /// Identifier; later ones sort behind.
    pub id: String,
    /// Name of the agreement.
    pub name: String,
    /// First day it holds, if bounded.
    pub valid_from: Option<Date>,
    /// Last day it holds, if bounded.
    pub valid_until: Option<Date>,
    /// What it says; none takes back what was said before.
    pub terms: Option<Terms>,
    /// When it was recorded, in microseconds since 1970.
    pub recorded_at: i64,
    /// The author.
    pub recorded_by: String,
    /// Why.
    pub reason: String,
}

impl AgreementEntry {
    /// An entry that is not stored yet.
    #[must_use]
    pub fn new(name: &str, terms: Terms, reason: &str) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            valid_from: terms.valid_from,
            valid_until: terms.valid_until,
            terms: Some(terms),
            recorded_at: 0,
            recorded_by: String::new(),
            reason: reason.to_owned(),
        }
    }

    /// An entry by which there is no such agreement from a day on.
    #[must_use]
    pub fn end(name: &str, from: Option<Date>, reason: &str) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            valid_from: from,
            valid_until: None,
            terms: None,
            recorded_at: 0,
            recorded_by: String::new(),
            reason: reason.to_owned(),
        }
    }

    fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_until.is_none_or(|until| day <= until)
    }

    /// What it says; no entry that is found by day lacks it.
    #[must_use]
    pub fn said(&self) -> Option<&Terms> {
        self.terms.as_ref()
    }
}

/// All agreements, with all that was ever said of them.
#[derive(Clone, Debug, Default)]
pub struct Agreements {
    /// By name, in the order of recording.
    entries: BTreeMap<String, Vec<Arc<AgreementEntry>>>,
}

impl Agreements {
    /// Agreements from entries in the order of recording.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = AgreementEntry>) -> Self {
        let mut agreements = Self::default();
        entries.into_iter().for_each(|entry| agreements.add(entry));
        agreements
    }

    /// Reads agreements from a JSON list: each what it says, and its name.
    ///
    /// # Errors
    /// What is wrong with the list, and in which agreement.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let list: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(json)
            .map_err(|error| format!("it is not a list of agreements: {error}"))?;
        let mut agreements = Self::default();
        for (index, mut members) in list.into_iter().enumerate() {
            let Some(serde_json::Value::String(name)) = members.remove("name") else {
                return Err(format!("agreement {}: it has no name", index + 1));
            };
            let terms = serde_json::from_value(members.into());
            let entry = AgreementEntry::new(&name, terms.map_err(|error| format!("{name}: {error}"))?, "");
            check(&agreements, &entry).map_err(|error| match error {
                super::ReferenceError::Fields(problems) => {
                    let problems = problems.iter().map(|p| format!("{name}{}: {}", p.pointer, p.text));
                    problems.collect::<Vec<_>>().join("; ")
                }
                other => format!("{name}: {other}"),
            })?;
            agreements.add(entry);
        }
        Ok(agreements)
    }

    pub(super) fn add(&mut self, entry: AgreementEntry) {
        self.entries.entry(entry.name.clone()).or_default().push(Arc::new(entry));
    }

    /// All entries of an agreement, oldest first; none of a name that is
    /// unknown.
    #[must_use]
    pub fn history(&self, name: &str) -> Option<&[Arc<AgreementEntry>]> {
        self.entries.get(name).map(Vec::as_slice)
    }

    /// The names of all agreements.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// What an agreement says on a day.
    #[must_use]
    pub fn on(&self, name: &str, day: Date) -> Option<&Arc<AgreementEntry>> {
        let last = self.entries.get(name)?.iter().rev().find(|entry| entry.holds_on(day))?;
        last.terms.is_some().then_some(last)
    }

    /// All agreements that hold on a day.
    pub fn all_on(&self, day: Date) -> impl Iterator<Item = &Arc<AgreementEntry>> {
        self.entries.keys().filter_map(move |name| self.on(name, day))
    }

    /// The days from which something else may hold, within those of an entry.
    fn turns(&self, entry: &AgreementEntry) -> Vec<Date> {
        let earliest = Date { year: 1, month: 1, day: 1 };
        let all = self.entries.values().flatten();
        let mut days: Vec<Date> = all
            .flat_map(|other| [other.valid_from, other.valid_until.and_then(next_day)])
            .flatten()
            .chain([entry.valid_from.unwrap_or(earliest)])
            .filter(|day| entry.holds_on(*day))
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Where an entry says the same goods are someone else's to decide on.
    fn contradictions(&self, entry: &AgreementEntry) -> Vec<SchemaProblem> {
        let Some(terms) = &entry.terms else { return Vec::new() };
        let mut problems: Vec<SchemaProblem> = Vec::new();
        for day in self.turns(entry) {
            for other in self.all_on(day).filter(|other| other.name != entry.name) {
                let Some(said) = other.said() else { continue };
                if said.partner != terms.partner || said.direction != terms.direction {
                    continue;
                }
                for (index, prefix) in terms.commodities.iter().enumerate() {
                    let pointer = format!("/commodities/{index}");
                    let known = problems.iter().any(|problem| problem.pointer == pointer);
                    if !known && said.commodities.contains(prefix) {
                        let text = format!(
                            "the agreement {} decides on {prefix} with {} from {day} already; end it first, \
                             or name more digits here",
                            other.name, terms.partner
                        );
                        problems.push(SchemaProblem { pointer, text });
                    }
                }
            }
        }
        problems
    }
}

/// The agreement that decides for goods of a code with a partner, of those
/// that hold on a day.
#[must_use]
pub fn governing<'a>(
    in_force: &'a [Arc<AgreementEntry>],
    partner: &str,
    direction: Direction,
    commodity: &str,
) -> Option<&'a Arc<AgreementEntry>> {
    let fitting = in_force.iter().filter_map(|entry| {
        let terms = entry.said().filter(|t| t.partner == partner && t.direction == direction)?;
        Some((terms.covers(commodity)?, entry))
    });
    fitting.max_by_key(|(digits, _)| *digits).map(|(_, entry)| entry)
}

fn next_day(day: Date) -> Option<Date> {
    let day = jiff::civil::Date::try_from(day).ok()?;
    Date::try_from(day.tomorrow().ok()?).ok()
}
