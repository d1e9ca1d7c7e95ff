//! Where fishery products are from, and how they were got.

use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule, Tally};
use ecert_sdk::tables::Table;
use goods::assurances::concerns;
use goods::process::of_types;
use goods::stated::{self, Stated};
use goods::{HS_2022, names, same_words};

use crate::parameters::Parameters;

/// Scientific names of animals by commodity code.
pub const NAMES: Table =
    Table { name: "zoological-names", keys: &["hsPrefix"], columns: &["name"], matching: Match::Exact };

/// Major fishing areas of the FAO.
const AREAS: [&str; 27] = [
    "01", "02", "03", "04", "05", "06", "07", "08", "18", "21", "27", "31", "34", "37", "41", "47", "48",
    "51", "57", "58", "61", "67", "71", "77", "81", "87", "88",
];

/// Subjects under which certificates name the catch area.
const CATCH_AREA: [&str; 3] = ["CATCH_AREA", "FAO_AREA", "FISHING_AREA"];
/// Subjects under which they say how the animals were got.
const METHOD: [&str; 2] = ["PRODUCTION_METHOD", "TYPE_OF_PRODUCTION"];

/// The species is one of the commodity code's.
pub const SPECIES: Rule<Parameters> = Rule::of_item("species-matches-commodity", species)
    .titles(&[("en", "The species is one the commodity code is for"), ("zh", "水产品种类与商品编码相符")])
    .messages(&[
        ("en", "Commodity code {code} is not for {name}, which the certificate names."),
        ("zh", "商品编码 {code} 不适用于证书所列物种 {name}。"),
    ])
    .arguments(&["code", "name"])
    .needs(&["commodity-code", "certificate-line", "scientific-name", "zoological-names"])
    .legal_basis(
        "Harmonized System, chapter 3: subheadings by species; Codex standards: scientific name of fish",
    )
    .in_force(HS_2022, None);

/// How they were got is one of three ways.
pub const PRODUCTION: Rule<Parameters> = Rule::of_item("production-method", production)
    .titles(&[
        ("en", "The certificate says whether the animals were caught or farmed"),
        ("zh", "证书注明捕捞或养殖方式"),
    ])
    .messages(&[
        ("en", "\"{method}\" is no way of production: caught at sea, caught in fresh water, farmed."),
        ("zh", "“{method}”不是有效的生产方式（海洋捕捞、淡水捕捞、养殖）。"),
    ])
    .arguments(&["method"])
    .needs(&["certificate-line", "production-method"])
    .legal_basis("Consumer information on fishery products: production method")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// What was caught has a catch area.
pub const AREA: Rule<Parameters> = Rule::of_item("catch-area", area)
    .titles(&[("en", "Animals caught in the wild have a catch area"), ("zh", "野生捕捞水产品注明捕捞区域")])
    .messages(&[
        ("en", "The animals were caught in the wild; their catch area is {area}."),
        ("zh", "野生捕捞水产品的捕捞区域为 {area}。"),
    ])
    .arguments(&["area"])
    .after(&["production-method"])
    .needs(&["certificate-line", "production-method"])
    .legal_basis("FAO major fishing areas for statistical purposes; consumer information on fishery products")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// Nothing comes from a closed area.
pub const CLOSED: Rule<Parameters> = Rule::of_item("catch-area-open", open)
    .titles(&[("en", "The goods are from no closed area"), ("zh", "产品不来自禁止进口区域")])
    .messages(&[
        ("en", "The goods are from {area}, from which nothing is accepted."),
        ("zh", "产品来自 {area}，该区域产品禁止进口。"),
    ])
    .arguments(&["area"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "area"])
    .legal_basis("Emergency measures of importing countries against contaminated areas")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Catches at sea come with a catch certificate.
pub const CERTIFICATE: Rule<Parameters> = Rule::of_item("catch-certificate", certificate)
    .titles(&[("en", "Catches at sea come with a catch certificate"), ("zh", "海洋捕捞产品附有合法捕捞证明")])
    .messages(&[
        ("en", "The animals were caught at sea, and no catch certificate ({types}) is declared."),
        ("zh", "海洋捕捞产品未申报合法捕捞证明（{types}）。"),
    ])
    .arguments(&["types"])
    .after(&["production-method"])
    .needs(&["certificate-line", "production-method"])
    .legal_basis("FAO voluntary guidelines for catch documentation schemes; measures against illegal fishing")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

/// Farmed animals come from a named farm.
pub const FARM: Rule<Parameters> = Rule::of_item("farm-named", farm)
    .titles(&[("en", "Farmed animals come from a farm that is named"), ("zh", "养殖产品注明养殖场")])
    .messages(&[
        ("en", "Certificate {number} names no farm for farmed animals."),
        ("zh", "证书 {number} 未注明养殖产品的养殖场。"),
    ])
    .arguments(&["number"])
    .after(&["production-method"])
    .needs(&["certificate-line", "production-method", "processes"])
    .legal_basis("Codex CXC 52 code of practice for fish and fishery products, aquaculture: registered farms")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// How animals were got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Sea,
    FreshWater,
    Farmed,
}

