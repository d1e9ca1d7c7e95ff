//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, characteristic, code, date_time, document,
    establishment, finding, measure, measured, note, period, process, text,
};

use crate::Aquatic;

/// Hoki fillets, caught, filleted and frozen for raw consumption.
fn hoki() -> Scenario {
    let scenario = Scenario::of_goods("0303660000", "NZ", "Hoki, frozen", "852")
        .line(|line| {
            line.scientific_names = vec![text("Macruronus novaezelandiae")];
            line.storage_condition = Some(code("FROZEN"));
            line.intended_uses = vec![text("Human consumption, raw")];
            let mut freezing = at(process("7", "2026-01-24", "2026-01-26"), "PH418", "PP");
            freezing.duration = Some(measure("36", "HUR"));
            freezing.characteristics = vec![characteristic("TTTM", "-22", "CEL")];
            line.processes = vec![
                process("35", "2026-01-20", "2026-01-23"),
                at(process("37", "2026-01-23", "2026-01-24"), "PH418", "PP"),
                freezing,
            ];
            line.notes = vec![note("PRODUCTION_METHOD", "Caught at sea"), note("CATCH_AREA", "FAO 81")];
            line.observations = vec![measured("mercury", "0.2", "NA"), finding("Listeria", "absent")];
            line.expiry = Some(date_time("2027-12-31"));
        })
        .item(|item| {
            item.documents.push(document("C673", "NZ-CC-2026-00418"));
            item.production = vec![period("2026-01-23", "2026-01-24")];
        });
    asked(scenario).certificate(|certificate| {
        certificate.consignment.equipment[0].set_temperature = Some(measure("-20", "CEL"));
    })
}

/// Live mussels from class A water.
fn mussels() -> Scenario {
    asked(Scenario::of_goods("0307310000", "NZ", "Live green-lipped mussels", "852")).line(|line| {
        line.scientific_names = vec![text("Perna canaliculus")];
        line.processes = vec![at(process("40", "2024-05-01", "2026-02-05"), "AQ 77", "AQ")];
        line.notes = vec![note("PRODUCTION_METHOD", "Farmed"), note("GROWING_AREA_CLASS", "A")];
    })
}

/// Live crabs.
fn crabs() -> Scenario {
    asked(Scenario::of_goods("0306330000", "NZ", "Live crabs", "852"))
}

fn at(process: Process, number: &str, activity: &str) -> Process {
    let works = Establishment { country: Some(code("NZ")), ..establishment(number, activity) };
    Process { establishment: Some(works), ..process }
}

/// What the importing country asks for.
fn asked(scenario: Scenario) -> Scenario {
    scenario
        .certificate(|certificate| certificate.notes.push(note("FIT", "fit for human consumption")))
        .parameters(
            r#"{"closedAreas": ["FAO 61.9"], "minimumDaysLeft": 60,
                "laboratory": [{"prefixes": ["0303"], "name": "Listeria", "anyOf": ["Listeria"]}]}"#,
        )
        .row("zoological-names", &["030366"], &["Merluccius"])
        .row("zoological-names", &["030366"], &["Urophycis"])
        .row("zoological-names", &["030366"], &["Macruronus"])
        .row("approved-establishments", &["NZ", "PH418"], &["PP CS", "", "approved"])
        .row("approved-establishments", &["NZ", "AQ77"], &["AQ", "", "approved"])
        .row("commodity-attestations", &["03", "*"], &["FIT", "fit for human consumption"])
        .row("residue-limits", &["mercury", "03"], &["0.5", "NA"])
        .row("disease-status", &["NZ", "*", "white spot disease"], &["free"])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<Aquatic>().rules.len(), 18);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("hoki", hoki()),
        Fixture::clean("mussels", mussels()),
        Fixture::clean("crabs", crabs()),
        Fixture::fails(
            "species-matches-commodity",
            hoki().line(|line| line.scientific_names = vec![text("Thyrsites atun")]),
        ),
        Fixture::fails(
            "production-method",
            hoki().line(|line| line.notes[0] = note("PRODUCTION_METHOD", "unknown")),
        ),
        Fixture::fails("catch-area", hoki().line(|line| line.notes[1] = note("CATCH_AREA", "FAO 99"))),
        Fixture::fails("catch-area-open", hoki().line(|line| line.notes[1] = note("CATCH_AREA", "FAO 61.9"))),
        Fixture::fails(
            "catch-certificate",
            hoki().item(|item| {
                item.documents.pop();
            }),
        ),
        Fixture::fails("farm-named", mussels().line(|line| line.processes[0].establishment = None)),
        Fixture::fails(
            "approved-establishment",
            hoki().instead("approved-establishments", &["NZ", "PH418"], &["CS", "", "approved"]),
        ),
        Fixture::fails(
            "process-dates-in-order",
            hoki().line(|line| line.processes[0].period = Some(period("2026-01-25", "2026-01-26"))),
        ),
        Fixture::fails(
            "processed-before-issue",
            hoki().line(|line| line.processes[2].period = Some(period("2026-01-24", "2026-02-11"))),
        ),
        Fixture::fails(
            "declared-production-certified",
            hoki().item(|item| item.production = vec![period("2026-01-05", "2026-01-06")]),
        ),
        Fixture::fails(
            "storage-temperature",
            hoki().certificate(|certificate| {
                certificate.consignment.equipment[0].set_temperature = Some(measure("-8", "CEL"));
            }),
        ),
        Fixture::fails(
            "parasite-freezing",
            hoki().line(|line| line.processes[2].duration = Some(measure("12", "HUR"))),
        ),
        Fixture::fails(
            "mollusc-growing-area",
            mussels().line(|line| line.notes[1] = note("GROWING_AREA_CLASS", "B")),
        ),
        Fixture::fails(
            "aquatic-disease-free",
            crabs().instead("disease-status", &["NZ", "*", "white spot disease"], &["present"]),
        ),
        Fixture::fails(
            "residue-limits",
            hoki().line(|line| line.observations[0] = measured("mercury", "0.9", "NA")),
        ),
        Fixture::fails(
            "laboratory-results",
            hoki().line(|line| line.observations[1] = finding("Listeria", "detected")),
        ),
        Fixture::fails("required-attestations", hoki().certificate(|certificate| certificate.notes.clear())),
        Fixture::fails(
            "expiry-after-arrival",
            hoki().line(|line| line.expiry = Some(date_time("2026-04-10"))),
        ),
    ];
    assert_fixtures::<Aquatic>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

mod lawful {
    use super::*;

    #[test]
    fn colder_may_be_shorter_and_farmed_fish_needs_none() {
        let colder = hoki().line(|line| {
            line.processes[2].duration = Some(measure("16", "HUR"));
            line.processes[2].characteristics = vec![characteristic("TTTM", "-31", "FAH")];
        });
        colder.judge::<Aquatic>().assert_released().assert_passed("parasite-freezing");
    }

    #[test]
    fn purified_molluscs_may_be_from_class_b() {
        let purified = mussels().line(|line| {
            line.notes[1] = note("GROWING_AREA_CLASS", "class B");
            line.processes.push(process("DEPURATION", "2026-02-05", "2026-02-07"));
        });
        purified.judge::<Aquatic>().assert_released().assert_passed("mollusc-growing-area");
    }

    #[test]
    fn a_bare_certificate_is_released() {
        Scenario::of_goods("0302140000", "NO", "Atlantic salmon", "852").judge::<Aquatic>().assert_released();
    }
}
