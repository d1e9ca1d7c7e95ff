//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::cases::CitedCertificate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::parts::{Classification, Packages, ReferencedDocument};
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, characteristic, code, date_time, document,
    establishment, finding, identifier, measure, note, period, process, text,
};

use crate::Plants;

/// Oranges under cold treatment in transit.
fn oranges() -> Scenario {
    let scenario = Scenario::of_goods("0805108000", "ZA", "Oranges, fresh", "851");
    let scenario = scenario
        .certificate(|certificate| {
            certificate.notes = vec![
                note("ADEDL", "The fruit is from a place of production free from Phyllosticta citricarpa."),
                note("DMCL", "GAMTOOS GOLD"),
            ];
            certificate.authentications[0].type_code = Some(code("4"));
        })
        .line(|line| {
            line.scientific_names = vec![text("Citrus sinensis (L.) Osbeck")];
            line.processes = vec![growing(), cold()];
            line.observations = vec![finding("Thaumatotibia leucotreta", "not detected")];
        })
        .item(|item| item.packages[0].marks = vec![text("GAMTOOS GOLD 2026")])
        .parameters(r#"{"placeOfProduction": [{"prefixes": ["0805"]}]}"#);
    tables(scenario)
}

fn growing() -> Process {
    let mut growing = process("40", "2025-06-01", "2026-01-31");
    growing.establishment = Some(establishment("PUC 4471", "OR"));
    growing
}

fn cold() -> Process {
    let mut cold = process("74", "2026-02-10", "2026-03-05");
    cold.duration = Some(measure("23", "DAY"));
    cold.characteristics = vec![characteristic("TTTM", "-0.6", "CEL")];
    cold
}

/// Logs fumigated with sulfuryl fluoride, in crates of wood.
fn timber() -> Scenario {
    let scenario = Scenario::of_goods("4403250000", "NZ", "Logs of radiata pine", "851")
        .certificate(|certificate| certificate.authentications[0].type_code = Some(code("4")))
        .line(|line| {
            line.scientific_names = vec![text("Pinus radiata")];
            let mut fumigation = process("81", "2026-02-04", "2026-02-05");
            fumigation.duration = Some(measure("24", "HUR"));
            fumigation.characteristics =
                vec![characteristic("TTCO", "80", "A93"), characteristic("TTTM", "15", "CEL")];
            fumigation.characteristics.push(ecert_sdk::model::certificates::Characteristic {
                type_code: Some(code("TTCH")),
                descriptions: vec![text("Sulfuryl fluoride 99.8 %")],
                ..Default::default()
            });
            line.processes = vec![fumigation];
            line.packages = vec![Packages {
                type_code: Some(code("8B")),
                marks: vec![text("NZ-118 HT")],
                ..Packages::default()
            }];
        });
    tables(scenario)
}

/// Bulbs for planting, without soil.
fn bulbs() -> Scenario {
    let scenario = Scenario::of_goods("0601101000", "NL", "Tulip bulbs", "851")
        .certificate(|certificate| certificate.authentications[0].type_code = Some(code("4")))
        .line(|line| {
            line.scientific_names = vec![text("Tulipa")];
            line.intended_uses = vec![text("Planting")];
            line.classifications.push(Classification {
                system: Some("IPPCPCC".into()),
                names: vec![text("Dormant, free from soil")],
                ..Classification::default()
            });
        });
    tables(scenario)
}

/// Roses of Ethiopia, re-exported by the Netherlands.
fn roses() -> Scenario {
    let scenario = Scenario::of_goods("0603110000", "ET", "Cut roses", "657").change(|declaration, cited| {
        declaration.dispatch_country = Some(code("NL"));
        let certificate = &mut cited[0].certificate;
        certificate.issuing_country = Some(code("NL"));
        certificate.authentications[0].type_code = Some(code("4"));
        certificate.consignment.lines[0].scientific_names = vec![text("Rosa hybrida")];
        certificate.referenced_documents = vec![ReferencedDocument {
            type_code: Some(code("851")),
            relationship: Some(code("AWR")),
            number: Some(identifier("ET-PC-26-118")),
            issued: Some(date_time("2026-02-05")),
            ..ReferencedDocument::default()
        }];
    });
    let original = scenario.case.certificates[0].certificate.clone();
    let mut case = scenario.case;
    case.certificates.push(CitedCertificate {
        certificate: ecert_sdk::model::certificates::Certificate {
            number: identifier("ET-PC-26-118"),
            type_code: code("851"),
            issued: Some(date_time("2026-02-05")),
            issuing_country: Some(code("ET")),
            referenced_documents: Vec::new(),
            ..original
        },
        ..CitedCertificate::default()
    });
    let scenario = Scenario { case, tables: scenario.tables };
    tables(scenario.item(|item| item.documents.push(document("N851", "ET-PC-26-118"))))
        .adjust(|case| case.certificates[1].standing.status = code("70"))
}

/// What the importing country asks for.
fn tables(scenario: Scenario) -> Scenario {
    scenario
        .row("botanical-names", &["080510"], &["Citrus sinensis"])
        .row("botanical-names", &["4403"], &["Pinus"])
        .row("botanical-names", &["0601"], &["Tulipa"])
        .row("botanical-names", &["060311"], &["Rosa"])
        .row(
            "plant-health-requirements",
            &["0805", "ZA"],
            &["Phyllosticta citricarpa", "Phyllosticta citricarpa", ""],
        )
        .row("plant-health-requirements", &["0805", "*"], &["Thaumatotibia leucotreta", "", "74"])
        .row("treatment-schedules", &["74"], &["", "", "", "22", "DAY", "", "-0.5"])
        .row("treatment-schedules", &["81"], &["sulfuryl fluoride", "64", "A93", "16", "HUR", "10", ""])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<Plants>().rules.len(), 20);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("oranges", oranges()),
        Fixture::clean("timber", timber()),
        Fixture::clean("bulbs", bulbs()),
        Fixture::clean("roses-reexported", roses()),
        Fixture::fails(
            "botanical-name-matches-commodity",
            oranges().line(|line| line.scientific_names = vec![text("Citrus limon")]),
        ),
        Fixture::fails(
            "use-matches-heading",
            bulbs().line(|line| line.intended_uses = vec![text("Human consumption")]),
        ),
        Fixture::fails(
            "place-of-production",
            oranges().line(|line| {
                line.processes.remove(0);
            }),
        ),
        Fixture::fails(
            "inspected-before-dispatch",
            oranges().certificate(|certificate| {
                certificate.authentications[0].at = Some(date_time("2026-01-12"));
            }),
        ),
        Fixture::fails(
            "growing-medium",
            bulbs().line(|line| line.notes = vec![note("GROWING_MEDIUM", "peat and garden soil")]),
        ),
        Fixture::fails(
            "wood-packing-mark",
            timber().line(|line| line.packages[0].marks = vec![text("PINE 44")]),
        ),
        Fixture::fails(
            "distinguishing-marks",
            oranges().item(|item| item.packages[0].marks = vec![text("KARIEGA BEST")]),
        ),
        Fixture::fails(
            "no-quarantine-pest-found",
            oranges().line(|line| {
                line.observations = vec![finding("Thaumatotibia leucotreta", "detected")];
            }),
        ),
        Fixture::fails(
            "additional-declaration",
            oranges().certificate(|certificate| {
                certificate.notes.remove(0);
            }),
        ),
        Fixture::fails(
            "required-treatment",
            oranges().line(|line| {
                line.processes.remove(1);
            }),
        ),
        Fixture::fails(
            "treatment-chemical",
            timber().line(|line| {
                line.processes[0].characteristics[2].descriptions = vec![text("Dichlorvos")];
            }),
        ),
        Fixture::fails(
            "treatment-dose",
            timber().line(|line| {
                line.processes[0].characteristics[0] = characteristic("TTCO", "40", "A93");
            }),
        ),
        Fixture::fails(
            "treatment-duration",
            oranges().line(|line| line.processes[1].duration = Some(measure("18", "DAY"))),
        ),
        Fixture::fails(
            "treatment-temperature",
            oranges().line(|line| {
                line.processes[1].characteristics = vec![characteristic("TTTM", "1.5", "CEL")];
            }),
        ),
        Fixture::fails(
            "treated-before-issue",
            timber().line(|line| {
                line.processes[0].period = Some(period("2026-02-10", "2026-02-11"));
            }),
        ),
        Fixture::fails(
            "reexport-kind",
            oranges().certificate(|certificate| certificate.issuing_country = Some(code("NL"))),
        ),
        Fixture::fails(
            "reexport-original",
            roses().certificate(|certificate| certificate.referenced_documents.clear()),
        ),
        Fixture::fails(
            "reexport-origin-kept",
            roses().change(|_, cited| {
                cited[1].certificate.issuing_country = Some(code("KE"));
                cited[1].certificate.consignment.lines[0].origins[0].country = code("KE");
            }),
        ),
        Fixture::fails(
            "reexport-dates-in-order",
            roses().change(|_, cited| {
                cited[1].certificate.issued = Some(date_time("2026-02-12"));
            }),
        ),
        Fixture::fails(
            "reexport-quantity-kept",
            roses().change(|_, cited| {
                cited[1].certificate.consignment.lines[0].net_weight = Some(measure("900", "KGM"));
            }),
        ),
    ];
    assert_fixtures::<Plants>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

