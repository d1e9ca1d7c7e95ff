//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::certificates::{Animal, Characteristic, LaboratoryObservation};
use ecert_sdk::model::parts::{Establishment, Location};
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, country_area, date_time, establishment,
    finding, identifier, measure, note, period, process, text,
};

use crate::LiveAnimals;

/// Three heifers that sail from New Zealand, through Australia.
fn heifers() -> Scenario {
    let animal = |number: &str| Animal {
        identifiers: vec![identifier(number)],
        particulars: vec![note("BIRTH_DATE", "2024-08-15")],
        ..Animal::default()
    };
    let works = |number: &str, activity: &str| {
        Some(Establishment { country: Some(code("NZ")), ..establishment(number, activity) })
    };
    Scenario::of_goods("0102210000", "NZ", "Breeding heifers", "853")
        .line(|line| {
            line.scientific_names = vec![text("Bos taurus")];
            line.count = Some(measure("3", "H87"));
            line.animals =
                vec![animal("982000441100117"), animal("982000441100118"), animal("982000441100119")];
            let mut residence = process("RESIDENCE", "2025-08-01", "2026-01-09");
            residence.establishment = works("NZH-8821", "AH");
            let mut quarantine = process("QUARANTINE", "2026-01-09", "2026-02-09");
            quarantine.establishment = works("NZQ-017", "QS");
            let mut vaccination = process("VACCINATION", "2025-12-20", "2025-12-20");
            vaccination.characteristics =
                vec![Characteristic { descriptions: vec![text("Leptospirosis")], ..Characteristic::default() }];
            line.processes =
                vec![residence, quarantine, vaccination, process("36", "2026-02-09", "2026-02-09")];
            line.observations = vec![LaboratoryObservation {
                at: Some(date_time("2026-01-20")),
                ..finding("bovine tuberculosis", "negative")
            }];
        })
        .certificate(|certificate| {
            certificate.consignment.transit_countries = vec![country_area("AU")];
            certificate.notes.push(note("FIT_TO_TRAVEL", "The animals are fit for the journey."));
        })
        .change(|declaration, _| {
            declaration.entry_place =
                Some(Location { identifiers: vec![identifier("GBLGP")], ..Location::default() });
        })
        .parameters(
            r#"{
                "quarantine": [{"prefixes": ["0102"], "days": 30}],
                "residenceDays": [{"prefixes": ["0102"], "days": 90}],
                "minimumAge": [{"prefixes": ["0102"], "days": 180}],
                "tests": [{"name": "bovine tuberculosis", "anyOf": ["bovine tuberculosis"], "earliestDays": 0, "latestDays": 30}],
                "vaccinations": [{"name": "leptospirosis", "anyOf": ["Leptospirosis"], "earliestDays": 14, "latestDays": 180}],
                "laboratory": [{"prefixes": ["0102"], "name": "bovine tuberculosis", "anyOf": ["bovine tuberculosis"]}]
            }"#,
        )
        .row("zoological-names", &["0102"], &["Bos"])
        .row("zoological-names", &["0102"], &["Bubalus"])
        .row("approved-establishments", &["NZ", "NZH8821"], &["AH", "", "approved"])
        .row("approved-establishments", &["NZ", "NZQ017"], &["QS", "", "approved"])
        .row("commodity-attestations", &["01", "*"], &["FIT_TO_TRAVEL", "fitness for the journey"])
        .row("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["free"])
        .row("disease-status", &["AU", "*", "foot-and-mouth disease"], &["free"])
        .row("ports", &["GB", "GBLGP"], &["London Gateway", "animals fruit"])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<LiveAnimals>().rules.len(), 16);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("heifers", heifers()),
        Fixture::fails("identification-count", heifers().line(|line| line.count = Some(measure("4", "H87")))),
        Fixture::fails(
            "identifiers-unique",
            heifers().line(|line| line.animals[2] = line.animals[1].clone()),
        ),
        Fixture::fails(
            "species-matches-heading",
            heifers().line(|line| line.scientific_names = vec![text("Ovis aries")]),
        ),
        Fixture::fails(
            "minimum-age",
            heifers().line(|line| {
                line.animals[0].particulars = vec![note("BIRTH_DATE", "2025-12-01")];
            }),
        ),
        Fixture::fails(
            "approved-establishment",
            heifers().instead("approved-establishments", &["NZ", "NZQ017"], &["AH", "", "approved"]),
        ),
        Fixture::fails(
            "holding-residence",
            heifers().line(|line| line.processes[0].period = Some(period("2025-12-01", "2026-01-09"))),
        ),
        Fixture::fails(
            "quarantine-length",
            heifers().line(|line| line.processes[1].period = Some(period("2026-01-20", "2026-02-09"))),
        ),
        Fixture::fails(
            "quarantine-until-loading",
            heifers().line(|line| line.processes[1].period = Some(period("2025-12-20", "2026-02-01"))),
        ),
        Fixture::fails(
            "tests-in-window",
            heifers().line(|line| line.observations[0].at = Some(date_time("2025-11-20"))),
        ),
        Fixture::fails(
            "laboratory-results",
            heifers().line(|line| line.observations[0].verdict = Some(code("positive"))),
        ),
        Fixture::fails(
            "vaccinations-in-window",
            heifers().line(|line| line.processes[2].period = Some(period("2026-02-05", "2026-02-05"))),
        ),
        Fixture::fails(
            "examined-before-loading",
            heifers().line(|line| line.processes[3].period = Some(period("2026-01-25", "2026-01-25"))),
        ),
        Fixture::fails(
            "origin-disease-free",
            heifers().instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["suspected"]),
        ),
        Fixture::fails(
            "transit-disease-free",
            heifers().instead("disease-status", &["AU", "*", "foot-and-mouth disease"], &["present"]),
        ),
        Fixture::fails(
            "designated-port",
            heifers().instead("ports", &["GB", "GBLGP"], &["London Gateway", "fruit"]),
        ),
        Fixture::fails(
            "required-attestations",
            heifers().certificate(|certificate| certificate.notes.clear()),
        ),
    ];
    assert_fixtures::<LiveAnimals>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

mod lawful {
    use super::*;

    #[test]
    fn a_free_region_of_an_affected_country_is_free() {
        let scenario = heifers()
            .instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["present"])
            .row("disease-status", &["NZ", "NZ-STL", "foot-and-mouth disease"], &["free"])
            .line(|line| line.origins[0].subdivisions = vec![code("NZ-STL")]);
        scenario.judge::<LiveAnimals>().assert_released().assert_passed("origin-disease-free");
    }

    #[test]
    fn animals_may_be_counted_by_the_head_and_tested_twice() {
        let scenario = heifers().line(|line| {
            line.count = Some(measure("3", "HEA"));
            let mut first = line.observations[0].clone();
            first.at = Some(date_time("2025-10-01"));
            line.observations.push(first);
        });
        scenario.judge::<LiveAnimals>().assert_released();
    }

    #[test]
    fn a_bare_certificate_is_released() {
        Scenario::of_goods("0101210000", "NZ", "Horses", "853").judge::<LiveAnimals>().assert_released();
    }
}
