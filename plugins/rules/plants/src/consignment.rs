//! The consignment itself: names, inspection, places, marks, packing.

use ecert_sdk::date;
use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::reports::Severity;
use ecert_sdk::model::values::{Date, DateTime};
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::tables::Table;
use goods::assurances::concerns;
use goods::process::of_types;
use goods::{HS_2022, is_of, names, stated};

use crate::parameters::Parameters;

/// Botanical names by commodity code.
pub const NAMES: Table =
    Table { name: "botanical-names", keys: &["hsPrefix"], columns: &["name"], matching: Match::Exact };

/// The botanical name is one of the commodity code's.
pub const BOTANICAL: Rule<Parameters> = Rule::of_item("botanical-name-matches-commodity", botanical)
    .titles(&[
        ("en", "The botanical name is one the commodity code is for"),
        ("zh", "植物学名与商品编码相符"),
    ])
    .messages(&[
        ("en", "Commodity code {code} is not for {name}, which the certificate names."),
        ("zh", "商品编码 {code} 不适用于证书所列植物 {name}。"),
    ])
    .arguments(&["code", "name"])
    .needs(&["commodity-code", "certificate-line", "scientific-name", "botanical-names"])
    .legal_basis("ISPM 12: botanical name of plants; Harmonized System, chapters 6 to 14 and 44")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// The inspection was shortly before dispatch.
pub const INSPECTED: Rule<Parameters> = Rule::of_item("inspected-before-dispatch", inspected)
    .titles(&[
        ("en", "The goods were inspected before dispatch, and not too long before"),
        ("zh", "货物在启运前规定期限内经过检验"),
    ])
    .messages(&[
        ("en", "The goods were inspected on {inspected} and dispatched on {dispatched}; {days} days before are allowed."),
        ("zh", "货物于 {inspected} 检验，{dispatched} 启运；检验须在启运前 {days} 天内。"),
    ])
    .arguments(&["inspected", "dispatched", "days"])
    .needs(&["inspection-date", "dispatch"])
    .legal_basis("ISPM 12 and import requirements: inspection within a set time before dispatch")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The place of production is named where it must be.
pub const PLACE: Rule<Parameters> = Rule::of_item("place-of-production", place)
    .titles(&[("en", "The certificate names the place of production"), ("zh", "证书注明产地（生产地点）")])
    .messages(&[
        ("en", "Certificate {number} names no place of production for goods of {origin}."),
        ("zh", "证书 {number} 未注明 {origin} 货物的生产地点。"),
    ])
    .arguments(&["number", "origin"])
    .needs(&["certificate-line", "origin"])
    .legal_basis("ISPM 12, place of origin; ISPM 10 pest free places of production and production sites")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// Plants for planting do not travel in soil.
pub const MEDIUM: Rule<Parameters> = Rule::of_item("growing-medium", medium)
    .titles(&[("en", "Plants for planting travel without soil"), ("zh", "种植用植物不带土壤")])
    .messages(&[
        ("en", "The growing medium is stated as \"{medium}\"."),
        ("zh", "证书载明栽培介质为“{medium}”。"),
    ])
    .arguments(&["medium"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "growing-medium"])
    .legal_basis("ISPM 40 international movement of growing media in association with plants for planting")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Wooden packing bears the mark.
pub const WOOD: Rule<Parameters> = Rule::of_item("wood-packing-mark", wood)
    .titles(&[
        ("en", "Packages of wood bear the mark of treated wood packaging"),
        ("zh", "木质包装加施处理标识"),
    ])
    .messages(&[
        ("en", "Packages of wood bear the marks \"{marks}\", but not the mark of treated wood packaging."),
        ("zh", "木质包装标记为“{marks}”，未见木质包装处理标识。"),
    ])
    .arguments(&["marks"])
    .needs(&["certificate-line", "marks"])
    .legal_basis("ISPM 15 regulation of wood packaging material in international trade, annex 2: the mark")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

