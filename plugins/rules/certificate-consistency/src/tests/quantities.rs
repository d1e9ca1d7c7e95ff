//! Weights, numbers, packages.

use ecert_sdk::model::reports::Verdict;
use ecert_sdk::model::values::Measure;
use ecert_sdk::testing::{Scenario, code, decimal, identifier, measure};

use super::judge;

fn weights(declared: Measure, certified: Measure) -> Scenario {
    Scenario::consistent().change(|declaration, cited| {
        declaration.items[0].net_weight = Some(declared);
        cited[0].certificate.consignment.lines[0].net_weight = Some(certified);
    })
}

#[test]
fn less_may_be_declared_but_not_more() {
    judge(&weights(measure("400", "KGM"), measure("1000", "KGM"))).assert_passed("net-weight");
    judge(&weights(measure("1001", "KGM"), measure("1000", "KGM"))).assert_passed("net-weight");
    let judged = judge(&weights(measure("1001.1", "KGM"), measure("1000", "KGM")));
    judged.assert_failed("net-weight");
    assert_eq!(judged.stopping(), ["net-weight"]);
}

#[test]
fn units_of_one_family_are_converted() {
    judge(&weights(measure("1000", "KGM"), measure("1", "TNE"))).assert_passed("net-weight");
    judge(&weights(measure("1.002", "TNE"), measure("1000", "KGM"))).assert_failed("net-weight");
    judge(&weights(measure("1000", "KGM"), measure("2204.63", "LBR"))).assert_passed("net-weight");
    judge(&weights(measure("1000", "KGM"), measure("1000", "LTR")))
        .assert_not_evaluable("net-weight", "certified quantity in a comparable unit");
    let without = Measure { unit: None, ..measure("1000", "KGM") };
    judge(&weights(without, measure("1000", "KGM")))
        .assert_not_evaluable("net-weight", "declared quantity with its unit");
}

