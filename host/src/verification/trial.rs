//! A candidate over cases that others judged already: what would change.
//!
//! The same for a version in shadow, on live traffic, and for a backtest, over
//! what is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecert_model::cases::Case;
use ecert_model::reports::Severity;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Verdict;
use super::case::{items_in_scope, set_due};
use super::evaluate::{Parameters, is_said, parameters};
use super::finding::{HostCode, HostFinding};
use super::frame::FramedRun;
use super::judge::judge;
use super::needs::agreed;
use super::past::PastCase;
use super::record::{Finding, Record};
use super::render::{HOST, Renderer};
use super::verdict::verdict;
use crate::contract::Tables;
use crate::contract::places::Places;
use crate::engine::{Engine, Plugin};
use crate::reference::Agreements;

/// Examples that a tally keeps.
const MAX_EXAMPLES: usize = 50;

/// A candidate and what it is run with.
pub(super) struct Trial<'t> {
    pub(super) engine: &'t Engine,
    pub(super) candidate: &'t Plugin,
    /// The version it is compared with; without one, what was recorded.
    pub(super) baseline: Option<&'t Plugin>,
    /// What holds for items that no version of the candidate judged.
    pub(super) parameters: &'t dyn Parameters,
    /// The agreements, for the same items.
    pub(super) agreements: &'t Agreements,
}

/// What a finding became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// The candidate finds what was not found.
    New,
    /// The candidate does not find what was found.
    Gone,
    /// It finds it with another severity, other values or other words.
    Other,
}

/// A finding that the candidate changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangedFinding {
    /// The rule.
    pub rule: String,
    /// Number of the item in the declaration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// What became of it.
    pub became: Became,
    /// Its severity, after the change where it is still found.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What it says, in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What a candidate would have changed in one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaseDifference {
    /// The verification.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub verification: String,
    /// The verdict as it is.
    pub verdict: Verdict,
    /// The verdict as it would be.
    pub candidate: Verdict,
    /// The findings that change.
    pub findings: Vec<ChangedFinding>,
    /// Why the candidate came to no result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl CaseDifference {
    /// Without what tells of traders: for publishers.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.verification.clear();
        self.findings.iter_mut().for_each(|finding| finding.text.clear());
        self
    }
}

/// What a candidate came to in one case.
pub(super) enum Tried {
    /// No item was in its scope, and none was before.
    NotConcerned,
    /// It judged, and nothing changes.
    Same,
    /// Something changes.
    Different(Box<CaseDifference>),
}

/// What a version makes of a case in place of the one that judged it.
struct Outcome {
    /// Whether an item is in its scope, or was in that of the version before.
    concerned: bool,
    /// What it finds itself.
    findings: Vec<Finding>,
    /// The verdict with its findings.
    verdict: Verdict,
    /// Why it came to no result.
    failure: Option<String>,
}

