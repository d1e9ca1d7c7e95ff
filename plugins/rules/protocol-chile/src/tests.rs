//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::parts::Person;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, identifier, note, process, text,
};

use crate::ProtocolChile;

const PARAMETERS: &str = r#"{
    "numbers": [{"types": ["851"], "pattern": "CL-[0-9]{7}"}],
    "eligible": ["0806", "0809", "0810"],
    "labels": [{"prefixes": ["0809"], "words": "for the United Kingdom"}]
}"#;

fn goods(commodity: &str, description: &str) -> Scenario {
    let scenario = Scenario::of_goods(commodity, "CL", description, "851").change(|declaration, cited| {
        declaration.items[0].documents[0].number = Some(identifier("CL-2644118"));
        let certificate = &mut cited[0].certificate;
        certificate.number = identifier("CL-2644118");
        let officer = Person { names: vec![text("Rocío Fuenzalida")], ..Person::default() };
        certificate.authentications[0].provider.as_mut().unwrap().persons = vec![officer];
    });
    scenario
        .line(|line| line.notes = vec![note("CSG", "107718"), note("CSP", "900441")])
        .parameters(PARAMETERS)
        .row("signatories", &["CL"], &["CLSAG", "Rocio Fuenzalida", "851"])
        .row("approved-establishments", &["CL", "107718"], &["OR", "", "approved"])
        .row("approved-establishments", &["CL", "900441"], &["PH", "", "approved"])
        .row("disease-status", &["CL", "*", "ceratitis capitata"], &["free"])
        .row("disease-status", &["CL", "*", "lobesia botrana"], &["free"])
}

fn cherries() -> Scenario {
    goods("0809290000", "Sweet cherries")
        .line(|line| line.packages[0].marks = vec![text("CEREZAS DEL MAULE - For the United Kingdom")])
}

fn grapes() -> Scenario {
    goods("0806101000", "Table grapes")
        .instead("disease-status", &["CL", "*", "lobesia botrana"], &["present"])
        .line(|line| line.processes = vec![process("77", "2026-02-01", "2026-02-02")])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<ProtocolChile>().rules.len(), 9);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("cherries", cherries()),
        Fixture::clean("grapes", grapes()),
        Fixture::fails(
            "certificate-number-form",
            cherries().change(|declaration, cited| {
                declaration.items[0].documents[0].number = Some(identifier("SAG 18"));
                cited[0].certificate.number = identifier("SAG 18");
            }),
        ),
        Fixture::fails("eligible-commodity", goods("0808108000", "Apples")),
        Fixture::fails(
            "signatory-notified",
            cherries().instead("signatories", &["CL"], &["CLSAG", "Ana Pizarro", ""]),
        ),
        Fixture::fails("orchard-registered", cherries().line(|line| line.notes[0] = note("CSG", "107719"))),
        Fixture::fails(
            "packhouse-registered",
            cherries().instead("approved-establishments", &["CL", "900441"], &["OR", "", "approved"]),
        ),
        Fixture::fails(
            "fruit-fly-area",
            cherries().line(|line| line.origins[0].subdivisions = vec![code("CL-TA")]).row(
                "disease-status",
                &["CL", "CL-TA", "ceratitis capitata"],
                &["present"],
            ),
        ),
        Fixture::fails(
            "moth-area-treatment",
            grapes().line(|line| line.processes = vec![process("13", "2026-02-01", "2026-02-02")]),
        ),
        Fixture::fails(
            "boxes-labelled",
            cherries().line(|line| line.packages[0].marks = vec![text("CEREZAS DEL MAULE")]),
        ),
        Fixture::fails(
            "containers-sealed",
            cherries().certificate(|it| it.consignment.equipment[0].seals.clear()),
        ),
    ];
    assert_fixtures::<ProtocolChile>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

#[test]
fn fruit_of_a_free_region_needs_no_treatment() {
    let scenario = grapes()
        .line(|line| {
            line.processes = vec![process("13", "2026-02-01", "2026-02-02")];
            line.origins[0].subdivisions = vec![code("CL-AT")];
        })
        .row("disease-status", &["CL", "CL-AT", "lobesia botrana"], &["free"]);
    scenario.judge::<ProtocolChile>().assert_released().assert_passed("moth-area-treatment");
}
