//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::parts::Person;
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, identifier, note, process, text,
};

use crate::ProtocolNetherlands;

const PARAMETERS: &str = r#"{
    "numbers": [{"types": ["851"], "pattern": "NL-PC-[0-9]{2}-[0-9]{5}"}, {"types": ["852"], "pattern": "NL-VC-[0-9]{2}-[0-9]{5}"}],
    "eligible": ["0201", "0203", "0601", "0702", "070960", "080830"]
}"#;

fn goods(commodity: &str, description: &str, kind: &str) -> Scenario {
    let number = if kind == "851" { "NL-PC-26-40118" } else { "NL-VC-26-40118" };
    let scenario = Scenario::of_goods(commodity, "NL", description, kind).change(|declaration, cited| {
        declaration.items[0].documents[0].number = Some(identifier(number));
        cited[0].certificate.number = identifier(number);
        let officer = Person { names: vec![text("M. van Dalen")], ..Person::default() };
        cited[0].certificate.authentications[0].provider.as_mut().unwrap().persons = vec![officer];
    });
    scenario.parameters(PARAMETERS).row("signatories", &["NL"], &["NLNVWA", "M. van Dalen", "851 852"]).row(
        "disease-status",
        &["NL", "*", "african swine fever"],
        &["free"],
    )
}

fn peppers() -> Scenario {
    goods("0709601000", "Sweet peppers", "851")
        .line(|line| line.notes = vec![note("GREENHOUSE", "NL-GH-0441")])
        .row("approved-establishments", &["NL", "NLGH0441"], &["GH", "", "approved"])
}

fn pears() -> Scenario {
    goods("0808309000", "Conference pears", "851")
        .line(|line| line.notes = vec![note("ORCHARD", "NL-OR-118")])
        .row("approved-establishments", &["NL", "NLOR118"], &["OR", "", "approved"])
}

fn bulbs() -> Scenario {
    goods("0601101000", "Tulip bulbs", "851").line(|line| {
        line.processes =
            vec![process("40", "2025-03-01", "2025-06-30"), process("36", "2025-04-28", "2025-04-28")];
    })
}

fn veal() -> Scenario {
    goods("0201300000", "Chilled veal", "852").line(|line| line.notes = vec![note("AGE_MONTHS", "8")])
}

fn pork() -> Scenario {
    goods("0203295500", "Frozen pork", "852")
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<ProtocolNetherlands>().rules.len(), 8);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("peppers", peppers()),
        Fixture::clean("pears", pears()),
        Fixture::clean("bulbs", bulbs()),
        Fixture::clean("veal", veal()),
        Fixture::clean("pork", pork()),
        Fixture::fails(
            "certificate-number-form",
            pork().change(|declaration, cited| {
                declaration.items[0].documents[0].number = Some(identifier("NL-PC-26-40118"));
                cited[0].certificate.number = identifier("NL-PC-26-40118");
            }),
        ),
        Fixture::fails("eligible-commodity", goods("0406901000", "Cheese", "852")),
        Fixture::fails(
            "signatory-notified",
            pork().instead("signatories", &["NL"], &["NLNVWA", "M. van Dalen", "851"]),
        ),
        Fixture::fails(
            "glasshouse-registered",
            peppers().line(|line| line.notes = vec![note("GREENHOUSE", "NL-GH-0442")]),
        ),
        Fixture::fails(
            "orchard-registered",
            pears().instead("approved-establishments", &["NL", "NLOR118"], &["OR", "", "suspended"]),
        ),
        Fixture::fails(
            "bulbs-inspected-growing",
            bulbs().line(|line| line.processes[1] = process("36", "2025-09-01", "2025-09-01")),
        ),
        Fixture::fails("veal-age", veal().line(|line| line.notes = vec![note("AGE_MONTHS", "15")])),
        Fixture::fails(
            "swine-disease-zone",
            pork().line(|line| line.origins[0].subdivisions = vec![code("NL-LI")]).row(
                "disease-status",
                &["NL", "NL-LI", "african swine fever"],
                &["present"],
            ),
        ),
    ];
    assert_fixtures::<ProtocolNetherlands>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

#[test]
fn names_of_officers_are_compared_without_accents_and_case() {
    let accented = pork().instead("signatories", &["NL"], &["NLNVWA", "M. VAN DÁLEN", ""]);
    accented.judge::<ProtocolNetherlands>().assert_released().assert_passed("signatory-notified");
    let unnamed = pork().certificate(|certificate| certificate.authentications[0].provider = None);
    unnamed
        .judge::<ProtocolNetherlands>()
        .assert_released()
        .assert_not_evaluable("signatory-notified", "signatory");
}
