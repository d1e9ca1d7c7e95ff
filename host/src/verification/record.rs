//! The record of a verification: what was judged, by what, with which result.
//!
//! It is stored as it stands here and answered by the API in the same form, so
//! names are stable. Everything that decided is pinned by its digest.

use std::collections::BTreeMap;

use ecert_model::manifest::{Localised, Manifest};
use ecert_model::reports::{Report, Severity, Verdict as RuleVerdict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Verdict;
use crate::contract::places::Location;
use crate::engine::Failure;

/// A verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its identifier; empty for one that was not stored.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What it came to.
    pub verdict: Verdict,
    /// When it was done (RFC 3339, UTC).
    pub at: String,
    /// Who asked for it.
    pub requested_by: String,
    /// The declaration.
    pub declaration: DeclarationSummary,
    /// The certificates it cites, in the order of the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<CertificateSummary>,
    /// The dates that decided.
    pub dates: Dates,
    /// What was found, the root cause first.
    pub findings: Vec<Finding>,
    /// The rule sets that ran.
    pub rule_sets: Vec<RuleSetRun>,
    /// What the verdict rests on beside messages and rule sets.
    pub pins: Pins,
    /// How long it took, in microseconds.
    pub microseconds: u64,
}

/// What was declared, in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeclarationSummary {
    /// Identifier of the stored declaration.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Movement reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrn: Option<String>,
    /// Local reference number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// Version, counted by this host.
    pub version: u32,
    /// Country it was made to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// SHA-256 of the message as received.
    pub digest: String,
    /// The goods items.
    pub items: Vec<ItemSummary>,
}

/// A goods item, in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemSummary {
    /// Its number in the declaration.
    pub sequence: u32,
    /// Commodity code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commodity: Option<String>,
    /// First description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Country of origin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Name of the agreement that decides for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<String>,
    /// The certificate lines it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<PairedLine>,
}

/// A certificate line that an item belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairedLine {
    /// Index into the record's certificates.
    pub certificate: u32,
    /// The line's number in the certificate.
    pub line: u32,
    /// Why: `line-reference`, `unique-code`, `officer` or `ambiguous`.
    pub basis: String,
}

/// A certificate, in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateSummary {
    /// Identifier of the stored certificate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Version, counted by this host.
    pub version: u32,
    /// Number as written.
    pub number: String,
    /// Type (UNCL 1001).
    pub type_code: String,
    /// Issuing country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Status that held (UNCL 4405).
    pub status: String,
    /// SHA-256 of the message as received.
    pub digest: String,
}

/// The dates that decided, in the authority's time zone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dates {
    /// The day whose law applied.
    pub decision: String,
    /// `acceptance` by customs, or `receipt` here.
    pub basis: String,
    /// Receipt by this host, as an instant.
    pub received: String,
    /// The authority's time zone (IANA).
    pub zone: String,
    /// Arrival of the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<String>,
    /// Dispatch of the goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<String>,
}

/// Something found, ready to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule set that found it, or `host`.
    pub source: String,
    /// The rule, or the host's code.
    pub rule: String,
    /// Index of the item; none for the declaration as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// How grave: `information`, `warning`, `discrepancy` or `prohibition`.
    #[schema(value_type = String)]
    pub severity: Severity,
    /// What the rule demands, per language.
    #[schema(value_type = BTreeMap<String, String>)]
    pub titles: Localised,
    /// What was found, per language.
    #[schema(value_type = BTreeMap<String, String>)]
    pub texts: Localised,
    /// What was expected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<Shown>,
    /// What was found instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actual: Vec<Shown>,
    /// Where it stands in the messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<FoundAt>,
    /// The kind of law, protocol or standard the rule stands for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub legal_basis: String,
    /// Where officers read more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A value of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// `text`, `number`, `quantity`, `date` or `code`.
    pub kind: String,
    /// The value.
    pub value: String,
    /// Unit of a quantity (UN/ECE Recommendation 20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// List of a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Meaning of a code, as the message gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where a finding stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundAt {
    /// Index into the record's certificates; none for the declaration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<u32>,
    /// Where in that message.
    #[serde(flatten)]
    pub location: Location,
}

