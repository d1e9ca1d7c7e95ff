//! One rule set's judgement of one case.

use std::sync::Arc;

use ecert_model::cases::{Case, DueItem};
use ecert_model::reports::{Report, Verdict as RuleVerdict};

use super::finding::{HostCode, HostFinding};
use super::record::{RuleSetRun, rule_outcomes};
use crate::contract::Tables;
use crate::digest::Digest;
use crate::engine::{Engine, Failure, Plugin};

/// What came of it.
pub(super) struct Judged {
    pub(super) record: RuleSetRun,
    /// None where the rule set gave no answer that counts.
    pub(super) report: Option<Report>,
    /// What the host found in the course of it.
    pub(super) findings: Vec<HostFinding>,
}

/// Has a rule set judge the items that are due in a case.
pub(super) fn judge(engine: &Engine, tables: &Arc<dyn Tables>, plugin: &Plugin, case: &Case) -> Judged {
    let manifest = plugin.manifest();
    let mut record = RuleSetRun {
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        digest: plugin.digest().to_string(),
        kind: manifest.rule_kind.clone(),
        titles: manifest.titles.clone(),
        items: case.due.iter().map(|due| due.item).collect(),
        rules: Vec::new(),
        failure: None,
        failure_code: None,
        interrupted: false,
        parameters: Digest::of_pieces(case.parameters.iter().map(String::as_bytes)).to_string(),
        lookups: None,
        fuel: 0,
        microseconds: 0,
    };
    match engine.verify(plugin, case, tables) {
        Ok(run) => {
            record.rules = rule_outcomes(manifest, &run.output);
            record.fuel = run.fuel;
            record.interrupted = run.interrupted;
            record.microseconds = u64::try_from(run.duration.as_micros()).unwrap_or(u64::MAX);
            if !run.lookups.is_empty() {
                let lookups = serde_json::to_vec(&run.lookups).unwrap_or_default();
                record.lookups = Some(Digest::of(&lookups).to_string());
            }
            let findings = expected_fields(plugin, case, &run.output);
            Judged { record, report: Some(run.output), findings }
        }
        Err(failure) => {
            let findings = vec![failed(plugin, &failure)];
            record.failure = Some(failure.to_string());
            record.failure_code = Some(failure.code().to_owned());
            record.interrupted = matches!(failure, Failure::Interrupted { .. });
            Judged { record, report: None, findings }
        }
    }
}

fn failed(plugin: &Plugin, failure: &Failure) -> HostFinding {
    let manifest = plugin.manifest();
    HostFinding::new(HostCode::PluginFailed, None)
        .argument("plugin", format!("{} {}", manifest.name, manifest.version))
        .argument("reason", failure.to_string())
}

/// Rules that could not be judged though a parameter expects it.
fn expected_fields(plugin: &Plugin, case: &Case, report: &Report) -> Vec<HostFinding> {
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Expected {
        expected: Vec<String>,
    }
    let expected: Vec<Expected> = case
        .parameters
        .iter()
        .map(|text| {
            if text.contains("\"expected\"") {
                serde_json::from_str(text).unwrap_or_default()
            } else {
                Expected::default()
            }
        })
        .collect();
    if expected.iter().all(|e| e.expected.is_empty()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for outcome in &report.outcomes {
        let (RuleVerdict::NotEvaluable(need), Some(rule)) =
            (outcome.verdict, plugin.manifest().rules.get(usize::from(outcome.rule)))
        else {
            continue;
        };
        let concerns = |due: &DueItem| {
            outcome.item.is_none_or(|item| item == due.item)
                && expected.get(due.parameters as usize).is_some_and(|e| e.expected.contains(&rule.id))
        };
        if case.due.iter().any(concerns) {
            let missing = rule.needs.get(usize::from(need)).map_or("—", String::as_str);
            findings.push(
                HostFinding::new(HostCode::ExpectedFieldMissing, outcome.item)
                    .argument("rule", &rule.id)
                    .argument("missing", missing),
            );
        }
    }
    findings
}