impl Trial<'_> {
    /// Runs the candidate on a case in place of the version that judged it.
    pub(super) fn run(&self, past: &PastCase, tables: &Arc<dyn Tables>) -> Tried {
        let after = self.outcome(self.candidate, past, tables);
        let before = match self.baseline {
            Some(baseline) => self.outcome(baseline, past, tables),
            None => self.recorded(past),
        };
        if !(after.concerned || self.baseline.is_some() && before.concerned) {
            return Tried::NotConcerned;
        }
        let findings = changes(&past.record, &before.findings, &after.findings);
        if findings.is_empty() && after.failure == before.failure && after.verdict == before.verdict {
            return Tried::Same;
        }
        Tried::Different(Box::new(CaseDifference {
            verification: past.record.id.clone(),
            verdict: before.verdict,
            candidate: after.verdict,
            findings,
            failure: after.failure,
        }))
    }

    /// What the version that judged the case made of it.
    fn recorded(&self, past: &PastCase) -> Outcome {
        let name = self.candidate.manifest().name.as_str();
        let own = past.record.findings.iter().filter(|finding| finding.source == name);
        Outcome {
            concerned: true,
            findings: own.cloned().collect(),
            verdict: past.record.verdict,
            failure: None,
        }
    }

    fn outcome(&self, plugin: &Plugin, past: &PastCase, tables: &Arc<dyn Tables>) -> Outcome {
        let name = plugin.manifest().name.as_str();
        let runs = || past.record.rule_sets.iter().zip(&past.frame.runs);
        let replaced: Vec<_> = runs().filter(|(run, _)| run.name == name).collect();
        let mut case = past.case.clone();
        let mut items = items_in_scope(plugin.manifest(), &case);
        items.retain(|item| past.frame.concerned.contains(item));
        let others = runs().filter(|(run, _)| run.name != name).flat_map(|(_, framed)| &framed.host);
        let host = past.frame.host.iter().chain(others);
        let mut host: Vec<HostFinding> = host.map(|framed| HostFinding::from(*framed)).collect();
        host.extend(uncovered(plugin, past, &replaced, &items));
        let none = Places::default();
        let renderer = past.renderer(&none);
        let mut findings = Vec::new();
        let mut failure = None;
        if !items.is_empty() {
            self.set_due(plugin, &mut case, &items, &replaced);
            let judged = judge(self.engine, tables, plugin, &case);
            host.extend(judged.findings);
            failure = judged.record.failure;
            let found = judged.report.iter().flat_map(|report| &report.findings);
            findings = found.map(|finding| renderer.rule(plugin.manifest(), finding)).collect();
        }
        let verdict = verdict_with(past, &renderer, name, &findings, &host);
        let concerned = !(items.is_empty() && replaced.is_empty());
        Outcome { concerned, findings, verdict, failure }
    }

    /// The parameters that held then where a version of the candidate judged
    /// the item, else those that hold now.
    fn set_due(
        &self,
        plugin: &Plugin,
        case: &mut Case,
        items: &[u32],
        replaced: &[(&super::record::RuleSetRun, &FramedRun)],
    ) {
        let then = |item: u32| {
            let (framed, due) = replaced.iter().find_map(|(_, framed)| {
                framed.due.iter().find(|due| due.item == item).map(|due| (framed, due))
            })?;
            framed.parameters.get(due.parameters as usize).cloned()
        };
        let agreed = agreed(case, self.agreements);
        let now = parameters(self.parameters, plugin, case, items, &agreed);
        let texts: BTreeMap<u32, String> =
            items.iter().zip(now).map(|(&item, now)| (item, then(item).unwrap_or(now))).collect();
        set_due(case, items, |item| texts.get(&item).cloned().unwrap_or_default());
    }
}

/// Items that a version leaves to nobody.
fn uncovered(
    plugin: &Plugin,
    past: &PastCase,
    replaced: &[(&super::record::RuleSetRun, &FramedRun)],
    items: &[u32],
) -> Vec<HostFinding> {
    let Some(kind) = plugin.manifest().rule_kind.as_deref() else { return Vec::new() };
    let name = plugin.manifest().name.as_str();
    let elsewhere = |item: u32| {
        past.record
            .rule_sets
            .iter()
            .any(|run| run.name != name && run.kind.as_deref() == Some(kind) && run.items.contains(&item))
    };
    let left = replaced.iter().flat_map(|(run, _)| &run.items).filter(|item| !items.contains(item));
    left.filter(|item| !elsewhere(**item))
        .map(|item| HostFinding::new(HostCode::ItemUncovered, Some(*item)).argument("kinds", kind))
        .collect()
}

/// The verdict on a case with these findings of a rule set, and the host's,
/// in place of those it had.
fn verdict_with(
    past: &PastCase,
    renderer: &Renderer<'_>,
    name: &str,
    findings: &[Finding],
    host: &[HostFinding],
) -> Verdict {
    let recorded = &past.record.findings;
    let kept = recorded.iter().filter(|finding| finding.source != HOST && finding.source != name);
    let mut all: Vec<Finding> = kept.chain(findings).cloned().collect();
    let unsaid: Vec<Finding> =
        host.iter().filter(|finding| !is_said(&all, finding)).map(|f| renderer.host(f)).collect();
    all.extend(unsaid);
    // What the ledger said does not depend on rule sets.
    let ledger = |finding: &&Finding| {
        let mut codes = HostCode::ALL.into_iter().filter(|code| code.is_of_ledger());
        finding.source == HOST && codes.any(|code| code.name() == finding.rule)
    };
    all.extend(recorded.iter().filter(ledger).cloned());
    verdict(all.iter().map(|finding| finding.severity), !past.frame.concerned.is_empty())
}

