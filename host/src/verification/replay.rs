//! Proves a stored verdict again from its record.

use ecert_model::reports::{Report, Severity};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

use super::Verdict;
use super::judge::judge;
use super::past::{Past, PastCase};
use super::record::{Finding, RuleSetRun};
use super::render::HOST;
use super::summary::reports_digest;
use super::verdict::verdict;
use crate::contract::places::Places;
use crate::engine::{ENGINE_VERSION, Plugin};
use crate::registry::RegistryError;
use crate::store::StoreError;

/// How a replay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The reports are the same, byte for byte, and so is the verdict.
    Identical,
    /// Something differs.
    Differs,
    /// What judged, or was judged, is not kept any more.
    Impossible,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// The stored record is not what was stored.
    Record,
    /// A message is not kept any more, or not as it was received.
    Original,
    /// A component is not kept any more, or does not load.
    Component,
    /// A version of a table is not kept any more.
    Table,
    /// The engine is of another version.
    Engine,
    /// A run was stopped by wall time, which no replay can repeat.
    InterruptedRun,
    /// A rule came to another result.
    Rule,
    /// Findings differ.
    Finding,
    /// Other things were looked up, or found.
    Lookup,
    /// Another amount of fuel was used.
    Fuel,
    /// A rule set failed, or failed otherwise.
    Failure,
    /// The verdict.
    Verdict,
}

/// A difference between what is recorded and what the replay came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// In what.
    pub part: Part,
    /// The rule set concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_set: Option<String>,
    /// What was recorded and what came of the replay, for people.
    pub text: String,
}

/// A replay.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Replay {
    /// The verification.
    pub verification: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The recorded verdict.
    pub verdict: Verdict,
    /// SHA-256 of the recorded reports (RFC 8785).
    pub recorded: String,
    /// SHA-256 of those of the replay, if it came to any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replayed: Option<String>,
    /// What differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// The rule sets that ran again, as name and version.
    pub rule_sets: Vec<String>,
}

impl Past {
    /// Judges a stored verification again, by the same components over the
    /// same tables, and compares. None if there is no such verification, or it
    /// is from before cases were kept.
    pub fn replay(&self, id: &str) -> Result<Option<Replay>, StoreError> {
        let Some(kept) = self.one(id)? else { return Ok(None) };
        let originals = kept.frame.certificates.clone();
        let erased = self.store.read(|transaction| super::originals::missing(transaction, id, &originals))?;
        let mut replay = match kept.restore() {
            Ok(past) => self.judge_again(id, past)?,
            Err(lost) => Replay {
                verification: id.to_owned(),
                outcome: Outcome::Impossible,
                verdict: Verdict::Review,
                recorded: String::new(),
                replayed: None,
                differences: vec![Difference::of(Part::Original, None, lost.to_string())],
                rule_sets: Vec::new(),
            },
        };
        replay.differences.extend(erased.into_iter().map(|text| Difference::of(Part::Original, None, text)));
        Ok(Some(replay))
    }

