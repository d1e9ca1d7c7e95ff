//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::parts::{Establishment, Packages};
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, characteristic, code, date_time, decimal,
    document, establishment, finding, identifier, measure, measured, note, period, process, text,
};

use crate::Dairy;

/// Milk powder: pasteurised, dried, packed and analysed.
fn powder() -> Scenario {
    let scenario = Scenario::of_goods("0402101900", "NZ", "Skimmed milk powder of cow milk, bovine", "852");
    dairy(scenario, "Skimmed milk powder").line(|line| {
        line.observations = vec![measured("aflatoxin M1", "0.02", "J33"), finding("Salmonella", "absent")];
    })
}

/// Infant formula in tins.
fn formula() -> Scenario {
    let scenario = Scenario::of_goods("1901101000", "NZ", "Infant formula, bovine milk", "852");
    dairy(scenario, "Infant formula")
        .line(|line| {
            line.observations = vec![finding("Cronobacter", "absent"), finding("Salmonella", "absent")];
            line.packages.push(Packages {
                level: Some(code("1")),
                count: Some(decimal("1250")),
                ..Packages::default()
            });
        })
        .item(|item| item.documents.push(document("519", "CNZL26030001")))
        .row("product-registrations", &["NZ", "CNZL26030001"], &["ME1144", "190110"])
}

/// Fresh cheese that travels chilled.
fn fresh_cheese() -> Scenario {
    let scenario = Scenario::of_goods("0406103000", "NZ", "Fresh cheese of cow milk", "852");
    dairy(scenario, "Fresh cheese").line(|line| line.storage_condition = Some(code("CHILLED"))).certificate(
        |it| {
            it.consignment.equipment[0].set_temperature = Some(measure("4", "CEL"));
        },
    )
}

/// What any of them needs.
fn dairy(scenario: Scenario, name: &str) -> Scenario {
    let plant =
        |activity: &str| Establishment { country: Some(code("NZ")), ..establishment("ME 1144", activity) };
    scenario
        .line(|line| {
            line.common_names = vec![text(name)];
            line.scientific_names = vec![text("Bos taurus")];
            line.intended_uses = vec![text("Human consumption")];
            line.batches = vec![identifier("SM-2601"), identifier("SM-2602")];
            line.expiry = Some(date_time("2027-12-31"));
            let mut heating = process("101", "2026-01-20", "2026-01-21");
            heating.characteristics =
                vec![characteristic("TTTM", "72", "CEL"), characteristic("DURATION", "15", "SEC")];
            heating.establishment = Some(plant("PP"));
            let mut making = process("37", "2026-01-21", "2026-01-22");
            making.establishment = Some(plant("PP"));
            line.processes = vec![heating, making];
            line.notes = vec![note("MILK_ORIGIN", "NZ")];
        })
        .item(|item| {
            item.batches = vec![identifier("SM2601")];
            item.production = vec![period("2026-01-21", "2026-01-21")];
        })
        .certificate(|certificate| certificate.notes.push(note("DAI", "made of heat-treated milk")))
        .parameters(
            r#"{"milkSources": {"NZ": ["AU"]}, "minimumDaysLeft": 60,
                "laboratory": [{"prefixes": ["0402"], "name": "Salmonella", "anyOf": ["Salmonella"]}]}"#,
        )
        .row("approved-establishments", &["NZ", "ME1144"], &["PP CS", "bovine", "approved"])
        .row("commodity-attestations", &["04", "*"], &["DAI", "heat treatment of the milk"])
        .row("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["free"])
        .row("residue-limits", &["aflatoxin m1", "04"], &["0.5", "J33"])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<Dairy>().rules.len(), 18);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("milk-powder", powder()),
        Fixture::clean("infant-formula", formula()),
        Fixture::clean("fresh-cheese", fresh_cheese()),
        Fixture::clean("raw-milk-cheese-matured", matured(fresh_cheese(), "90")),
        Fixture::fails(
            "approved-establishment",
            powder().row("approved-establishments", &["NZ", "ME1144"], &["", "", "suspended"]),
        ),
        Fixture::fails(
            "processed-before-issue",
            powder().line(|line| {
                line.processes[1].period = Some(period("2026-01-21", "2026-02-12"));
            }),
        ),
        Fixture::fails("batch-certified", powder().item(|item| item.batches.push(identifier("SM2603")))),
        Fixture::fails(
            "declared-production-certified",
            powder().item(|item| {
                item.production = vec![period("2026-01-20", "2026-01-25")];
            }),
        ),
        Fixture::fails(
            "heat-treatment-stated",
            powder().line(|line| {
                line.processes.remove(0);
            }),
        ),
        Fixture::fails("heat-treatment-stated", matured(fresh_cheese(), "30"))
            .named("raw-milk-cheese-too-young"),
        Fixture::fails(
            "heat-treatment-sufficient",
            powder().line(|line| {
                line.processes[0].characteristics[0] = characteristic("TTTM", "68", "CEL");
            }),
        ),
        Fixture::fails(
            "heat-treatment-sufficient",
            powder().line(|line| {
                line.processes[0].characteristics[1] = characteristic("DURATION", "5", "SEC");
            }),
        )
        .named("heat-treatment-too-short"),
        Fixture::fails(
            "heat-treatment-for-disease-status",
            powder().instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["present"]),
        ),
        Fixture::fails("milk-source", powder().line(|line| line.notes = vec![note("MILK_ORIGIN", "BR")])),
        Fixture::fails(
            "milk-species-as-declared",
            powder().item(|item| {
                item.descriptions = vec![text("Goat milk powder")];
            }),
        ),
        Fixture::fails(
            "human-consumption",
            powder().line(|line| line.intended_uses = vec![text("Animal feed")]),
        ),
        Fixture::fails(
            "storage-temperature",
            fresh_cheese().certificate(|it| {
                it.consignment.equipment[0].set_temperature = Some(measure("12", "CEL"));
            }),
        ),
        Fixture::fails(
            "expiry-after-arrival",
            powder().line(|line| line.expiry = Some(date_time("2026-05-01"))),
        ),
        Fixture::fails(
            "residue-limits",
            powder().line(|line| {
                line.observations[0] = measured("aflatoxin M1", "0.8", "J33");
            }),
        ),
        Fixture::fails("required-attestations", powder().certificate(|it| it.notes.clear())),
        Fixture::fails(
            "laboratory-results",
            powder().line(|line| {
                line.observations.remove(1);
            }),
        ),
        Fixture::fails(
            "infant-registration",
            formula().item(|item| {
                item.documents[1] = document("519", "CNZL26039999");
            }),
        ),
        Fixture::fails(
            "infant-analyses",
            formula().line(|line| {
                line.observations[0] = finding("Cronobacter", "detected");
            }),
        ),
        Fixture::fails(
            "infant-retail-packing",
            formula().line(|line| {
                line.packages[1].count = Some(decimal("40"));
            }),
        ),
    ];
    assert_fixtures::<Dairy>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