impl Method {
    fn of(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match () {
            () if says(&["farmed", "aquaculture", "cultivated", "养殖", "cultivado"]) => Some(Self::Farmed),
            () if says(&["fresh", "inland", "freshwater", "淡水"]) => Some(Self::FreshWater),
            () if says(&["wild", "caught", "sea", "marine", "捕捞", "海"]) => Some(Self::Sea),
            () => None,
        }
    }
}

/// The way of production of a line that says so in plain words.
fn method(line: &Line<'_>) -> Option<Method> {
    stated::about(line, &METHOD).iter().find_map(|it| Method::of(it.value))
}

fn species(check: &ItemCheck<'_, Parameters>) -> Judgement {
    names::judge(check, &NAMES)
}

fn production(check: &ItemCheck<'_, Parameters>) -> Judgement {
    check.each_line(|line, tally| {
        let said = stated::about(line, &METHOD);
        let Some(first) = said.first() else { return tally.missing("production-method") };
        tally.check(method(line).is_some(), || {
            Difference::new().argument("method", first.value).actual(first.value).in_line(line, first.place)
        });
    })
}

fn area(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each_of(check, &[Method::Sea, Method::FreshWater], |line, tally| {
        let said = stated::about(line, &CATCH_AREA);
        if said.is_empty() {
            return tally.check(false, || {
                Difference::new()
                    .argument("area", goods::coded("area", "missing"))
                    .in_line(line, line.line.place)
            });
        }
        for one in said {
            tally.check(is_area(&one), || {
                Difference::new().argument("area", one.value).actual(one.value).in_line(line, one.place)
            });
        }
    })
}

/// An FAO area, with or without subareas (`FAO 27`, `27.4.a`, `81`).
fn is_area(said: &Stated<'_>) -> bool {
    let mut numbers =
        said.value.split(|sign: char| !sign.is_ascii_digit()).filter(|number| !number.is_empty());
    numbers.any(|number| AREAS.contains(&format!("{number:0>2}").as_str()))
}

fn open(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let closed = &check.parameters().closed_areas;
    if closed.is_empty() {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let catch = stated::about(line, &CATCH_AREA).into_iter().map(|it| (it.value, it.place));
        let regions = line.line.origins.iter().flat_map(|origin| &origin.subdivisions).flat_map(|code| {
            [Some((code.value.as_str(), code.place)), code.name.as_deref().map(|name| (name, code.place))]
        });
        let areas: Vec<(&str, u32)> = catch.chain(regions.flatten()).collect();
        if areas.is_empty() {
            tally.missing("area");
        }
        for (area, place) in areas {
            tally.check(!closed.iter().any(|one| same_words(one, area)), || {
                Difference::new().argument("area", area).actual(area).in_line(line, place)
            });
        }
    })
}

fn certificate(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    if !parameters.catch_certificate_goods.iter().any(|goods| concerns(goods, check)) {
        return Judgement::NotApplicable;
    }
    let declared = !stated::documents(check, &parameters.catch_certificates).is_empty();
    each_of(check, &[Method::Sea], |line, tally| {
        tally.check(declared, || {
            Difference::new()
                .argument("types", parameters.catch_certificates.join(", "))
                .in_line(line, line.line.place)
                .in_declaration(check.item().place)
        });
    })
}

fn farm(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each_of(check, &[Method::Farmed], |line, tally| {
        if line.line.processes.is_empty() {
            return tally.missing("processes");
        }
        let grown = of_types(line.line, &["40".into(), "AQ".into()]);
        let by_activity = line.line.processes.iter().filter_map(|process| process.establishment.as_ref());
        let mut by_activity = by_activity.filter_map(|one| one.activity.as_ref());
        let named = grown.iter().any(|process| process.establishment.is_some())
            || by_activity.any(|code| code.value == "AQ");
        tally.check(named, || {
            Difference::new()
                .argument("number", &line.cited.certificate.number.value)
                .in_line(line, line.line.processes[0].place)
        });
    })
}

/// Judges the lines whose animals were got in one of these ways.
fn each_of(
    check: &ItemCheck<'_, Parameters>,
    methods: &[Method],
    mut judge: impl FnMut(&Line<'_>, &mut Tally),
) -> Judgement {
    check.each_line(|line, tally| match method(line) {
        None => tally.missing("production-method"),
        Some(method) if methods.contains(&method) => judge(line, tally),
        Some(_) => {}
    })
}
