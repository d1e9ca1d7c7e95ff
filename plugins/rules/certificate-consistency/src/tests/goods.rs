//! Commodity, origin, establishments.

use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::parts::Establishment;
use ecert_sdk::testing::{Scenario, code, country_area, identifier};

use super::judge;

fn certified(certificate_code: Option<&str>) -> Scenario {
    Scenario::consistent().change(|_, cited| {
        let line = &mut cited[0].certificate.consignment.lines[0];
        match certificate_code {
            Some(certificate_code) => line.classifications[0].class_code = Some(certificate_code.into()),
            None => line.classifications.clear(),
        }
    })
}

#[test]
fn codes_are_compared_as_far_as_they_mean_the_same() {
    judge(&certified(Some("0202"))).assert_passed("commodity-code");
    let judged = judge(&certified(Some("020210")));
    judged.assert_failed("commodity-code").assert_not_applicable("net-weight");
    assert_eq!(judged.stopping(), ["commodity-code"]);
    judge(&certified(None))
        .assert_not_evaluable("commodity-code", "certified commodity code")
        .assert_released();
}

#[test]
fn without_a_pairing_the_code_must_occur_somewhere() {
    let elsewhere = certified(Some("020230")).pair(&[]);
    judge(&elsewhere).assert_passed("commodity-code").assert_released();
    judge(&certified(Some("0204")).pair(&[])).assert_failed("commodity-code");
}

#[test]
fn no_declared_code_is_not_evaluable() {
    let scenario = Scenario::consistent().change(|declaration, _| declaration.items[0].commodity = None);
    judge(&scenario).assert_not_evaluable("commodity-code", "declared commodity code");
}

#[test]
fn the_declared_origin_is_one_of_the_certified() {
    let declared = |country: &str| {
        Scenario::consistent().change(|declaration, _| declaration.items[0].origin = Some(code(country)))
    };
    judge(&declared("NZL")).assert_passed("origin");
    judge(&declared("BR")).assert_failed("origin");
    let two = declared("AU").change(|_, cited| {
        cited[0].certificate.consignment.lines[0].origins.push(country_area("AU"));
    });
    judge(&two).assert_passed("origin");
    let silent = declared("AU").change(|_, cited| cited[0].certificate.consignment.lines[0].origins.clear());
    judge(&silent).assert_not_evaluable("origin", "certified origin");
}

#[test]
fn northern_ireland_is_part_of_the_united_kingdom() {
    let scenario = Scenario::consistent().change(|declaration, cited| {
        declaration.items[0].origin = Some(code("XI"));
        cited[0].certificate.consignment.lines[0].origins = vec![country_area("GB")];
    });
    judge(&scenario).assert_passed("origin");
}

fn works(number: &str) -> Establishment {
    Establishment { approval_number: Some(identifier(number)), ..Establishment::default() }
}

#[test]
fn declared_works_are_on_the_certificate() {
    let declared = |number: &str| {
        Scenario::consistent().change(|declaration, cited| {
            declaration.items[0].establishments = vec![works(number)];
            let process = Process { establishment: Some(works("ME 9112")), ..Process::default() };
            cited[0].certificate.consignment.lines[0].processes = vec![process];
        })
    };
    judge(&declared("ME9112")).assert_passed("declared-establishments");
    judge(&declared("ME9127")).assert_failed("declared-establishments");
    let unnamed =
        declared("ME9127").change(|_, cited| cited[0].certificate.consignment.lines[0].processes.clear());
    judge(&unnamed).assert_not_evaluable("declared-establishments", "certified establishments");
    judge(&Scenario::consistent()).assert_not_applicable("declared-establishments");
}
