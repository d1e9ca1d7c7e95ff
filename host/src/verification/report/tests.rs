use std::collections::BTreeMap;

use ecert_model::certificates::Certificate;
use ecert_model::manifest::Localised;
use ecert_model::reports::Severity;

use super::*;
use crate::contract::places::Location;
use crate::intake::Listed;
use crate::verification::Verdict;
use crate::verification::record::{
    CertificateSummary, DeclarationSummary, Finding, FoundAt, ItemSummary, Record, RuleOutcome, RuleSetRun,
};

fn texts(english: &str, chinese: &str) -> Localised {
    BTreeMap::from([("en".into(), english.into()), ("zh".into(), chinese.into())])
}

fn quantity(value: &str) -> Shown {
    Shown { kind: "quantity".into(), value: value.into(), unit: Some("KGM".into()), list: None, name: None }
}

fn record() -> Record {
    let location = Location { line: 31, column: 9, path: "Declaration/Item/Weight".into() };
    Record {
        id: "0198".into(),
        verdict: Verdict::Review,
        at: "2026-03-01T10:00:00Z".into(),
        requested_by: "broker".into(),
        declaration: DeclarationSummary {
            mrn: Some("26GB0001".into()),
            items: vec![ItemSummary {
                sequence: 1,
                description: Some("Beef <b>frozen</b>".into()),
                ..ItemSummary::default()
            }],
            ..DeclarationSummary::default()
        },
        certificates: vec![CertificateSummary {
            number: "NZ-1".into(),
            type_code: "852".into(),
            status: "70".into(),
            ..CertificateSummary::default()
        }],
        dates: crate::verification::record::Dates {
            decision: "2026-03-01".into(),
            basis: "receipt".into(),
            ..Default::default()
        },
        findings: vec![Finding {
            source: "certificate-consistency".into(),
            rule: "net-weight".into(),
            item: Some(0),
            severity: Severity::Discrepancy,
            titles: texts("Net weight is covered", "净重在证书范围内"),
            texts: texts("Item 1 declares more than is certified.", "申报净重超过证书所列。"),
            expected: vec![quantity("18000")],
            actual: vec![quantity("19900.5")],
            places: vec![FoundAt { certificate: None, location }],
            legal_basis: String::new(),
            help: Some("javascript:alert(1)".into()),
        }],
        rule_sets: vec![RuleSetRun {
            name: "certificate-consistency".into(),
            version: "0.1.0".into(),
            digest: "ab".repeat(32),
            kind: Some("consistency".into()),
            titles: texts("Consistency", "一致性"),
            items: vec![0],
            rules: vec![
                RuleOutcome { rule: "origin".into(), passed: vec![0], ..RuleOutcome::default() },
                RuleOutcome { rule: "net-weight".into(), failed: vec![0], ..RuleOutcome::default() },
                RuleOutcome {
                    rule: "seals".into(),
                    declaration: Some("not-evaluable: declared seals".into()),
                    ..RuleOutcome::default()
                },
            ],
            failure: None,
            failure_code: None,
            interrupted: false,
            parameters: String::new(),
            lookups: None,
            fuel: 1,
            microseconds: 51,
        }],
        pins: crate::verification::record::Pins::default(),
        microseconds: 1234,
    }
}

#[test]
fn text_gives_the_verdict_first_and_every_place() {
    let text = verification_text(&record(), Language::English, Style::Plain).replace('\u{202f}', " ");
    insta::assert_snapshot!(text, @r"
    REVIEW  declaration 26GB0001
    Day whose law applies: 2026-03-01 (receipt of the declaration)
    [1] NZ-1 sanitary certificate, issued

    What stands against a release
      DISCREPANCY item 1: Item 1 declares more than is certified.  certificate-consistency/net-weight
          expected: 18 000 kg
          found: 19 900.5 kg
          declaration 31:9 Declaration/Item/Weight

    What was checked
      certificate-consistency 0.1.0  0.05 ms
        passed: origin
        failed: net-weight
        could not be judged: seals (declared seals)
      time 1.23 ms
    ");
}

#[test]
fn pages_escape_what_comes_from_outside() {
    let page = verification_html(&record(), Language::English).unwrap();
    assert!(page.contains("Beef &lt;b&gt;frozen"), "{page}");
    assert!(!page.contains("javascript:"), "{page}");
    assert!(page.contains("class=\"finding discrepancy\""), "{page}");
    let page = verification_html(&record(), Language::Chinese).unwrap();
    assert!(page.contains("人工审核") && page.contains("申报净重超过证书所列"), "{page}");
    assert!(page.contains("<html lang=\"zh\">"), "{page}");
}

#[test]
fn certificates_have_a_page() {
    let mut certificate = Certificate::default();
    certificate.number.value = "NZ<1>".into();
    certificate.type_code.value = "852".into();
    certificate.status.value = "70".into();
    certificate.consignment.lines.push(Default::default());
    let held = Listed {
        status: "44".into(),
        replaced_by: Some("NZ<2>".into()),
        received: "2026-05-01T08:15:30.123456Z".into(),
        ..Listed::default()
    };
    let page = certificate_html(&certificate, &held, Language::English).unwrap();
    for text in ["NZ&lt;1&gt;", "sanitary certificate", "replaced", "NZ&lt;2&gt;", "2026-05-01 08:15 UTC"] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn numbers_and_dates_are_written_for_people() {
    assert_eq!(grouped("-1234567.250"), "-1\u{202f}234\u{202f}567.250");
    assert_eq!(grouped("1234"), "1234");
    assert_eq!(chinese_date("2026-03-01"), "2026年3月1日");
}

#[test]
fn the_accepted_language_is_the_one_asked_for_first() {
    for (header, language) in [
        ("", Language::English),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
        ("en-GB,en;q=0.9,zh;q=0.8", Language::English),
        ("fr, zh;q=0.5", Language::Chinese),
        ("zh;q=0, en;q=0.1", Language::English),
        ("de", Language::English),
    ] {
        assert_eq!(Language::accepted(header), language, "{header}");
    }
}