    fn judge_again(&self, id: &str, mut past: PastCase) -> Result<Replay, StoreError> {
        let mut differences = Vec::new();
        let mut note = |part, set: Option<&RuleSetRun>, text: String| {
            differences.push(Difference::of(part, set.map(|set| set.name.clone()), text));
        };
        let mut lost = false;
        if !past.intact {
            note(Part::Record, None, "the digest of the stored record is another than was stored".into());
        }
        let tables = match self.tables(&past.record.pins.tables) {
            Ok(tables) => Some(tables),
            Err(crate::reference::ReferenceError::Store(error)) => return Err(error),
            Err(error) => {
                note(Part::Table, None, error.to_string());
                lost = true;
                None
            }
        };
        if let Some(tables) = &tables {
            past.standardise(&**tables);
        }
        let mut case = past.case.clone();
        let mut runs: Vec<RuleSetRun> = Vec::new();
        let mut reports: Vec<(Arc<Plugin>, Report)> = Vec::new();
        for (recorded, framed) in past.record.rule_sets.iter().zip(&past.frame.runs) {
            let plugin = match self.plugin(&recorded.digest) {
                Ok(plugin) => plugin,
                Err(RegistryError::Store(error)) => return Err(error),
                Err(error) => {
                    note(Part::Component, Some(recorded), error.to_string());
                    None
                }
            };
            let (Some(plugin), Some(tables)) = (plugin, &tables) else {
                note(Part::Component, Some(recorded), format!("{} cannot be run again", recorded.digest));
                lost = true;
                continue;
            };
            framed.set(&mut case);
            let judged = judge(&self.engine, tables, &plugin, &case);
            compare(recorded, &judged.record, &mut note);
            runs.push(judged.record);
            reports.extend(judged.report.map(|report| (plugin, report)));
        }
        let none = Places::default();
        let renderer = past.renderer(&none);
        let replayed: Vec<Finding> = reports
            .iter()
            .flat_map(|(plugin, report)| report.findings.iter().map(|f| renderer.rule(plugin.manifest(), f)))
            .collect();
        if !lost {
            compare_findings(&past.record.findings, &replayed, &mut note);
            let host = past.record.findings.iter().filter(|finding| finding.source == HOST);
            let severities: Vec<Severity> = host.chain(&replayed).map(|finding| finding.severity).collect();
            let again = verdict(severities, past.record.verdict != Verdict::NoneRequired);
            if again != past.record.verdict {
                note(Part::Verdict, None, format!("{} was recorded, and it is {again}", past.record.verdict));
            }
        }
        let digest = (!lost).then(|| reports_digest(&runs, &reports).to_string());
        let same = digest.as_deref() == Some(past.record.pins.reports.as_str());
        // Another engine that comes to the same is no difference.
        if !same && past.record.pins.engine != ENGINE_VERSION {
            let text = format!("recorded with {}, replayed with {ENGINE_VERSION}", past.record.pins.engine);
            note(Part::Engine, None, text);
        }
        let outcome = match (lost, same && differences.is_empty()) {
            (true, _) => Outcome::Impossible,
            (false, true) => Outcome::Identical,
            (false, false) => Outcome::Differs,
        };
        Ok(Replay {
            verification: id.to_owned(),
            outcome,
            verdict: past.record.verdict,
            recorded: past.record.pins.reports,
            replayed: digest,
            differences,
            rule_sets: runs.iter().map(|run| format!("{} {}", run.name, run.version)).collect(),
        })
    }
}

impl Difference {
    fn of(part: Part, rule_set: Option<String>, text: String) -> Self {
        Self { part, rule_set, text }
    }
}

/// Notes a difference in a part of a rule set's run.
type Note<'n> = dyn FnMut(Part, Option<&RuleSetRun>, String) + 'n;

fn compare(recorded: &RuleSetRun, replayed: &RuleSetRun, note: &mut Note<'_>) {
    if recorded.interrupted && recorded.failure.is_some() {
        let text = "the recorded run was stopped by wall time".to_owned();
        note(Part::InterruptedRun, Some(recorded), text);
    } else if recorded.failure != replayed.failure {
        let text = |failure: &Option<String>| failure.clone().unwrap_or_else(|| "it gave an answer".into());
        let text = format!("recorded: {}; replayed: {}", text(&recorded.failure), text(&replayed.failure));
        note(Part::Failure, Some(recorded), text);
    }
    for rule in &recorded.rules {
        let again = replayed.rules.iter().find(|other| other.rule == rule.rule);
        if again != Some(rule) {
            let text = format!("{}: recorded {rule:?}, replayed {again:?}", rule.rule);
            note(Part::Rule, Some(recorded), text);
        }
    }
    if recorded.lookups != replayed.lookups {
        let text = "keys or answers of its look-ups have another digest".to_owned();
        note(Part::Lookup, Some(recorded), text);
    }
    if recorded.fuel != replayed.fuel {
        let text = format!("{} was recorded, and it is {}", recorded.fuel, replayed.fuel);
        note(Part::Fuel, Some(recorded), text);
    }
}

fn compare_findings(recorded: &[Finding], replayed: &[Finding], note: &mut Note<'_>) {
    // Where a finding stands is not compared: the declaration's place table is
    // not kept, and the digest of the reports covers the numbers.
    let key = |finding: &Finding| Finding { places: Vec::new(), ..finding.clone() };
    let text = |finding: &Finding| {
        let said = finding.texts.get("en").or_else(|| finding.texts.values().next());
        let (source, rule) = (&finding.source, &finding.rule);
        let item = finding.item.map(|item| format!(", item {item}")).unwrap_or_default();
        format!("{source}/{rule}{item}: {}", said.map_or("", String::as_str))
    };
    let ours: Vec<Finding> = recorded.iter().filter(|finding| finding.source != HOST).map(key).collect();
    let theirs: Vec<Finding> = replayed.iter().map(key).collect();
    for gone in ours.iter().filter(|finding| !theirs.contains(finding)) {
        note(Part::Finding, None, format!("recorded and not found again: {}", text(gone)));
    }
    for new in theirs.iter().filter(|finding| !ours.contains(finding)) {
        note(Part::Finding, None, format!("found and not recorded: {}", text(new)));
    }
}
