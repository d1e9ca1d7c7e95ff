//! One fixture for each row of the matcher's tables: what it decides of a
//! document of some type, status and decision.

use ecert_sdk::model::certificates::{CertificateRole, Control};
use ecert_sdk::testing::{
    Fixture, Judged, Scenario, assert_fixtures, assert_rules_manifest, code, document, identifier, measure,
    note, text,
};

use crate::DocumentDecision;

/// Beef under an entry document: its number, the declared code, its status.
fn ched(number: &str, declared: &str, status: &str) -> Scenario {
    let scenario = Scenario::consistent().change(|declaration, cited| {
        declaration.items[0].documents = vec![document(declared, number)];
        let certificate = &mut cited[0].certificate;
        certificate.role = CertificateRole::EntryDocument;
        certificate.number = identifier(number);
        certificate.type_code = code("636");
        certificate.status = code(status);
    });
    scenario.adjust(|case| case.certificates[0].standing.status = code(status))
}

/// With what the authority decided.
fn decided(scenario: Scenario, decision: &str) -> Scenario {
    scenario.certificate(|certificate| {
        certificate.controls.push(Control { decision: Some(code(decision)), ..Control::default() });
    })
}

/// With a check on plants and what came of it.
fn checked(scenario: Scenario, service: &str, outcome: &str) -> Scenario {
    scenario.certificate(|certificate| {
        certificate.controls.push(Control {
            type_code: Some(code(service)),
            decision: Some(code(outcome)),
            ..Control::default()
        });
    })
}

fn animals(status: &str) -> Scenario {
    ched("CHEDA.GB.2026.1000001", "C640", status)
}

fn products(status: &str) -> Scenario {
    ched("CHEDP.GB.2026.1000002", "N853", status)
}

fn feed(status: &str) -> Scenario {
    ched("CHEDD.GB.2026.1000003", "C678", status)
}

fn plants(status: &str) -> Scenario {
    ched("CHEDPP.GB.2026.1000004", "N851", status)
}

fn acceptable(scenario: Scenario) -> Scenario {
    decided(scenario, "ACCEPTABLE_FOR_INTERNAL_MARKET")
}

/// A row: its name, the case, the rule that fails, decision and detail.
type Row = (&'static str, Scenario, &'static str, &'static str, &'static str);

fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = vec![
        // Common to all types.
        (
            "orphan-check-code",
            acceptable(ched("CHEDP.GB.2026.1000002", "N935", "70")),
            "document-code-known",
            "X00",
            "orphan-check-code",
        ),
        (
            "not-linked",
            acceptable(products("70"))
                .item(|item| item.documents.push(document("N853", "CHEDP.GB.2026.9999999"))),
            "document-linked",
            "X00",
            "E70",
        ),
        (
            "wrong-type",
            acceptable(ched("CHEDD.GB.2026.1000003", "N853", "70")),
            "document-type-fits",
            "X00",
            "wrong-type",
        ),
        ("cancelled", acceptable(products("64")), "document-not-ended", "X00", "E71"),
        ("replaced", acceptable(products("44")), "document-not-ended", "X00", "E72"),
        ("deleted", acceptable(products("55")), "document-not-ended", "X00", "E73"),
        ("split-consignment", acceptable(products("SPLIT_CONSIGNMENT")), "document-not-ended", "X00", "E75"),
        (
            "amend-without-decision",
            products("AMEND"),
            "document-not-amended",
            "X00",
            "amended-without-decision",
        ),
        (
            "amend-held-before",
            products("AMEND").certificate(|it| it.notes.push(note("PREVIOUS_DECISION", "H01"))),
            "document-not-amended",
            "H01",
            "amended",
        ),
        ("submitted", products("1"), "inspection-over", "H01", "submitted"),
        ("in-progress", products("42"), "inspection-over", "H02", "in-progress"),
        // Each type by itself.
        ("ched-a-submitted", animals("SUBMITTED"), "inspection-over", "H01", "submitted"),
        ("ched-d-in-progress", feed("IN_PROGRESS"), "inspection-over", "H02", "in-progress"),
        (
            "ched-a-unknown-decision",
            decided(animals("70"), "SOMETHING_ELSE"),
            "goods-accepted",
            "X00",
            "unknown-decision",
        ),
        ("ched-p-no-decision", products("70"), "goods-accepted", "X00", "unknown-decision"),
        ("ched-d-no-decision", feed("70"), "goods-accepted", "X00", "unknown-decision"),
        // Catch documents, of products alone.
        (
            "ched-p-illegal-catch",
            acceptable(products("70")).certificate(|it| it.notes.push(note("IUU", "IUU_OPTION_B"))),
            "catch-legal",
            "E03",
            "illegal-catch",
        ),
        // Plants: the services' checks, then the status.
        ("ched-pp-hmi-required", checked(plants("70"), "HMI", "REQUIRED"), "plant-checks-done", "H01", "HMI"),
        (
            "ched-pp-hmi-inconclusive",
            checked(plants("70"), "HMI", "INCONCLUSIVE"),
            "plant-checks-done",
            "H01",
            "HMI",
        ),
        (
            "ched-pp-phsi-required",
            checked(plants("70"), "PHSI", "REQUIRED"),
            "plant-checks-done",
            "H02",
            "PHSI",
        ),
        (
            "ched-pp-phsi-inconclusive",
            checked(plants("70"), "PHSI", "INCONCLUSIVE"),
            "plant-checks-done",
            "H02",
            "PHSI",
        ),
        (
            "ched-pp-phsi-before-status",
            checked(plants("1"), "PHSI", "REQUIRED"),
            "plant-checks-done",
            "H02",
            "PHSI",
        ),
        ("ched-pp-submitted", none_required("1"), "inspection-over", "H01", "submitted"),
        ("ched-pp-in-progress", none_required("42"), "inspection-over", "H02", "in-progress"),
        ("ched-pp-amend", none_required("AMEND"), "document-not-amended", "X00", "amended-without-decision"),
        // Level 2 and level 3.
        (
            "commodity-code",
            acceptable(products("70"))
                .item(|item| item.commodity.as_mut().unwrap().class_code = Some("0203110000".into())),
            "commodity-level",
            "X00",
            "E20",
        ),
        (
            "weight",
            acceptable(products("70")).item(|item| item.net_weight = Some(measure("1001", "KGM"))),
            "weight-level",
            "X00",
            "E30",
        ),
        ("count", counted("3"), "count-level", "X00", "E31"),
    ];
    // Not acceptable: the same seven actions for three types.
    for (decision, action) in [
        ("N01", "REQUIRED_FOR_IMPORT"),
        ("N02", "PROHIBITED_FOR_IMPORT"),
        ("N03", "HORSE_PASSPORT_REQUIRED"),
        ("N04", "NOT_ACCEPTABLE_FOR_TRANSHIPMENT"),
        ("N05", "NOT_ACCEPTABLE_FOR_TRANSIT"),
        ("N06", "NOT_ACCEPTABLE_FOR_TEMPORARY_ADMISSION"),
        ("N07", "NOT_ACCEPTABLE_FOR_IMPORT_EU_APPROVAL_REQUIRED"),
    ] {
        for (kind, scenario) in [("a", animals("70")), ("p", products("70")), ("d", feed("70"))] {
            let name: &'static str = format!("ched-{kind}-{}", decision.to_lowercase()).leak();
            rows.push((name, decided(scenario, action), "goods-accepted", decision, "not-acceptable"));
        }
    }
    rows
}

