//! Each rule: one case that passes, one that fails, and the lawful ones in
//! between.

mod citations;
mod goods;
mod inclusion;
mod quantities;
mod route;
mod transport;

use ecert_sdk::testing::{Scenario, assert_rules_manifest};

use crate::CertificateConsistency;

/// Judges a scenario by the rule set.
fn judge(scenario: &Scenario) -> ecert_sdk::testing::Judged {
    scenario.judge::<CertificateConsistency>()
}

#[test]
fn the_manifest_is_complete() {
    let manifest = assert_rules_manifest::<CertificateConsistency>();
    assert_eq!(manifest.rules.len(), 26);
}

#[test]
fn a_consistent_pair_gives_no_finding() {
    let judged = judge(&Scenario::consistent());
    assert!(judged.report.findings.is_empty(), "{:?}", judged.report.findings);
    for rule in
        ["citation-resolves", "certificate-status", "origin", "net-weight", "package-count", "containers"]
    {
        judged.assert_passed(rule);
    }
    for rule in ["dispatch-country", "destination-country", "importer", "exporter", "seals", "total-weight"] {
        judged.assert_passed(rule);
    }
}
