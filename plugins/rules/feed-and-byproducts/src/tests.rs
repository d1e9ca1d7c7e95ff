//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, characteristic, code, document, establishment,
    finding, identifier, measure, measured, note, period, process, text,
};

use crate::FeedAndByproducts;

/// Meat and bone meal of poultry, sterilised under pressure.
fn meal() -> Scenario {
    let scenario = Scenario::of_goods("2301109000", "NZ", "Poultry meal", "852").line(|line| {
        line.scientific_names = vec![text("Gallus gallus domesticus")];
        line.intended_uses = vec![text("Feed for aquaculture")];
        line.notes = vec![note("CATEGORY", "Category 3"), note("PROCESSING_METHOD", "1")];
        let mut heating = at(process("14", "2026-01-20", "2026-01-21"));
        heating.duration = Some(measure("20", "MIN"));
        heating.characteristics =
            vec![characteristic("TTTM", "134", "CEL"), characteristic("PRESSURE", "3.1", "BAR")];
        line.processes = vec![heating, at(process("37", "2026-01-21", "2026-01-21"))];
        line.batches = vec![identifier("PM-260121")];
        line.observations = vec![finding("Salmonella", "absent"), measured("cadmium", "0.3", "NA")];
    });
    asked(scenario).item(|item| item.batches = vec![identifier("PM260121")])
}

/// Fish meal.
fn fish_meal() -> Scenario {
    asked(Scenario::of_goods("2301200000", "NZ", "Fish meal", "852")).line(|line| {
        line.scientific_names = vec![text("Macruronus novaezelandiae")];
        line.observations = vec![finding("Salmonella", "absent")];
    })
}

/// Cat food.
fn petfood() -> Scenario {
    asked(Scenario::of_goods("2309101100", "NZ", "Complete feed for cats", "852"))
        .line(|line| line.observations = vec![finding("Salmonella", "absent")])
        .item(|item| item.documents.push(document("FEED", "2025-0418")))
        .row("product-registrations", &["NZ", "20250418"], &["", "2309"])
}

/// Salted hides.
fn hides() -> Scenario {
    asked(Scenario::of_goods("4101205000", "NZ", "Wet-salted hides", "852")).line(|line| {
        let mut salting = at(process("SALTING", "2026-01-10", "2026-02-01"));
        salting.duration = Some(measure("22", "DAY"));
        line.processes = vec![salting];
    })
}

fn at(process: Process) -> Process {
    let works = Establishment { country: Some(code("NZ")), ..establishment("RN 207", "PP") };
    Process { establishment: Some(works), ..process }
}

/// What the importing country asks for.
fn asked(scenario: Scenario) -> Scenario {
    scenario
        .certificate(|certificate| certificate.notes.push(note("NHC", "not for human consumption")))
        .parameters(
            r#"{"refused": [{"prefixes": ["2301"], "species": ["bovine", "ovine", "caprine"]}],
                "laboratory": [{"prefixes": ["23"], "name": "Salmonella", "anyOf": ["Salmonella"]}]}"#,
        )
        .row("approved-establishments", &["NZ", "RN207"], &["PP", "", "approved"])
        .row("commodity-attestations", &["*", "NZ"], &["NHC", "not for human consumption"])
        .row("residue-limits", &["cadmium", "23"], &["2", "NA"])
        .row("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["free"])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<FeedAndByproducts>().rules.len(), 17);
}

#[test]
fn every_rule_passes_and_fails() {
    let heating = |position: usize, name: &str, value: &str, unit: &str| {
        meal().line(|line| line.processes[0].characteristics[position] = characteristic(name, value, unit))
    };
    let fixtures = [
        Fixture::clean("poultry-meal", meal()),
        Fixture::clean("fish-meal", fish_meal()),
        Fixture::clean("petfood", petfood()),
        Fixture::clean("hides", hides()),
        Fixture::fails(
            "approved-establishment",
            meal().row("approved-establishments", &["NZ", "RN207"], &["", "", "suspended"]),
        ),
        Fixture::fails(
            "category-accepted",
            meal().line(|line| {
                line.notes[0] = note("CATEGORY", "Category 1");
                line.intended_uses.clear();
            }),
        ),
        Fixture::fails(
            "use-fits-category",
            meal().line(|line| line.notes[0] = note("CATEGORY", "Category 2")),
        ),
        Fixture::fails(
            "species-matches-heading",
            fish_meal().line(|line| line.scientific_names = vec![text("Sus scrofa domesticus")]),
        ),
        Fixture::fails(
            "refused-species",
            meal().line(|line| line.scientific_names = vec![text("Bos taurus")]),
        ),
        Fixture::fails(
            "feed-registration",
            petfood().item(|item| item.documents[1] = document("FEED", "2019-0007")),
        ),
        Fixture::fails(
            "processing-method",
            meal().line(|line| line.notes[1] = note("PROCESSING_METHOD", "9")),
        ),
        Fixture::fails("processing-temperature", heating(0, "TTTM", "121", "CEL")),
        Fixture::fails(
            "processing-duration",
            meal().line(|line| line.processes[0].duration = Some(measure("12", "MIN"))),
        ),
        Fixture::fails("processing-pressure", heating(1, "PRESSURE", "200", "KPA")),
        Fixture::fails(
            "treated-for-disease-status",
            hides()
                .instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["present"])
                .line(|line| line.processes[0].type_code = Some(code("37"))),
        ),
        Fixture::fails(
            "salting-duration",
            hides().line(|line| line.processes[0].duration = Some(measure("5", "DAY"))),
        ),
        Fixture::fails(
            "processed-before-issue",
            meal().line(|line| line.processes[1].period = Some(period("2026-02-09", "2026-02-10"))),
        ),
        Fixture::fails("batch-certified", meal().item(|item| item.batches = vec![identifier("PM260122")])),
        Fixture::fails(
            "laboratory-results",
            meal().line(|line| line.observations[0] = finding("Salmonella", "detected")),
        ),
        Fixture::fails(
            "residue-limits",
            meal().line(|line| line.observations[1] = measured("cadmium", "2600", "J33")),
        ),
        Fixture::fails("required-attestations", meal().certificate(|certificate| certificate.notes.clear())),
    ];
    assert_fixtures::<FeedAndByproducts>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

mod lawful {
    use super::*;

    #[test]
    fn salted_hides_from_an_affected_origin_are_safe() {
        let scenario =
            hides().instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["present"]);
        scenario.judge::<FeedAndByproducts>().assert_released().assert_passed("treated-for-disease-status");
    }

    #[test]
    fn pressure_in_another_unit_compares() {
        let scenario = meal()
            .line(|line| line.processes[0].characteristics[1] = characteristic("PRESSURE", "310", "KPA"));
        scenario.judge::<FeedAndByproducts>().assert_released().assert_passed("processing-pressure");
    }

    #[test]
    fn a_bare_certificate_is_released() {
        Scenario::of_goods("0505100000", "NZ", "Feathers", "852")
            .judge::<FeedAndByproducts>()
            .assert_released();
    }
}
