//! Citation, standing, authority and kind of document.

use ecert_sdk::model::cases::{Authenticity, Channel};
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::Period;
use ecert_sdk::testing::{Scenario, code, date, date_time, identifier, moment, text};

use super::judge;

#[test]
fn a_number_that_nobody_knows_gives_one_finding() {
    let scenario = Scenario::consistent().change(|declaration, _| {
        declaration.items[0].documents[0].number = Some(identifier("NZL2026/TEST9"));
        declaration.items[0].origin = Some(code("BR"));
    });
    let judged = judge(&scenario);
    judged.assert_failed("citation-resolves").assert_not_applicable("origin");
    assert_eq!(judged.stopping(), ["citation-resolves"]);
}

#[test]
fn other_documents_are_not_looked_for() {
    let scenario = Scenario::consistent().adjust(|case| {
        case.citations[0].resolution = ecert_sdk::model::cases::Resolution::NotACertificate;
        case.citations[0].certificate = None;
    });
    judge(&scenario).assert_not_applicable("citation-resolves").assert_not_applicable("certificate-status");
}

#[test]
fn a_withdrawn_certificate_is_a_prohibition_and_a_draft_a_discrepancy() {
    let with_status = |status: &str| {
        judge(&Scenario::consistent().change(|_, cited| cited[0].standing.status = code(status)))
    };
    with_status("40").assert_failed_as("certificate-status", Severity::Prohibition);
    with_status("64").assert_failed_as("certificate-status", Severity::Prohibition);
    with_status("47").assert_failed_as("certificate-status", Severity::Discrepancy);
    with_status("39").assert_passed("certificate-status");
    with_status("999").assert_not_evaluable("certificate-status", "status of the certificate");
}

#[test]
fn the_successor_of_a_replaced_certificate_is_named() {
    let scenario = Scenario::consistent().change(|_, cited| {
        cited[0].standing.status = code("44");
        cited[0].standing.replaced_by = Some(identifier("NZL2026/TEST2"));
    });
    let judged = judge(&scenario);
    judged.assert_failed("certificate-not-superseded").assert_passed("certificate-status");
    assert!(judged.messages("certificate-not-superseded")[0].contains("NZL2026/TEST2"));
}

#[test]
fn citing_the_successor_as_well_is_enough() {
    let mut scenario = Scenario::consistent();
    let mut successor = scenario.case.certificates[0].clone();
    successor.certificate.number = identifier("NZL2026/TEST2");
    successor.certificate.replaces = vec![identifier("NZL2026 TEST1")];
    scenario.case.certificates[0].standing.status = code("44");
    scenario.case.certificates.push(successor);
    let scenario = scenario.change(|declaration, _| {
        let mut document = declaration.items[0].documents[0].clone();
        document.number = Some(identifier("NZL2026/TEST2"));
        declaration.items[0].documents.push(document);
    });
    judge(&scenario).assert_passed("certificate-not-superseded").assert_released();
}

