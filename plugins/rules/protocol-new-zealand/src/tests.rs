//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::certificates::Animal;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, identifier, measured, note, process,
};

use crate::ProtocolNewZealand;

const PARAMETERS: &str = r#"{
    "numbers": [{"pattern": "NZL?[0-9]{4}/[A-Z]{3,5}(/?[0-9]+)?"}],
    "eligible": ["0102", "0201", "0204", "0409", "0810"]
}"#;

fn goods(commodity: &str, description: &str, kind: &str) -> Scenario {
    let scenario = Scenario::of_goods(commodity, "NZ", description, kind).change(|declaration, cited| {
        declaration.items[0].documents[0].number = Some(identifier("NZ2026/KHA/40117"));
        cited[0].certificate.number = identifier("NZ2026/KHA/40117");
    });
    scenario.parameters(PARAMETERS)
}

fn honey() -> Scenario {
    goods("0409000000", "Mānuka honey", "852").line(|line| {
        line.observations = vec![
            measured("3-phenyllactic acid", "412", "NA"),
            measured("2'-methoxyacetophenone", "6", "NA"),
            measured("2-methoxybenzoic acid", "1.4", "NA"),
            measured("4-hydroxyphenyllactic acid", "3.8", "NA"),
        ];
    })
}

fn kiwifruit() -> Scenario {
    goods("0810500000", "Kiwifruit, fresh", "851")
        .line(|line| line.notes = vec![note("ORCHARD", "KPIN 4471"), note("PACKHOUSE", "PH 22")])
        .row("approved-establishments", &["NZ", "KPIN4471"], &["OR", "", "approved"])
        .row("approved-establishments", &["NZ", "PH22"], &["PH", "", "approved"])
}

fn heifers() -> Scenario {
    goods("0102210000", "Heifers", "853").line(|line| {
        line.animals =
            vec![Animal { identifiers: vec![identifier("982 000441100117")], ..Animal::default() }];
    })
}

fn chilled() -> Scenario {
    goods("0204100000", "Chilled lamb carcases", "852").line(|line| {
        line.storage_condition = Some(code("CHILLED"));
        line.processes = vec![process("12", "2026-01-30", "2026-01-31")];
    })
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<ProtocolNewZealand>().rules.len(), 7);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("manuka-honey", honey()),
        Fixture::clean("kiwifruit", kiwifruit()),
        Fixture::clean("heifers", heifers()),
        Fixture::clean("chilled-lamb", chilled()),
        Fixture::fails(
            "certificate-number-form",
            honey().change(|declaration, cited| {
                declaration.items[0].documents[0].number = Some(identifier("MPI-26-1"));
                cited[0].certificate.number = identifier("MPI-26-1");
            }),
        ),
        Fixture::fails("eligible-commodity", goods("0406901000", "Cheese", "852")),
        Fixture::fails(
            "manuka-definition",
            honey().line(|line| line.observations[0] = measured("3-PLA", "11", "NA")),
        ),
        Fixture::fails(
            "orchard-registered",
            kiwifruit().instead("approved-establishments", &["NZ", "KPIN4471"], &["OR", "", "suspended"]),
        ),
        Fixture::fails(
            "packhouse-registered",
            kiwifruit().line(|line| line.notes[1] = note("PACKHOUSE", "PH 23")),
        ),
        Fixture::fails(
            "animal-number-form",
            heifers().line(|line| line.animals[0].identifiers[0] = identifier("NZ-4411")),
        ),
        Fixture::fails(
            "chilled-meat-age",
            chilled().line(|line| line.processes = vec![process("12", "2025-12-01", "2025-12-02")]),
        ),
    ];
    assert_fixtures::<ProtocolNewZealand>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

#[test]
fn clover_honey_needs_no_markers_and_frozen_meat_no_haste() {
    let clover = goods("0409000000", "Clover honey", "852").judge::<ProtocolNewZealand>();
    clover.assert_released().assert_not_applicable("manuka-definition");
    let frozen =
        goods("0204430000", "Frozen lamb", "852").line(|line| line.storage_condition = Some(code("FROZEN")));
    frozen.judge::<ProtocolNewZealand>().assert_released().assert_not_applicable("chilled-meat-age");
}
