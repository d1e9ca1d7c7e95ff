//! Parasites, molluscs' growing waters, and diseases of live animals.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::unit::Family;
use goods::assurances::concerns;
use goods::disease::affected_origin;
use goods::process::{duration, of_types, values};
use goods::{HS_2022, is_of, stated};

use crate::parameters::Parameters;

/// Fish to be eaten raw was frozen against parasites.
pub const PARASITES: Rule<Parameters> = Rule::of_item("parasite-freezing", parasites)
    .titles(&[
        ("en", "Fish to be eaten raw was frozen long and cold enough to kill parasites"),
        ("zh", "生食鱼类经足以杀灭寄生虫的冷冻处理"),
    ])
    .messages(&[
        ("en", "Fish to be eaten raw was frozen to {temperature} for {duration}."),
        ("zh", "生食鱼类冷冻至 {temperature}，持续 {duration}。"),
    ])
    .arguments(&["temperature", "duration"])
    .needs(&["certificate-line", "intended-use", "processes", "temperature", "duration"])
    .legal_basis(
        "Codex CXC 52 code of practice for fish and fishery products: control of parasites by freezing",
    )
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Live molluscs are from good water, or were purified.
pub const MOLLUSCS: Rule<Parameters> = Rule::of_item("mollusc-growing-area", molluscs)
    .titles(&[
        ("en", "Live bivalve molluscs are from class A water, or were purified"),
        ("zh", "活双壳贝类来自 A 类海域或经净化"),
    ])
    .messages(&[
        ("en", "The molluscs are from water of class {class} and were not purified."),
        ("zh", "贝类来自 {class} 类海域且未经净化。"),
    ])
    .arguments(&["class"])
    .needs(&["certificate-line", "growing-area-class"])
    .legal_basis(
        "Codex CXS 292 standard for live and raw bivalve molluscs; CXC 52: classification of growing areas",
    )
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Live animals are from waters free from their diseases.
pub const DISEASES: Rule<Parameters> = Rule::of_item("aquatic-disease-free", diseases)
    .titles(&[
        ("en", "Live aquatic animals are from waters free from their diseases"),
        ("zh", "活水生动物来自相关疫病无疫水域"),
    ])
    .messages(&[
        ("en", "{origin} is not free from {disease}: {status}."),
        ("zh", "{origin} 非 {disease} 无疫区：{status}。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "origin", "disease-status"])
    .legal_basis("WOAH aquatic animal health code: importation of live animals from free countries, zones or compartments")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

fn parasites(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0302", "0303", "0304"]) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let uses: Vec<String> =
            line.line.intended_uses.iter().map(|text| text.value.to_lowercase()).collect();
        if uses.is_empty() {
            return tally.missing("intended-use");
        }
        if !uses.iter().any(|text| ["raw", "sashimi", "生食"].iter().any(|word| text.contains(word))) {
            return;
        }
        if line.line.processes.is_empty() {
            return tally.missing("processes");
        }
        // Farmed fish that was fed on pellets harbours none.
        let farmed = stated::about(line, &["PRODUCTION_METHOD"])
            .iter()
            .any(|it| it.value.to_lowercase().contains("farmed"));
        let frozen = of_types(line.line, &["7".into()]);
        let Some(process) = frozen.first() else {
            return tally.check(farmed, || {
                Difference::new()
                    .argument("temperature", goods::coded("freezing", "none"))
                    .argument("duration", goods::coded("freezing", "none"))
                    .in_line(line, line.line.processes[0].place)
            });
        };
        let coldest = values(process, "TTTM", Family::Temperature).into_iter().next();
        let (Some(coldest), Some(held)) = (coldest, duration(process)) else {
            return tally.missing(if coldest.is_none() { "temperature" } else { "duration" });
        };
        let kept = check.parameters().parasite_freezing.iter().any(|one| {
            let cold = one.temperature.compare(coldest).is_some_and(|order| order.is_le());
            cold && one.duration.compare(held).is_some_and(|order| order.is_ge())
        });
        tally.check(kept || farmed, || {
            Difference::new()
                .argument("temperature", coldest)
                .argument("duration", held)
                .actual(coldest)
                .actual(held)
                .in_line(line, process.place)
        });
    })
}

fn molluscs(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["030711", "030721", "030731", "030771"]) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let class = stated::about(line, &["GROWING_AREA_CLASS", "PRODUCTION_AREA_CLASS"]);
        let Some(class) = class.first() else { return tally.missing("growing-area-class") };
        let good = class.value.trim().to_uppercase().trim_start_matches("CLASS").trim().starts_with('A');
        let purified =
            !of_types(line.line, &["PURIFICATION".into(), "DEPURATION".into(), "PC".into()]).is_empty();
        tally.check(good || purified, || {
            Difference::new().argument("class", class.value).actual(class.value).in_line(line, class.place)
        });
    })
}

fn diseases(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let all = check.parameters().aquatic_diseases.iter();
    let diseases: Vec<&str> =
        all.filter(|one| concerns(&one.goods, check)).map(|one| one.disease.as_str()).collect();
    check.each_line(|line, tally| {
        for disease in &diseases {
            match affected_origin(check, line, disease, check.dates().decision) {
                Err(need) => tally.missing(need),
                Ok(None) => tally.check(true, Difference::new),
                Ok(Some((origin, why))) => tally.check(false, || {
                    Difference::new()
                        .argument("origin", &origin.country)
                        .argument("disease", *disease)
                        .argument("status", goods::coded("disease-status", &why))
                        .in_line(line, origin.place)
                }),
            }
        }
    })
}
