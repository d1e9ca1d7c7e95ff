//! Veal and pork.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::disease::affected_origin;
use goods::{HS_2022, is_of, stated};

use crate::parameters::Parameters;

/// Veal is of calves.
pub const VEAL: Rule<Parameters> = Rule::of_item("veal-age", veal)
    .titles(&[("en", "Veal is of calves young enough"), ("zh", "小牛肉来自规定月龄以下的犊牛")])
    .messages(&[
        ("en", "The calves were {age} months old, {months} are allowed for veal."),
        ("zh", "犊牛月龄为 {age}，小牛肉规定不超过 {months} 月龄。"),
    ])
    .arguments(&["age", "months"])
    .needs(&["certificate-line", "description", "age"])
    .legal_basis("Bilateral protocol on veal: age of the calves at slaughter")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Pork is from outside the zones of the disease.
pub const SWINE: Rule<Parameters> = Rule::of_item("swine-disease-zone", swine)
    .titles(&[("en", "Pork is from a zone free from the disease"), ("zh", "猪肉来自非洲猪瘟无疫区")])
    .messages(&[
        ("en", "{origin} is not free from {disease}: {status}."),
        ("zh", "{origin} 非 {disease} 无疫区：{status}。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "origin", "disease-status"])
    .legal_basis("Bilateral arrangement on regionalisation; WOAH terrestrial code 15.1, african swine fever")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn veal(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0201", "0202", "0206"]) {
        return Judgement::NotApplicable;
    }
    let months = check.parameters().veal_months;
    check.each_line(|line, tally| {
        let texts = line.line.descriptions.iter().chain(&line.line.common_names);
        let texts: Vec<String> = texts.map(|text| text.value.to_lowercase()).collect();
        if texts.is_empty() {
            return tally.missing("description");
        }
        if !texts.iter().any(|text| ["veal", "calf", "kalfs", "小牛"].iter().any(|word| text.contains(word)))
        {
            return;
        }
        let said = stated::about(line, &["AGE_MONTHS", "AGE_AT_SLAUGHTER"]);
        let age = said
            .first()
            .and_then(|said| Some((said, said.value.split_whitespace().next()?.parse::<u32>().ok()?)));
        let Some((said, age)) = age else { return tally.missing("age") };
        tally.check(age <= u32::from(months), || {
            Difference::new()
                .argument("age", age)
                .argument("months", u32::from(months))
                .expected(u32::from(months))
                .actual(age)
                .in_line(line, said.place)
        });
    })
}

fn swine(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0203", "020630", "02064", "0210"]) {
        return Judgement::NotApplicable;
    }
    let disease = &check.parameters().swine_disease;
    check.each_line(|line, tally| match affected_origin(check, line, disease, check.dates().decision) {
        Err(need) => tally.missing(need),
        Ok(None) => tally.check(true, Difference::new),
        Ok(Some((origin, why))) => tally.check(false, || {
            Difference::new()
                .argument("origin", origin.subdivisions.first().unwrap_or(&origin.country))
                .argument("disease", disease.as_str())
                .argument("status", goods::coded("disease-status", &why))
                .in_line(line, origin.place)
        }),
    })
}
