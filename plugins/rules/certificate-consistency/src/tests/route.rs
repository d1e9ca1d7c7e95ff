//! Countries, entry point, parties.

use ecert_sdk::model::parts::{Location, Party};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Identifier;
use ecert_sdk::testing::{Scenario, code, country_area, identifier, party, text};

use super::judge;

#[test]
fn goods_come_from_or_through_a_certified_country() {
    let from = |country: &str| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.dispatch_country = Some(code(country));
            cited[0].certificate.consignment.transit_countries = vec![country_area("SG")];
        })
    };
    judge(&from("NZ")).assert_passed("dispatch-country");
    judge(&from("SG")).assert_passed("dispatch-country");
    let judged = judge(&from("BR"));
    judged.assert_failed("dispatch-country");
    assert_eq!(judged.findings("dispatch-country").len(), 1);
}

#[test]
fn a_certificate_is_made_for_a_country() {
    let made_for = |country: &str| {
        Scenario::consistent()
            .change(|_, cited| cited[0].certificate.consignment.import_country = Some(country_area(country)))
    };
    judge(&made_for("GB")).assert_passed("destination-country");
    judge(&made_for("CH")).assert_failed("destination-country");
    // Entered by one member state, meant for another.
    let onward = made_for("NL").change(|declaration, _| {
        declaration.country = Some(code("NL"));
        declaration.destination_country = Some(code("DE"));
    });
    judge(&onward).assert_passed("destination-country");
    let silent = made_for("GB").change(|_, cited| cited[0].certificate.consignment.import_country = None);
    judge(&silent).assert_not_evaluable("destination-country", "certified country");
}

#[test]
fn many_items_give_one_finding_for_the_declaration() {
    let scenario = Scenario::consistent().change(|declaration, cited| {
        let item = declaration.items[0].clone();
        declaration.items.extend([item.clone(), item]);
        cited[0].certificate.consignment.import_country = Some(country_area("CH"));
    });
    assert_eq!(judge(&scenario).findings("destination-country").len(), 1);
}

fn place(code: Option<&str>, name: &str) -> Location {
    let identifiers = code.map(identifier).into_iter().collect();
    Location { identifiers, names: vec![text(name)], ..Location::default() }
}

#[test]
fn another_entry_point_is_worth_knowing() {
    let enters = |declared: Location| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.entry_place = Some(declared);
            cited[0].certificate.consignment.unloading_place = Some(place(Some("GBFXT"), "Felixstowe"));
        })
    };
    judge(&enters(place(Some("GBFXT"), "Port of Felixstowe"))).assert_passed("entry-point");
    judge(&enters(place(None, "FELIXSTOWE"))).assert_passed("entry-point");
    let judged = judge(&enters(place(Some("GBLGP"), "London Gateway")));
    judged.assert_failed_as("entry-point", Severity::Information).assert_released();
}

fn numbered(number: &str, name: Option<&str>) -> Party {
    let number = Identifier { scheme: Some("EORI".into()), ..identifier(number) };
    Party { identifiers: vec![number], ..name.map(party).unwrap_or_default() }
}

#[test]
fn importers_agree_by_identifier_alias_or_name() {
    let importer = |declared: Party, certified: Party| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.importer = Some(declared);
            cited[0].certificate.consignment.consignee = Some(certified);
        })
    };
    let eori = "GB639105728000";
    judge(&importer(numbered(eori, None), numbered(eori, Some("Other Name")))).assert_passed("importer");
    let other = importer(numbered(eori, None), numbered("GB482910375000", None));
    judge(&other).assert_failed_as("importer", Severity::Warning).assert_released();
    judge(&other.row("party-aliases", &[eori], &["GB482910375000"])).assert_passed("importer");
    judge(&importer(party("ACME (UK) LIMITED"), party("Acme (UK) Ltd"))).assert_passed("importer");
    judge(&importer(party("Acme Ltd"), party("Northern Foods Ltd"))).assert_failed("importer");
    judge(&importer(numbered(eori, None), party("Acme Ltd")))
        .assert_not_evaluable("importer", "comparable identifier or name");
}

#[test]
fn names_in_two_scripts_are_not_different() {
    let scenario = Scenario::consistent()
        .change(|declaration, _| declaration.exporter = Some(party("怀卡托肉类有限公司")));
    judge(&scenario).assert_not_evaluable("exporter", "comparable identifier or name").assert_released();
}

#[test]
fn a_trading_house_is_a_warning() {
    let scenario = Scenario::consistent()
        .change(|declaration, _| declaration.exporter = Some(party("Southern Cross Trading Pty Ltd")));
    judge(&scenario).assert_failed_as("exporter", Severity::Warning).assert_released();
}

#[test]
fn the_original_of_a_re_export_was_made_for_another_country() {
    let mut scenario = Scenario::consistent();
    let mut re_export = scenario.case.certificates[0].clone();
    re_export.certificate.number = identifier("NL-657-1");
    re_export.certificate.type_code = code("657");
    scenario.case.certificates[0].certificate.consignment.import_country = Some(country_area("NL"));
    scenario.case.certificates.push(re_export);
    let scenario = scenario.change(|declaration, _| {
        let mut document = declaration.items[0].documents[0].clone();
        document.number = Some(identifier("NL-657-1"));
        declaration.items[0].documents.push(document);
    });
    judge(&scenario).assert_passed("destination-country");
}