/// The packages bear the certified marks.
pub const MARKS: Rule<Parameters> = Rule::of_item("distinguishing-marks", marks)
    .titles(&[
        ("en", "The packages bear the certified distinguishing marks"),
        ("zh", "包装标记与证书唛头一致"),
    ])
    .messages(&[
        ("en", "The declared marks are \"{declared}\", the certified ones \"{certified}\"."),
        ("zh", "申报标记为“{declared}”，证书标记为“{certified}”。"),
    ])
    .arguments(&["declared", "certified"])
    .severity(Severity::Warning)
    .needs(&["certificate-line", "certified-marks", "declared-marks"])
    .legal_basis("ISPM 12: distinguishing marks tie the certificate to the consignment")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

/// Plants for planting were certified for planting, others for consumption.
pub const USE: Rule<Parameters> = Rule::of_item("use-matches-heading", intended_use)
    .titles(&[
        ("en", "Plants for planting were certified for planting"),
        ("zh", "种植用植物的出证用途为种植"),
    ])
    .messages(&[
        ("en", "Commodity code {code} is for planting, the certificate says \"{use}\"."),
        ("zh", "商品编码 {code} 为种植用植物，证书用途为“{use}”。"),
    ])
    .arguments(&["code", "use"])
    .needs(&["certificate-line", "intended-use"])
    .legal_basis(
        "ISPM 32 categorization of commodities by pest risk: intended use; Harmonized System, chapter 6",
    )
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

fn botanical(check: &ItemCheck<'_, Parameters>) -> Judgement {
    names::judge(check, &NAMES)
}

fn inspected(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let days = check.parameters().inspection_days;
    let official: Vec<Cited<'_>> = check.certificates().filter(Cited::is_official).collect();
    let inspections =
        official.iter().flat_map(|cited| inspections(cited).into_iter().map(move |at| (cited, at)));
    let Some((cited, at)) = inspections.max_by(|(_, a), (_, b)| date::order(a, b)) else {
        return Judgement::NotEvaluable("inspection-date");
    };
    let departure: Option<Date> =
        check.dates().dispatch.or_else(|| cited.certificate.consignment.departure.map(|it| it.date));
    let Some(left) = departure.and_then(|departure| date::days_between(at.date, departure)) else {
        return Judgement::NotEvaluable("dispatch");
    };
    // A day of grace: inspection and dispatch may stand in different time zones.
    if (-1..=i64::from(days)).contains(&left) {
        return Judgement::Passed;
    }
    let dispatched = departure.unwrap_or_default();
    Difference::new()
        .argument("inspected", at.date)
        .argument("dispatched", dispatched)
        .argument("days", u32::from(days))
        .expected(dispatched)
        .actual(at.date)
        .in_certificate(cited.index, at.place)
        .into()
}

/// When goods were inspected: examinations among the processes, controls, and
/// signatures as the inspecting officer (UNCL 9417, 4).
fn inspections(cited: &Cited<'_>) -> Vec<DateTime> {
    let certificate = cited.certificate;
    let signed = certificate
        .authentications
        .iter()
        .filter(|it| it.type_code.as_ref().is_some_and(|code| code.value == "4"));
    let controls = certificate.controls.iter().filter_map(|control| control.at);
    let examined = certificate.consignment.lines.iter().flat_map(|line| of_types(line, &["36".into()]));
    let examined = examined.filter_map(|process| date::latest(process.period.as_ref()?).copied());
    signed.filter_map(|it| it.at).chain(controls).chain(examined).collect()
}

fn place(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !check.parameters().place_of_production.iter().any(|goods| concerns(goods, check)) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let Some(origin) = line.line.origins.first() else { return tally.missing("origin") };
        let grown = of_types(line.line, &["40".into(), "35".into()]);
        let named = grown.iter().any(|process| process.establishment.is_some())
            || !stated::about(line, &["PLACE_OF_PRODUCTION", "ORCHARD", "SPSPP"]).is_empty()
            || origin.subdivisions.iter().any(|region| !region.value.is_empty());
        tally.check(named, || {
            Difference::new()
                .argument("number", &line.cited.certificate.number.value)
                .argument("origin", &origin.country)
                .in_line(line, origin.place)
        });
    })
}