/// How two lists of findings differ, places aside.
pub(super) fn changes(record: &Record, before: &[Finding], after: &[Finding]) -> Vec<ChangedFinding> {
    let same = |a: &Finding, b: &Finding| {
        (&a.source, &a.rule, a.item, a.severity, &a.texts, &a.expected, &a.actual)
            == (&b.source, &b.rule, b.item, b.severity, &b.texts, &b.expected, &b.actual)
    };
    let changed = |finding: &Finding, became| ChangedFinding {
        rule: finding.rule.clone(),
        item: finding.item.map(|item| record.sequence(item)),
        became,
        severity: finding.severity,
        text: finding.texts.get("en").cloned().unwrap_or_default(),
    };
    let mut left: Vec<&Finding> = before.iter().collect();
    let mut new: Vec<&Finding> = Vec::new();
    for finding in after {
        match left.iter().position(|known| same(known, finding)) {
            Some(index) => drop(left.swap_remove(index)),
            None => new.push(finding),
        }
    }
    let mut changes = Vec::new();
    for finding in new {
        let known = left.iter().position(|known| (&known.rule, known.item) == (&finding.rule, finding.item));
        let became = match known {
            Some(index) => {
                left.swap_remove(index);
                Became::Other
            }
            None => Became::New,
        };
        changes.push(changed(finding, became));
    }
    changes.extend(left.into_iter().map(|finding| changed(finding, Became::Gone)));
    changes
}

/// What a candidate changes in many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Tally {
    /// Cases that were looked at.
    pub cases: u64,
    /// Cases with items for the candidate.
    pub judged: u64,
    /// Cases in which it came to no result.
    pub failed: u64,
    /// Cases that cannot be judged again, since something is not kept.
    pub lost: u64,
    /// Cases in which a finding or the verdict changes.
    pub different: u64,
    /// Changed verdicts, as `release → review`, and how many cases.
    pub verdicts: BTreeMap<String, u64>,
    /// Changed findings per rule.
    pub rules: BTreeMap<String, RuleTally>,
    /// Some of the cases that change, those with another verdict first.
    pub examples: Vec<CaseDifference>,
}

/// What a candidate changes in one rule's findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RuleTally {
    /// Findings that are new.
    pub new: u64,
    /// Findings that are gone.
    pub gone: u64,
    /// Findings with another severity, other values or other words.
    pub other: u64,
}

impl Tally {
    /// Counts a case.
    pub(super) fn count(&mut self, tried: Tried) {
        self.cases += 1;
        let difference = match tried {
            Tried::NotConcerned => return,
            Tried::Same => {
                self.judged += 1;
                return;
            }
            Tried::Different(difference) => *difference,
        };
        self.judged += 1;
        self.different += 1;
        self.failed += u64::from(difference.failure.is_some());
        if difference.verdict != difference.candidate {
            let change = format!("{} → {}", difference.verdict, difference.candidate);
            *self.verdicts.entry(change).or_default() += 1;
        }
        for finding in &difference.findings {
            let rule = self.rules.entry(finding.rule.clone()).or_default();
            match finding.became {
                Became::New => rule.new += 1,
                Became::Gone => rule.gone += 1,
                Became::Other => rule.other += 1,
            }
        }
        self.keep(difference);
    }

    /// Counts a case that cannot be judged again.
    pub(super) fn count_lost(&mut self) {
        self.cases += 1;
        self.lost += 1;
    }

    /// Adds what another tally counted.
    pub(super) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.judged += other.judged;
        self.failed += other.failed;
        self.lost += other.lost;
        self.different += other.different;
        for (change, count) in other.verdicts {
            *self.verdicts.entry(change).or_default() += count;
        }
        for (name, counted) in other.rules {
            let rule = self.rules.entry(name).or_default();
            rule.new += counted.new;
            rule.gone += counted.gone;
            rule.other += counted.other;
        }
        other.examples.into_iter().for_each(|example| self.keep(example));
    }

    /// Keeps an example. A changed verdict goes before a changed finding.
    fn keep(&mut self, example: CaseDifference) {
        let grave = |example: &CaseDifference| example.verdict != example.candidate;
        if self.examples.len() < MAX_EXAMPLES {
            self.examples.push(example);
        } else if grave(&example)
            && let Some(mild) = self.examples.iter_mut().find(|known| !grave(known))
        {
            *mild = example;
        }
        self.examples.sort_by_key(|example| !grave(example));
    }

    /// Without what tells of traders: for publishers.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.examples = self.examples.into_iter().map(CaseDifference::masked).collect();
        self
    }
}