#[test]
fn tolerances_come_from_the_agreement() {
    let over = weights(measure("1040", "KGM"), measure("1000", "KGM"));
    judge(&over.clone().parameters(r#"{"tolerances": {"KGM": {"percent": "5"}}}"#))
        .assert_passed("net-weight");
    judge(&over.parameters(r#"{"tolerances": {"KGM": {"absolute": "39"}}}"#)).assert_failed("net-weight");
    let tonnes = weights(measure("1.04", "TNE"), measure("1000", "KGM"));
    judge(&tonnes.parameters(r#"{"tolerances": {"TNE": {"absolute": "0.05"}}}"#)).assert_passed("net-weight");
}

/// Two items of the same goods on one line.
fn shared(second: &str) -> Scenario {
    Scenario::consistent().change(|declaration, cited| {
        let mut item = declaration.items[0].clone();
        item.sequence = 2;
        item.net_weight = Some(measure(second, "KGM"));
        item.packages.clear();
        declaration.items[0].net_weight = Some(measure("600", "KGM"));
        declaration.items.push(item);
        cited[0].certificate.consignment.lines[0].net_weight = Some(measure("1000", "KGM"));
    })
}

#[test]
fn items_that_share_a_line_fit_together() {
    judge(&shared("400")).assert_passed("net-weight");
    let judged = judge(&shared("500"));
    judged.assert_failed("net-weight");
    assert!(judged.messages("net-weight")[0].contains("1100 KGM"), "{:?}", judged.messages("net-weight"));
}

#[test]
fn an_item_may_be_spread_over_lines_and_certificates() {
    let mut scenario = Scenario::consistent();
    let mut second = scenario.case.certificates[0].clone();
    second.certificate.number = identifier("NZL2026/TEST2");
    scenario.case.certificates.push(second);
    let scenario = scenario.change(|declaration, _| {
        let mut document = declaration.items[0].documents[0].clone();
        document.number = Some(identifier("NZL2026/TEST2"));
        declaration.items[0].documents.push(document);
        declaration.items[0].net_weight = Some(measure("1900", "KGM"));
        declaration.items[0].packages[0].count = Some(decimal("80"));
    });
    judge(&scenario).assert_passed("net-weight").assert_passed("package-count").assert_released();
}

#[test]
fn a_group_is_judged_as_a_whole() {
    // Line 0 certifies 1000 kg, line 1 another 100. The first item belongs to
    // line 0, the second to both.
    let group = |second: &str| {
        shared(second)
            .change(|_, cited| {
                let mut line = cited[0].certificate.consignment.lines[0].clone();
                line.net_weight = Some(measure("100", "KGM"));
                cited[0].certificate.consignment.lines.push(line);
            })
            .pair(&[(0, 0, 0), (1, 0, 0), (1, 0, 1)])
    };
    judge(&group("500")).assert_passed("net-weight");
    judge(&group("600")).assert_failed("net-weight");
}

#[test]
fn neighbours_in_a_chain_cannot_use_what_is_left_at_its_end() {
    // Four lines of 100 kg; each of three items is spread over two of them, and
    // shares one with the next.
    let chain = |weights: [&str; 3]| {
        let scenario = Scenario::consistent().change(|declaration, cited| {
            let mut item = declaration.items.remove(0);
            item.packages.clear();
            for weight in weights {
                item.net_weight = Some(measure(weight, "KGM"));
                declaration.items.push(item.clone());
            }
            let lines = &mut cited[0].certificate.consignment.lines;
            lines[0].net_weight = Some(measure("100", "KGM"));
            *lines = vec![lines[0].clone(); 4];
        });
        judge(&scenario.pair(&[(0, 0, 0), (0, 0, 1), (1, 0, 1), (1, 0, 2), (2, 0, 2), (2, 0, 3)]))
    };
    chain(["150", "150", "100"]).assert_passed("net-weight");
    // 310 kg of 300, although 90 are left on the last line.
    let judged = chain(["150", "160", "0"]);
    assert_eq!(judged.verdicts("net-weight"), [Verdict::Failed, Verdict::Failed, Verdict::Passed]);
    let message = &judged.messages("net-weight")[0];
    assert!(message.contains("310 KGM") && message.contains("300 KGM"), "{message}");
}

#[test]
fn an_entry_document_limits_as_well() {
    let mut scenario = Scenario::consistent();
    let mut entry = scenario.case.certificates[0].clone();
    entry.certificate.role = ecert_sdk::model::certificates::CertificateRole::EntryDocument;
    entry.certificate.number = identifier("CHEDP.GB.2026.0000001");
    entry.certificate.cites = vec![identifier("NZL2026/TEST1")];
    entry.certificate.consignment.lines[0].net_weight = Some(measure("900", "KGM"));
    scenario.case.certificates.push(entry);
    let scenario = scenario
        .change(|declaration, _| {
            declaration.items[0].documents[0].number = Some(identifier("CHEDP.GB.2026.0000001"));
        })
        .pair(&[(0, 0, 0), (0, 1, 0)]);
    let judged = judge(&scenario);
    judged.assert_failed("net-weight").assert_passed("origin").assert_passed("document-type");
}

#[test]
fn pieces_are_compared_even_when_written_as_a_volume() {
    let counted = |declared: Measure| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.items[0].quantities = vec![declared];
            cited[0].certificate.consignment.lines[0].net_volume = Some(measure("48000", "H87"));
        })
    };
    judge(&counted(measure("12000", "H87"))).assert_passed("item-count");
    judge(&counted(measure("48000", "NAR"))).assert_passed("item-count");
    judge(&counted(measure("48001", "H87"))).assert_failed("item-count");
    judge(&counted(measure("10", "PR")))
        .assert_not_evaluable("item-count", "certified quantity in a comparable unit");
    judge(&counted(measure("999999", "KGM"))).assert_not_applicable("item-count");
    judge(&Scenario::consistent()).assert_not_applicable("item-count");
}

fn packages(declared: &str, kind: &str) -> Scenario {
    Scenario::consistent().change(|declaration, _| {
        declaration.items[0].packages[0].count = Some(decimal(declared));
        declaration.items[0].packages[0].type_code = Some(code(kind));
    })
}

#[test]
fn packages_are_counted_by_kind_or_level() {
    judge(&packages("40", "CT")).assert_passed("package-count");
    judge(&packages("41", "CT")).assert_failed("package-count");
    // Another word for the same packages.
    judge(&packages("40", "PK")).assert_passed("package-count");
    let levels = packages("14", "PX").change(|_, cited| {
        let line = &mut cited[0].certificate.consignment.lines[0];
        let mut pallets = line.packages[0].clone();
        pallets.level = Some(code("3"));
        pallets.type_code = Some(code("PX"));
        pallets.count = Some(decimal("13"));
        line.packages.push(pallets);
    });
    judge(&levels).assert_failed("package-count");
    judge(&levels.parameters(r#"{"packageTolerance": {"absolute": "1"}}"#)).assert_passed("package-count");
}

#[test]
fn the_total_gross_weight_has_a_tolerance_of_its_own() {
    let total = |gross: &str| {
        let gross = measure(gross, "KGM");
        Scenario::consistent().change(|declaration, _| declaration.gross_weight = Some(gross))
    };
    judge(&total("1134")).assert_passed("total-weight");
    judge(&total("1135")).assert_failed("total-weight");
    let unstated =
        total("5000").change(|_, cited| cited[0].certificate.consignment.lines[0].gross_weight = None);
    judge(&unstated).assert_not_evaluable("total-weight", "certified quantity in a comparable unit");
    let others = total("5000").change(|declaration, _| {
        let mut other = declaration.items[0].clone();
        other.documents.clear();
        declaration.items.push(other);
    });
    judge(&others).assert_not_evaluable("total-weight", "certificates for all items");
}