#[test]
fn the_first_certificate_of_a_chain_counts() {
    let at_sea = Scenario::consistent().change(|_, cited| {
        cited[0].certificate.issued = Some(date_time("2026-02-20"));
        cited[0].standing.first_issued = Some(date_time("2026-02-08"));
    });
    judge(&at_sea).assert_passed("issued-before-movement");
    let too_late = at_sea.change(|_, cited| cited[0].standing.first_issued = None);
    judge(&too_late).assert_failed("issued-before-movement");
    judge(&too_late.clone().parameters(r#"{"issuedBefore": {"852": "arrival"}}"#))
        .assert_passed("issued-before-movement");
}

#[test]
fn time_zones_do_not_turn_the_order_around() {
    // Issued in the evening of the day before by universal time.
    let scenario = Scenario::consistent().change(|declaration, cited| {
        cited[0].standing.first_issued = Some(moment("2026-02-10", "20:00:00"));
        declaration.dispatched = Some(date_time("2026-02-10"));
    });
    judge(&scenario).assert_passed("issued-before-movement");
}

#[test]
fn without_dates_the_order_is_not_evaluable() {
    let scenario = Scenario::consistent().adjust(|case| {
        case.declaration.dispatched = None;
        case.dates.dispatch = None;
    });
    judge(&scenario).assert_not_evaluable("issued-before-movement", "date of departure or arrival");
}

#[test]
fn validity_counts_on_the_day_of_decision_or_arrival() {
    let until = |day: &str| {
        let validity = Period { end: Some(date_time(day)), ..Period::default() };
        Scenario::consistent().change(move |_, cited| cited[0].certificate.validity = Some(validity))
    };
    judge(&until("2026-03-31")).assert_passed("certificate-validity");
    judge(&until("2026-03-30")).assert_failed("certificate-validity");
    let arrived = until("2026-03-30").parameters(r#"{"validOn": "arrival"}"#);
    judge(&arrived).assert_passed("certificate-validity");
    judge(&Scenario::consistent()).assert_not_applicable("certificate-validity");
    let early = Scenario::consistent().adjust(|case| case.dates.decision = date("2026-01-01"));
    let start = Period { start: Some(date_time("2026-02-08")), ..Period::default() };
    judge(&early.change(|_, cited| cited[0].certificate.validity = Some(start)))
        .assert_failed("certificate-validity");
}

#[test]
fn authorities_are_known_unknown_or_not_registered() {
    let known =
        |known| judge(&Scenario::consistent().change(|_, cited| cited[0].standing.authority_known = known));
    known(Some(true)).assert_passed("issuing-authority-known");
    known(Some(false)).assert_failed("issuing-authority-known");
    known(None).assert_not_evaluable("issuing-authority-known", "register of authorities");
}

#[test]
fn only_the_authority_or_its_hub_delivers() {
    let from = |authenticity, channel| {
        judge(&Scenario::consistent().change(|_, cited| {
            cited[0].standing.authenticity = authenticity;
            cited[0].standing.channel = channel;
        }))
    };
    from(Authenticity::Authentic, Channel::Delivery).assert_passed("authentic-delivery");
    from(Authenticity::NotEntitled, Channel::Delivery).assert_failed("authentic-delivery");
    from(Authenticity::Unknown, Channel::Submission).assert_failed("authentic-delivery");
    from(Authenticity::Unknown, Channel::Offline)
        .assert_not_evaluable("authentic-delivery", "sender of the certificate");
}

#[test]
fn somebody_signs() {
    judge(&Scenario::consistent()).assert_passed("signatory");
    let nobody = Scenario::consistent().change(|_, cited| cited[0].certificate.authentications.clear());
    judge(&nobody).assert_failed("signatory");
    let empty = Scenario::consistent().change(|_, cited| {
        if let Some(provider) = &mut cited[0].certificate.authentications[0].provider {
            provider.names = vec![text("")];
        }
    });
    judge(&empty).assert_failed("signatory");
}

#[test]
fn meat_does_not_travel_on_a_phytosanitary_certificate() {
    let of_type =
        |kind: &str| Scenario::consistent().change(|_, cited| cited[0].certificate.type_code = code(kind));
    judge(&of_type("853")).assert_passed("document-type");
    judge(&of_type("851")).assert_failed("document-type");
    let agreed = r#"{"documentTypes": [{"prefix": "0202", "types": ["851"]}]}"#;
    judge(&of_type("851").parameters(agreed)).assert_passed("document-type");
    let unknown = of_type("851").change(|declaration, _| {
        declaration.items[0].commodity.as_mut().expect("a code").class_code = Some("9503".into());
    });
    judge(&unknown).assert_not_applicable("document-type");
}

fn exempt(document_type: &str) -> SupportingDocument {
    SupportingDocument {
        type_code: Some(code(document_type)),
        status: Some(code("XX")),
        exemption: Some(text("Below the weight limit")),
        ..SupportingDocument::default()
    }
}

#[test]
fn an_exemption_is_judged_as_one() {
    let instead = |document: SupportingDocument| {
        Scenario::consistent().change(|declaration, _| declaration.items[0].documents = vec![document])
    };
    let judged = judge(&instead(exempt("N853")));
    judged.assert_failed("exemption-valid").assert_not_applicable("citation-resolves");
    assert_eq!(judged.stopping(), ["exemption-valid"]);
    // Not a health certificate.
    judge(&instead(exempt("C644"))).assert_passed("exemption-valid");
    let granted = r#"{"exemptions": [{"prefix": "02", "document": "N853"}]}"#;
    judge(&instead(exempt("N853")).parameters(granted)).assert_passed("exemption-valid");
}

#[test]
fn an_exemption_beside_the_certificate_harms_nothing() {
    let scenario =
        Scenario::consistent().change(|declaration, _| declaration.items[0].documents.push(exempt("C085")));
    judge(&scenario).assert_passed("exemption-valid").assert_released();
}

#[test]
fn severities_are_overridden_by_parameters() {
    let draft = Scenario::consistent().change(|_, cited| cited[0].standing.status = code("47"));
    let milder = draft.clone().parameters(r#"{"severities": {"certificate-status": "warning"}}"#);
    judge(&milder).assert_failed_as("certificate-status", Severity::Warning).assert_passed("origin");
    let off = draft.parameters(r#"{"severities": {"certificate-status": "off"}}"#);
    judge(&off).assert_not_applicable("certificate-status").assert_passed("origin");
}