fn medium(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    if !is_of(check, &parameters.planting) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let mut media: Vec<(String, u32)> = stated::about(line, &["GROWING_MEDIUM", "GROWING_MEDIA"])
            .iter()
            .map(|it| (it.value.to_lowercase(), it.place))
            .collect();
        let conditions =
            line.line.classifications.iter().filter(|it| it.system.as_deref() == Some("IPPCPCC"));
        media.extend(
            conditions.flat_map(|it| it.names.iter().map(|name| (name.value.to_lowercase(), name.place))),
        );
        if media.is_empty() {
            tally.missing("growing-medium");
        }
        for (stated, place) in media {
            let denied =
                ["free", "without", "no ", "无", "sin ", "sans "].iter().any(|word| stated.contains(word));
            let soil = parameters.soil.iter().any(|word| stated.contains(word.as_str()));
            tally.check(denied || !soil, || {
                Difference::new().argument("medium", &stated).actual(&stated).in_line(line, place)
            });
        }
    })
}

fn wood(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let wooden = &check.parameters().wooden_packages;
    check.each_line(|line, tally| {
        for packages in &line.line.packages {
            let is_wood = packages.type_code.as_ref().is_some_and(|code| wooden.contains(&code.value));
            if !is_wood {
                continue;
            }
            if packages.marks.is_empty() {
                tally.missing("marks");
                continue;
            }
            let marks: Vec<&str> = packages.marks.iter().map(|mark| mark.value.as_str()).collect();
            tally.check(marks.iter().any(|mark| is_treated_wood(mark)), || {
                Difference::new()
                    .argument("marks", marks.join(", "))
                    .actual(marks.join(", "))
                    .in_line(line, packages.marks[0].place)
            });
        }
    })
}

/// The mark: country and producer's number, and the treatment (`NZ-123 HT`).
fn is_treated_wood(mark: &str) -> bool {
    let upper = mark.to_uppercase();
    let mut words = upper.split(|sign: char| !sign.is_ascii_alphanumeric());
    let has_treatment = words.any(|word| matches!(word, "HT" | "MB" | "DH" | "SF" | "KD"));
    has_treatment && upper.chars().any(|sign| sign.is_ascii_digit())
}

fn marks(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let declared: Vec<_> = check.item().packages.iter().flat_map(|packages| &packages.marks).collect();
    let Some(first) = declared.first() else { return Judgement::NotEvaluable("declared-marks") };
    check.each_line(|line, tally| {
        let certified = stated::about(line, &["DMTLIL", "DMCL"]);
        let Some(mark) = certified.first() else { return tally.missing("certified-marks") };
        // The box and the form have more or less room: one word in common ties
        // them together.
        let agrees = certified.iter().any(|it| {
            let words = words(it.value);
            declared.iter().any(|mark| self::words(&mark.value).iter().any(|word| words.contains(word)))
        });
        tally.check(agrees, || {
            Difference::new()
                .argument("declared", &first.value)
                .argument("certified", mark.value)
                .expected(mark.value)
                .actual(&first.value)
                .in_line(line, mark.place)
                .in_declaration(first.place)
        });
    })
}

/// The words of a mark that could tell it from another.
fn words(mark: &str) -> Vec<String> {
    let words = mark.split(|sign: char| !sign.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    words.map(str::to_uppercase).collect()
}

fn intended_use(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(code) = goods::declared_code(check).filter(|_| is_of(check, &check.parameters().planting))
    else {
        return Judgement::NotApplicable;
    };
    check.each_line(|line, tally| {
        if line.line.intended_uses.is_empty() {
            tally.missing("intended-use");
        }
        for stated in &line.line.intended_uses {
            let words = stated.value.to_lowercase();
            let eaten = ["consumption", "processing", "food", "食用", "consumo"]
                .iter()
                .any(|word| words.contains(word));
            tally.check(!eaten, || {
                Difference::new()
                    .argument("code", code.as_str())
                    .argument("use", &stated.value)
                    .actual(&stated.value)
                    .in_line(line, stated.place)
            });
        }
    })
}
