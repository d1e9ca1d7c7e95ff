//! Cases that are in order, and each of them changed in one respect that a
//! rule must find; they are the fixtures.

use ecert_sdk::model::parts::{Establishment, Person};
use ecert_sdk::testing::{
    Fixture, Scenario, assert_fixtures, assert_rules_manifest, code, country_area, document, establishment,
    identifier, note, process, text,
};

use crate::ProtocolMacao;

const PARAMETERS: &str = r#"{
    "numbers": [{"pattern": "MO-IAM-[0-9]{2}-[0-9]{4}"}],
    "eligible": ["0101", "1601", "1905"]
}"#;

fn goods(commodity: &str, description: &str, kind: &str) -> Scenario {
    let scenario = Scenario::of_goods(commodity, "MO", description, kind).change(|declaration, cited| {
        declaration.items[0].documents[0].number = Some(identifier("MO-IAM-26-0418"));
        let certificate = &mut cited[0].certificate;
        certificate.number = identifier("MO-IAM-26-0418");
        let officer = Person { names: vec![text("Lei Wai Kei")], ..Person::default() };
        certificate.authentications[0].provider.as_mut().unwrap().persons = vec![officer];
    });
    scenario.parameters(PARAMETERS).row("signatories", &["MO"], &["MOIAM", "Lei Wai Kei", ""])
}

/// Sausages of Brazilian pork.
fn sausages() -> Scenario {
    goods("1601001000", "Cured sausages", "852")
        .line(|line| {
            let mut making = process("37", "2026-01-20", "2026-01-21");
            making.establishment =
                Some(Establishment { country: Some(code("MO")), ..establishment("MO-F-031", "PP") });
            line.processes = vec![making, process("13", "2026-01-22", "2026-01-22")];
            line.notes =
                vec![note("RAW_MATERIAL_ORIGIN", "BR"), note("RAW_MATERIAL_CERTIFICATE", "BR-26-118804")];
        })
        .item(|item| item.documents.push(document("BRAND", "MOB 118")))
        .row("approved-establishments", &["MO", "MOF031"], &["PP", "", "approved"])
        .row("product-registrations", &["MO", "MOB118"], &["", "1601"])
}

fn horses() -> Scenario {
    goods("0101210000", "Race horses", "853")
        .line(|line| line.processes = vec![process("STAY", "2026-03-28", "2026-05-15")])
        .certificate(|certificate| certificate.consignment.transit_countries = vec![country_area("HK")])
}

#[test]
fn the_manifest_is_complete() {
    assert_eq!(assert_rules_manifest::<ProtocolMacao>().rules.len(), 9);
}

#[test]
fn every_rule_passes_and_fails() {
    let fixtures = [
        Fixture::clean("sausages", sausages()),
        Fixture::clean("horses", horses()),
        Fixture::fails(
            "certificate-number-form",
            sausages().change(|declaration, cited| {
                declaration.items[0].documents[0].number = Some(identifier("IAM/418"));
                cited[0].certificate.number = identifier("IAM/418");
            }),
        ),
        Fixture::fails("eligible-commodity", goods("1602500000", "Corned beef", "852")),
        Fixture::fails(
            "signatory-notified",
            sausages().instead("signatories", &["MO"], &["MOIAM", "Chan Sio Fong", ""]),
        ),
        Fixture::fails(
            "producer-registered",
            sausages().instead("approved-establishments", &["MO", "MOF031"], &["PP", "", "suspended"]),
        ),
        Fixture::fails(
            "made-in-macao",
            sausages().line(|line| {
                line.processes[0].country = Some(code("BR"));
            }),
        ),
        Fixture::fails(
            "raw-material-certificate",
            sausages().line(|line| {
                line.notes.pop();
            }),
        ),
        Fixture::fails(
            "brand-registered",
            sausages().item(|item| item.documents[1] = document("BRAND", "MOB 119")),
        ),
        Fixture::fails(
            "direct-transport",
            horses().certificate(|certificate| {
                certificate.consignment.transit_countries = vec![country_area("PH")];
            }),
        ),
        Fixture::fails(
            "temporary-stay-of-horses",
            horses().line(|line| {
                line.processes = vec![process("STAY", "2026-03-28", "2026-09-15")];
            }),
        ),
    ];
    assert_fixtures::<ProtocolMacao>(env!("CARGO_MANIFEST_DIR"), &fixtures);
}

#[test]
fn a_bare_certificate_is_released() {
    let judged = goods("1905907000", "Almond biscuits", "852").judge::<ProtocolMacao>();
    judged.assert_released().assert_not_evaluable("made-in-macao", "processes");
}
