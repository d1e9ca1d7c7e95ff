//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, characteristic, code, decimal, identifier,
    measure, measured, note, process,
};

use crate::ProtocolAustralia;

const PARAMETERS: &str = r#"{
    "numbers": [{"types": ["851", "852", "853"], "pattern": "AU[0-9]{2}-[0-9]{6}"}],
    "eligible": ["0102", "0202", "0805", "1205", "1214"],
    "promotantFree": [{"prefixes": ["02"]}],
    "coldTreatment": [{
        "prefixes": ["0805"], "freeRegions": ["AU-TAS", "Riverland"], "sensors": 3,
        "steps": [
            {"temperature": {"value": "1", "unit": "CEL"}, "duration": {"value": "16", "unit": "DAY"}},
            {"temperature": {"value": "2.1", "unit": "CEL"}, "duration": {"value": "21", "unit": "DAY"}}
        ]
    }]
}"#;

fn goods(commodity: &str, description: &str, kind: &str) -> Scenario {
    let scenario = Scenario::of_goods(commodity, "AU", description, kind).change(|declaration, cited| {
        declaration.items[0].documents[0].number = Some(identifier("AU26-110731"));
        cited[0].certificate.number = identifier("AU26-110731");
    });
    scenario.parameters(PARAMETERS).row("disease-status", &["AU", "AU-VIC", "bluetongue"], &["free"])
}

fn oranges() -> Scenario {
    goods("0805108000", "Oranges", "851")
        .line(|line| {
            let mut cold = process("74", "2026-02-10", "2026-02-28");
            cold.duration = Some(measure("18", "DAY"));
            cold.characteristics =
                vec![characteristic("TTTM", "0.8", "CEL"), characteristic("SENSORS", "4", "C62")];
            line.processes = vec![cold];
            line.notes = vec![note("ORCHARD", "SR 0118")];
        })
        .row("approved-establishments", &["AU", "SR0118"], &["OR", "", "approved"])
}

fn heifers() -> Scenario {
    goods("0102210000", "Heifers", "853").line(|line| line.origins[0].subdivisions = vec![code("AU-VIC")])
}

fn beef() -> Scenario {
    goods("0202309000", "Frozen beef", "852")
        .certificate(|certificate| certificate.notes.push(note("HGP", "no growth promotants")))
}

fn rapeseed() -> Scenario {
    goods("1205109000", "Rapeseed", "851")
        .line(|line| line.observations = vec![measured("dockage", "0.6", "P1")])
}

fn hay() -> Scenario {
    goods("1214909000", "Oaten hay", "851").line(|line| line.notes = vec![note("PROCESSOR", "OH-31")]).row(
        "approved-establishments",
        &["AU", "OH31"],
        &["PP", "", "approved"],
    )
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<ProtocolAustralia>().rules.len(), 9);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("oranges", oranges()),
        Fixture::clean("heifers", heifers()),
        Fixture::clean("beef", beef()),
        Fixture::clean("rapeseed", rapeseed()),
        Fixture::clean("hay", hay()),
        Fixture::fails(
            "certificate-number-form",
            beef().change(|declaration, cited| {
                declaration.items[0].documents[0].number = Some(identifier("AU-BEEF-1"));
                cited[0].certificate.number = identifier("AU-BEEF-1");
            }),
        ),
        Fixture::fails("eligible-commodity", goods("0809210000", "Cherries", "851")),
        Fixture::fails(
            "cold-treatment-in-transit",
            oranges().line(|line| line.processes[0].duration = Some(measure("12", "DAY"))),
        ),
        Fixture::fails(
            "cold-treatment-sensors",
            oranges().line(|line| {
                line.processes[0].characteristics[1].value.as_mut().unwrap().value = decimal("2");
            }),
        ),
        Fixture::fails(
            "orchard-registered",
            oranges().line(|line| line.notes = vec![note("ORCHARD", "SR 0119")]),
        ),
        Fixture::fails(
            "bluetongue-zone",
            heifers().line(|line| line.origins[0].subdivisions = vec![code("AU-NT")]).row(
                "disease-status",
                &["AU", "AU-NT", "bluetongue"],
                &["present"],
            ),
        ),
        Fixture::fails("growth-promotants", beef().certificate(|certificate| certificate.notes.clear())),
        Fixture::fails(
            "rapeseed-dockage",
            rapeseed().line(|line| line.observations = vec![measured("dockage", "1.4", "P1")]),
        ),
        Fixture::fails(
            "hay-processor-registered",
            hay().instead("approved-establishments", &["AU", "OH31"], &["PP", "", "suspended"]),
        ),
    ];
    assert_fixtures::<ProtocolAustralia>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

#[test]
fn fruit_of_a_free_region_needs_no_cold_and_a_warmer_step_takes_longer() {
    let free = oranges().line(|line| {
        line.processes.clear();
        line.origins[0].subdivisions = vec![code("AU-TAS")];
    });
    free.judge::<ProtocolAustralia>().assert_released().assert_not_applicable("cold-treatment-in-transit");
    let longer = oranges().line(|line| {
        line.processes[0].duration = Some(measure("22", "DAY"));
        line.processes[0].characteristics[0] = characteristic("TTTM", "35.6", "FAH");
    });
    longer.judge::<ProtocolAustralia>().assert_released().assert_passed("cold-treatment-in-transit");
}
