//! What the honey is called, and the health of the bees.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::HS_2022;
use goods::disease::affected_origin;
use goods::process::of_types;

use crate::parameters::Parameters;

/// A floral source that is declared was certified.
pub const FLORAL: Rule<Parameters> = Rule::of_item("floral-source-certified", floral)
    .titles(&[("en", "The floral source that is declared was certified"), ("zh", "申报的蜜源植物列于证书")])
    .messages(&[
        ("en", "The goods are declared as {source} honey, which the certificate does not say."),
        ("zh", "申报为{source}蜂蜜，证书未载明该蜜源。"),
    ])
    .arguments(&["source"])
    .needs(&["certificate-line", "description"])
    .legal_basis("Codex CXS 12 standard for honey, 6.1: designation by floral source")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// Products for bees are from healthy places, or were made safe.
pub const HIVES: Rule<Parameters> = Rule::of_item("hive-disease-status", hives)
    .titles(&[
        ("en", "Products that go to bees are from a place free from their diseases, or treated"),
        ("zh", "用于养蜂的产品来自无疫区或经过处理"),
    ])
    .messages(&[
        ("en", "{origin} is not free from {disease} ({status}), and the product for bees was not treated."),
        ("zh", "{origin} 非 {disease} 无疫区（{status}），用于养蜂的产品未经处理。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "intended-use", "origin", "disease-status"])
    .legal_basis(
        "WOAH terrestrial code, diseases of bees: recommendations for importation of apiculture products",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

fn floral(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let plain = |text: &str| text.to_lowercase().replace('ā', "a");
    let declared: Vec<String> = check.item().descriptions.iter().map(|text| plain(&text.value)).collect();
    if declared.is_empty() {
        return Judgement::NotEvaluable("description");
    }
    let named = |names: &[String], texts: &[String]| {
        names.iter().any(|name| texts.iter().any(|text| text.contains(&plain(name))))
    };
    let mut sources = check.parameters().floral_sources.iter();
    let Some(source) = sources.find(|names| named(names, &declared)) else { return Judgement::NotApplicable };
    let name = source.first().map_or("", String::as_str);
    check.each_line(|line, tally| {
        let texts =
            line.line.descriptions.iter().chain(&line.line.common_names).chain(&line.line.scientific_names);
        let texts: Vec<String> = texts.map(|text| plain(&text.value)).collect();
        if texts.is_empty() {
            return tally.missing("description");
        }
        tally.check(named(source, &texts), || {
            let difference = Difference::new().argument("source", name).actual(name);
            difference.in_line(line, line.line.place).in_declaration(check.item().descriptions[0].place)
        });
    })
}

fn hives(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    check.each_line(|line, tally| {
        let purpose = check.item().purpose.iter().map(|purpose| purpose.value.to_lowercase());
        let uses: Vec<String> =
            line.line.intended_uses.iter().map(|text| text.value.to_lowercase()).chain(purpose).collect();
        if uses.is_empty() {
            return tally.missing("intended-use");
        }
        let for_bees = |text: &String| {
            ["apicult", "bee feed", "feeding of bees", "beekeep", "养蜂"]
                .iter()
                .any(|word| text.contains(word))
        };
        if !uses.iter().any(for_bees) {
            return;
        }
        let treated = !of_types(line.line, &parameters.safe_treatments).is_empty();
        for disease in &parameters.bee_diseases {
            match affected_origin(check, line, disease, check.dates().decision) {
                Err(need) => tally.missing(need),
                Ok(None) => tally.check(true, Difference::new),
                Ok(Some((origin, status))) => tally.check(treated, || {
                    Difference::new()
                        .argument("origin", &origin.country)
                        .argument("disease", disease.as_str())
                        .argument("status", goods::coded("disease-status", &status))
                        .in_line(line, origin.place)
                }),
            }
        }
    })
}
