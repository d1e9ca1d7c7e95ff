//! Cattle, and meat of animals without growth promotants.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule};
use goods::assurances::{concerns, is_attested};
use goods::disease::affected_origin;
use goods::{HS_2022, is_of};

use crate::parameters::Parameters;

/// Cattle are from outside the zone of the disease.
pub const ZONE: Rule<Parameters> = Rule::of_item("bluetongue-zone", zone)
    .titles(&[("en", "Cattle are from the zone free from the virus"), ("zh", "牛只来自蓝舌病非疫区")])
    .messages(&[
        ("en", "{origin} is not in the zone free from {disease}: {status}."),
        ("zh", "{origin} 不在 {disease} 非疫区内：{status}。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "origin", "disease-status"])
    .legal_basis("Bilateral protocol on cattle: bluetongue virus free zone; WOAH terrestrial code 8.3")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Meat is attested to be of animals without growth promotants.
pub const PROMOTANTS: Rule<Parameters> = Rule::of_item("growth-promotants", promotants)
    .titles(&[
        ("en", "Meat is of animals that were never given growth promotants"),
        ("zh", "肉类来自未使用促生长激素的动物"),
    ])
    .messages(&[
        ("en", "Certificate {number} does not attest that no growth promotants were given."),
        ("zh", "证书 {number} 未声明动物未使用促生长激素。"),
    ])
    .arguments(&["number"])
    .needs(&["certificate"])
    .legal_basis("Bilateral arrangement on meat: animals of a programme without hormonal growth promotants")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

fn zone(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0102"]) {
        return Judgement::NotApplicable;
    }
    let disease = &check.parameters().zone_disease;
    check.each_line(|line, tally| match affected_origin(check, line, disease, check.dates().decision) {
        Err(need) => tally.missing(need),
        Ok(None) => tally.check(true, Difference::new),
        Ok(Some((origin, why))) => tally.check(false, || {
            let region = origin.subdivisions.first().unwrap_or(&origin.country);
            Difference::new()
                .argument("origin", region)
                .argument("disease", disease.as_str())
                .argument("status", goods::coded("disease-status", &why))
                .in_line(line, origin.place)
        }),
    })
}

fn promotants(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    if !parameters.promotant_free.iter().any(|goods| concerns(goods, check)) {
        return Judgement::NotApplicable;
    }
    let Some(cited) = check.certificates().find(Cited::is_official) else {
        return Judgement::NotEvaluable("certificate");
    };
    if parameters.promotant_attestations.iter().any(|one| is_attested(check, one)) {
        return Judgement::Passed;
    }
    Difference::new()
        .argument("number", &cited.certificate.number.value)
        .in_certificate(cited.index, cited.certificate.place)
        .into()
}