/// Cheese of raw milk that matured for so many days.
fn matured(scenario: Scenario, days: &str) -> Scenario {
    scenario
        .line(|line| {
            line.processes.remove(0);
            line.processes[0].period = Some(period("2025-10-21", "2026-01-22"));
            line.processes[0].duration = Some(measure(days, "DAY"));
        })
        .item(|item| item.production = vec![period("2025-10-21", "2025-10-21")])
}

mod lawful {
    use super::*;

    #[test]
    fn temperatures_in_other_units_and_longer_times_pass() {
        let warm = powder().line(|line| {
            line.processes[0].characteristics =
                vec![characteristic("TTTM", "161.6", "FAH"), characteristic("DURATION", "1", "MIN")];
        });
        warm.judge::<Dairy>().assert_released().assert_passed("heat-treatment-sufficient");
    }

    #[test]
    fn a_time_that_is_not_stated_is_not_guessed() {
        let scenario = powder().line(|line| {
            line.processes[0].characteristics.pop();
        });
        scenario
            .judge::<Dairy>()
            .assert_released()
            .assert_not_evaluable("heat-treatment-sufficient", "duration");
    }

    #[test]
    fn severe_treatment_answers_the_disease() {
        let scenario = powder().line(|line| {
            let mut severe = process("UHT", "2026-01-21", "2026-01-21");
            severe.characteristics =
                vec![characteristic("TTTM", "137", "CEL"), characteristic("DURATION", "4", "SEC")];
            line.processes.push(severe);
        });
        scenario
            .instead("disease-status", &["NZ", "*", "foot-and-mouth disease"], &["present"])
            .judge::<Dairy>()
            .assert_released()
            .assert_passed("heat-treatment-for-disease-status");
    }

    #[test]
    fn a_bare_certificate_is_released_with_rules_not_evaluable() {
        let judged = Scenario::of_goods("0402101900", "NZ", "Milk powder", "852").judge::<Dairy>();
        judged.assert_released();
        judged.assert_not_evaluable("heat-treatment-stated", "processes");
        judged.assert_not_evaluable("batch-certified", "declared-batch");
        judged.assert_not_evaluable("declared-production-certified", "declared-production");
        judged.assert_not_evaluable("milk-species-as-declared", "declared-species");
    }
}