mod lawful {
    use super::*;

    #[test]
    fn a_treatment_may_stand_for_a_declaration() {
        let scenario = oranges()
            .certificate(|certificate| {
                certificate.notes.remove(0);
            })
            .instead(
                "plant-health-requirements",
                &["0805", "ZA"],
                &["Phyllosticta citricarpa", "free area", "74"],
            );
        scenario.judge::<Plants>().assert_released().assert_passed("additional-declaration");
    }

    #[test]
    fn a_colder_schedule_may_be_shorter() {
        let scenario = oranges().line(|line| line.processes[1].duration = Some(measure("18", "DAY"))).row(
            "treatment-schedules",
            &["74"],
            &["", "", "", "16", "DAY", "", "-0.55"],
        );
        scenario.judge::<Plants>().assert_released().assert_passed("treatment-duration");
    }

    #[test]
    fn hours_and_days_and_degrees_compare() {
        let scenario = oranges().line(|line| {
            line.processes[1].duration = Some(measure("552", "HUR"));
            line.processes[1].characteristics = vec![characteristic("TTTM", "30.9", "FAH")];
        });
        scenario
            .judge::<Plants>()
            .assert_released()
            .assert_passed("treatment-duration")
            .assert_passed("treatment-temperature");
    }

    #[test]
    fn the_original_need_not_be_at_hand() {
        let scenario = roses().item(|item| {
            item.documents.truncate(1);
        });
        let judged = scenario.judge::<Plants>();
        judged.assert_released().assert_passed("reexport-dates-in-order");
        judged.assert_not_evaluable("reexport-origin-kept", "original-certificate");
    }

    #[test]
    fn a_bare_certificate_is_released() {
        Scenario::of_goods("0808108000", "CL", "Apples", "851").judge::<Plants>().assert_released();
    }
}