/// One run of a rule set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleSetRun {
    /// Name of the rule set.
    pub name: String,
    /// Version of the rule set.
    pub version: String,
    /// SHA-256 of its component.
    pub digest: String,
    /// Its kind, as the table of requirements names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Titles for people, per language.
    #[schema(value_type = BTreeMap<String, String>)]
    pub titles: Localised,
    /// Indices of the items it judged.
    pub items: Vec<u32>,
    /// What each of its rules came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleOutcome>,
    /// Why it came to no result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Stable code of that, such as `fuel` or `trap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
    /// Whether wall time stopped it once, which says more about the machine
    /// than about the rule set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// SHA-256 of its parameters.
    pub parameters: String,
    /// SHA-256 of its look-ups, keys and answers, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookups: Option<String>,
    /// Fuel it used.
    pub fuel: u64,
    /// How long it took, in microseconds.
    pub microseconds: u64,
}

impl RuleSetRun {
    /// Whether it came to no result, and not for want of time or room here.
    pub fn failed_by_itself(&self) -> bool {
        self.failure_code.as_deref().is_some_and(|code| !Failure::MACHINES_OWN.contains(&code))
    }
}

/// What one rule came to on all items. An item is given by its index; a rule
/// on the declaration as a whole stands under `declaration`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleOutcome {
    /// The rule.
    pub rule: String,
    /// Items it passed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<u32>,
    /// Items it failed on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<u32>,
    /// Items it had nothing to check on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_applicable: Vec<u32>,
    /// Items it could not be judged on, by what was missing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_evaluable: BTreeMap<String, Vec<u32>>,
    /// What it came to on the declaration as a whole: `passed`, `failed`,
    /// `not-applicable`, or `not-evaluable: …` with what was missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<String>,
}

/// What a verdict rests on beside messages and rule sets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pins {
    /// Version of the contract.
    pub contract: String,
    /// Version of the engine.
    pub engine: String,
    /// Identifiers of the table versions that could be looked up, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, String>,
    /// Identifiers of what the agreements said that decided, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agreements: BTreeMap<String, String>,
    /// SHA-256 of all reports (RFC 8785), in the order of the rule sets.
    pub reports: String,
}

/// Groups a report's outcomes by rule.
pub fn rule_outcomes(manifest: &Manifest, report: &Report) -> Vec<RuleOutcome> {
    let mut rules: Vec<RuleOutcome> = Vec::new();
    let mut current = None;
    for outcome in &report.outcomes {
        let Some(rule) = manifest.rules.get(usize::from(outcome.rule)) else { continue };
        if current != Some(outcome.rule) {
            current = Some(outcome.rule);
            rules.push(RuleOutcome { rule: rule.id.clone(), ..RuleOutcome::default() });
        }
        let Some(group) = rules.last_mut() else { continue };
        let need = |index: u16| rule.needs.get(usize::from(index)).map_or("?", String::as_str);
        match (outcome.item, outcome.verdict) {
            (None, verdict) => group.declaration = Some(verdict_text(verdict, need)),
            (Some(item), RuleVerdict::Passed) => group.passed.push(item),
            (Some(item), RuleVerdict::Failed) => group.failed.push(item),
            (Some(item), RuleVerdict::NotApplicable) => group.not_applicable.push(item),
            (Some(item), RuleVerdict::NotEvaluable(index)) => {
                group.not_evaluable.entry(need(index).to_owned()).or_default().push(item);
            }
        }
    }
    rules
}

fn verdict_text<'n>(verdict: RuleVerdict, need: impl Fn(u16) -> &'n str) -> String {
    match verdict {
        RuleVerdict::Passed => "passed".to_owned(),
        RuleVerdict::Failed => "failed".to_owned(),
        RuleVerdict::NotApplicable => "not-applicable".to_owned(),
        RuleVerdict::NotEvaluable(index) => format!("not-evaluable: {}", need(index)),
    }
}

impl Record {
    /// The number of an item in the declaration, by its index.
    pub fn sequence(&self, item: u32) -> u32 {
        self.declaration.items.get(item as usize).map_or(item + 1, |i| i.sequence)
    }

    /// How many checks passed, failed, did not apply, could not be judged.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for rule in self.rule_sets.iter().flat_map(|set| &set.rules) {
            counts.passed += rule.passed.len();
            counts.failed += rule.failed.len();
            counts.not_applicable += rule.not_applicable.len();
            counts.not_evaluable += rule.not_evaluable.values().map(Vec::len).sum::<usize>();
            match rule.declaration.as_deref() {
                None => {}
                Some("passed") => counts.passed += 1,
                Some("failed") => counts.failed += 1,
                Some("not-applicable") => counts.not_applicable += 1,
                Some(_) => counts.not_evaluable += 1,
            }
        }
        counts
    }
}

/// Numbers of checks by what they came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// As it should be.
    pub passed: usize,
    /// Not as it should be.
    pub failed: usize,
    /// Nothing to check.
    pub not_applicable: usize,
    /// Could not be judged.
    pub not_evaluable: usize,
}