/// Plants that need no check.
fn none_required(status: &str) -> Scenario {
    checked(checked(plants(status), "HMI", "NOT_REQUIRED"), "PHSI", "NOT_REQUIRED")
}

/// Two animals certified, so many declared.
fn counted(declared: &str) -> Scenario {
    acceptable(animals("70"))
        .line(|line| line.count = Some(measure("2", "H87")))
        .item(|item| item.quantities = vec![measure(declared, "NAR")])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<DocumentDecision>().rules.len(), 12);
}

#[test]
fn every_row_is_decided_as_the_tables_say() {
    let released = [
        ("ched-a-acceptable", counted("2")),
        ("ched-p-acceptable", acceptable(products("70"))),
        ("ched-d-acceptable", acceptable(feed("70"))),
        (
            "ched-p-legal-catch",
            acceptable(products("70")).certificate(|it| it.notes.push(note("IUU", "IUU_OPTION_A"))),
        ),
        ("ched-pp-no-check", plants("70")),
        ("ched-pp-not-required", none_required("70")),
        (
            "ched-type-as-template",
            acceptable(ched("GBCHD2026.1000005", "C678", "70"))
                .certificate(|it| it.template = Some(identifier("D"))),
        ),
        (
            "amend-released-before",
            products("AMEND").certificate(|it| it.notes.push(note("PREVIOUS_DECISION", "C02"))),
        ),
    ];
    let mut fixtures: Vec<Fixture> =
        released.into_iter().map(|(name, scenario)| Fixture::clean(name, scenario)).collect();
    for (name, scenario, rule, decision, detail) in rows() {
        let judged = scenario.judge::<DocumentDecision>();
        assert_eq!(decisions(&judged, rule), [(decision.to_owned(), detail.to_owned())], "{name}");
        fixtures.push(Fixture::fails(rule, scenario).named(name));
    }
    assert_fixtures::<DocumentDecision>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

/// Decision and detail of each finding of a rule.
fn decisions(judged: &Judged, rule: &str) -> Vec<(String, String)> {
    let argument = |finding: &ecert_sdk::model::reports::Finding, name: &str| {
        let found = finding.arguments.iter().find(|argument| argument.name == name);
        match found.map(|argument| &argument.value) {
            Some(ecert_sdk::model::reports::Value::Code(code)) => code.value.clone(),
            other => panic!("{name} is {other:?}"),
        }
    };
    judged
        .findings(rule)
        .iter()
        .map(|finding| (argument(finding, "decision"), argument(finding, "detail")))
        .collect()
}

#[test]
fn a_hold_is_made_worse_by_what_the_document_is_not_for() {
    // Levels 2 and 3 are looked at behind a hold as behind a release.
    let held =
        products("42").item(|item| item.commodity.as_mut().unwrap().class_code = Some("0203110000".into()));
    let judged = held.judge::<DocumentDecision>();
    assert_eq!(judged.stopping(), ["inspection-over", "commodity-level"]);
}

#[test]
fn items_of_one_document_are_taken_together() {
    let shared = acceptable(products("70")).change(|declaration, _| {
        declaration.items[0].net_weight = Some(measure("600", "KGM"));
        let mut second = declaration.items[0].clone();
        second.sequence = 2;
        second.net_weight = Some(measure("0.5", "TNE"));
        declaration.items.push(second);
    });
    let judged = shared.judge::<DocumentDecision>();
    judged.assert_failed("weight-level");
    assert_eq!(judged.findings("weight-level").len(), 2);
}

#[test]
fn certificates_of_exporters_are_none_of_its_business() {
    let judged = Scenario::consistent().judge::<DocumentDecision>();
    judged.assert_released().assert_not_applicable("goods-accepted");
    let remark = acceptable(products("70")).certificate(|it| {
        it.controls.clear();
        it.controls
            .push(Control { remarks: vec![text("Acceptable for internal market")], ..Control::default() });
    });
    remark.judge::<DocumentDecision>().assert_released().assert_passed("goods-accepted");
}
