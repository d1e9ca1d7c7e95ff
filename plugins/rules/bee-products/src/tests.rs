//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::parts::Establishment;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, date_time, establishment, finding,
    identifier, measured, note, period, process, text,
};

use crate::BeeProducts;

/// Mānuka honey, analysed.
fn honey() -> Scenario {
    let scenario = Scenario::of_goods("0409000000", "NZ", "Manuka honey", "852").line(|line| {
        line.scientific_names = vec![text("Leptospermum scoparium")];
        line.observations = vec![
            measured("moisture", "18.4", "P1"),
            measured("HMF", "12", "NA"),
            measured("sucrose", "2.1", "P1"),
            measured("diastase", "14", "C62"),
            measured("chloramphenicol", "0", "J33"),
            finding("Paenibacillus larvae", "absent"),
        ];
    });
    packed(scenario).parameters(
        r#"{"minimumDaysLeft": 90,
            "laboratory": [{"prefixes": ["0409"], "name": "American foulbrood", "anyOf": ["Paenibacillus larvae"]}]}"#,
    )
}

/// Beeswax for beekeepers.
fn wax() -> Scenario {
    packed(Scenario::of_goods("1521909900", "NZ", "Beeswax", "852"))
        .line(|line| line.intended_uses = vec![text("Apiculture")])
}

fn packed(scenario: Scenario) -> Scenario {
    scenario
        .line(|line| {
            let mut packing = process("37", "2026-01-12", "2026-01-14");
            packing.establishment =
                Some(Establishment { country: Some(code("NZ")), ..establishment("KH 0078", "PP") });
            line.processes = vec![packing];
            line.batches = vec![identifier("KH-26-03")];
            line.expiry = Some(date_time("2028-12-31"));
        })
        .item(|item| item.batches = vec![identifier("KH2603")])
        .certificate(|certificate| certificate.notes.push(note("HON", "natural honey, nothing added")))
        .row("approved-establishments", &["NZ", "KH0078"], &["PP", "", "approved"])
        .row("commodity-attestations", &["0409", "NZ"], &["HON", "natural honey"])
        .row("residue-limits", &["chloramphenicol", "*"], &["0.15", "J33"])
        .row("disease-status", &["NZ", "*", "small hive beetle"], &["free"])
        .row("disease-status", &["NZ", "*", "american foulbrood"], &["free"])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<BeeProducts>().rules.len(), 13);
}

#[test]
fn every_rule_passes_and_fails() {
    let measures = |position: usize, substance: &str, value: &str, unit: &str| {
        honey().line(|line| line.observations[position] = measured(substance, value, unit))
    };
    let fixtures = [
        Fixture::clean("honey", honey()),
        Fixture::clean("beeswax", wax()),
        Fixture::fails(
            "approved-establishment",
            honey().line(|line| {
                line.processes[0].establishment =
                    Some(Establishment { country: Some(code("NZ")), ..establishment("KH 0079", "PP") });
            }),
        ),
        Fixture::fails(
            "processed-before-issue",
            honey().line(|line| line.processes[0].period = Some(period("2026-01-12", "2026-02-10"))),
        ),
        Fixture::fails("batch-certified", honey().item(|item| item.batches.push(identifier("KH2604")))),
        Fixture::fails(
            "expiry-after-arrival",
            honey().line(|line| line.expiry = Some(date_time("2026-06-01"))),
        ),
        Fixture::fails("residue-limits", measures(4, "chloramphenicol", "0.4", "J33")),
        Fixture::fails("required-attestations", honey().certificate(|certificate| certificate.notes.clear())),
        Fixture::fails(
            "laboratory-results",
            honey().line(|line| line.observations[5] = finding("Paenibacillus larvae", "detected")),
        ),
        Fixture::fails("honey-moisture", measures(0, "moisture", "21.5", "P1")),
        Fixture::fails("honey-hydroxymethylfurfural", measures(1, "HMF", "55", "NA")),
        Fixture::fails("honey-sucrose", measures(2, "sucrose", "7", "P1")),
        Fixture::fails("honey-diastase", measures(3, "diastase", "3", "C62")),
        Fixture::fails(
            "floral-source-certified",
            honey().line(|line| {
                line.descriptions = vec![text("Honey")];
                line.scientific_names.clear();
            }),
        ),
        Fixture::fails(
            "hive-disease-status",
            wax().instead("disease-status", &["NZ", "*", "small hive beetle"], &["present"]),
        ),
    ];
    assert_fixtures::<BeeProducts>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

mod lawful {
    use super::*;

    #[test]
    fn a_macron_or_a_botanical_name_is_the_same_source() {
        let scenario = honey().item(|item| item.descriptions = vec![text("Mānuka honey MGO 250+")]);
        scenario.judge::<BeeProducts>().assert_released().assert_passed("floral-source-certified");
        let botanical = honey().line(|line| line.descriptions = vec![text("Honey")]);
        botanical.judge::<BeeProducts>().assert_released().assert_passed("floral-source-certified");
    }

    #[test]
    fn frozen_wax_is_safe() {
        let frozen = wax()
            .instead("disease-status", &["NZ", "*", "small hive beetle"], &["present"])
            .line(|line| line.processes.push(process("7", "2026-01-15", "2026-01-17")));
        frozen.judge::<BeeProducts>().assert_released().assert_passed("hive-disease-status");
    }

    #[test]
    fn residues_in_another_unit_compare_and_without_one_are_not_guessed() {
        let milligrams =
            honey().line(|line| line.observations[4] = measured("chloramphenicol", "0.0001", "NA"));
        milligrams.judge::<BeeProducts>().assert_released().assert_passed("residue-limits");
        let unsaid = honey().line(|line| {
            let value = line.observations[4].value.as_mut().unwrap();
            value.unit = None;
        });
        unsaid.judge::<BeeProducts>().assert_released().assert_not_evaluable("residue-limits", "limit");
    }

    #[test]
    fn a_bare_certificate_is_released() {
        Scenario::of_goods("0409000000", "NZ", "Honey", "852").judge::<BeeProducts>().assert_released();
    }
}
