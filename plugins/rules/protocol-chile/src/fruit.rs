//! Cherries, grapes, apples, blueberries, plums.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule, Tally};
use goods::assurances::concerns;
use goods::disease::affected_origin;
use goods::process::of_types;
use goods::{HS_2022, coded, is_of, stated};
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

const FRUIT: &[&str] = &["0806", "0808", "0809", "0810"];

/// The orchard is registered.
pub const ORCHARD: Rule<Parameters> = Rule::of_item("orchard-registered", orchard)
    .titles(&[("en", "The fruit is from registered orchards"), ("zh", "水果来自注册果园")])
    .messages(&[
        ("en", "Orchard {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 果园 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on fresh fruit: orchards with a number of the authority")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// So is the packing house.
pub const PACKHOUSE: Rule<Parameters> = Rule::of_item("packhouse-registered", packhouse)
    .titles(&[("en", "The fruit was packed in registered packing houses"), ("zh", "水果经注册包装厂包装")])
    .messages(&[
        ("en", "Packing house {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 包装厂 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on fresh fruit: packing houses with a number of the authority")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Nothing comes from an outbreak area of the fruit fly.
pub const AREA: Rule<Parameters> = Rule::of_item("fruit-fly-area", area)
    .titles(&[
        ("en", "The fruit is from no outbreak area of the fruit fly"),
        ("zh", "水果不来自实蝇疫情管制区"),
    ])
    .messages(&[
        ("en", "{origin} is an outbreak area of {pest}: {status}."),
        ("zh", "{origin} 为 {pest} 疫情管制区：{status}。"),
    ])
    .arguments(&["origin", "pest", "status"])
    .severity(Severity::Prohibition)
    .needs(&["certificate-line", "origin", "disease-status"])
    .legal_basis("Bilateral protocol on fresh fruit: suspension of regulated areas; ISPM 26")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Fruit from areas of the moth was treated.
pub const TREATED: Rule<Parameters> = Rule::of_item("moth-area-treatment", treated)
    .titles(&[
        ("en", "Fruit from areas of the grapevine moth was treated"),
        ("zh", "来自葡萄花翅小卷蛾疫区的水果经处理"),
    ])
    .messages(&[
        ("en", "{origin} is an area of {pest} ({status}), and the fruit was not treated."),
        ("zh", "{origin} 为 {pest} 疫区（{status}），水果未经处理。"),
    ])
    .arguments(&["origin", "pest", "status"])
    .needs(&["certificate-line", "origin", "disease-status", "processes"])
    .legal_basis(
        "Bilateral protocol on table grapes, plums and blueberries: systems approach or treatment (ISPM 14)",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Boxes bear the words of the protocol.
pub const LABELS: Rule<Parameters> = Rule::of_item("boxes-labelled", labelled)
    .titles(&[
        ("en", "Each box bears the words that the protocol wants"),
        ("zh", "包装箱标注议定书规定的字样"),
    ])
    .messages(&[
        ("en", "The boxes are marked \"{marks}\", not \"{words}\"."),
        ("zh", "包装箱标记为“{marks}”，未标注“{words}”。"),
    ])
    .arguments(&["marks", "words"])
    .needs(&["certificate-line", "marks"])
    .legal_basis("Bilateral protocol on fresh fruit: labelling of boxes for the importing country")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Containers travel under seal.
pub const SEALED: Rule<Parameters> = Rule::of_item("containers-sealed", sealed)
    .titles(&[
        ("en", "Every container of fruit travels under a seal that is certified"),
        ("zh", "水果集装箱加施封识并列于证书"),
    ])
    .messages(&[
        ("en", "Certificate {number} names no seal of container {container}."),
        ("zh", "证书 {number} 未注明集装箱 {container} 的封识号。"),
    ])
    .arguments(&["number", "container"])
    .needs(&["certificate", "containers"])
    .legal_basis("Bilateral protocol on fresh fruit: official seal after inspection")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

fn orchard(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: FRUIT, activity: "OR", subjects: &["ORCHARD", "CSG"] })
}

fn packhouse(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: FRUIT, activity: "PH", subjects: &["PACKHOUSE", "CSP"] })
}

fn area(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, FRUIT) {
        return Judgement::NotApplicable;
    }
    affected(check, &check.parameters().fruit_fly, |_| false)
}

fn treated(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let parameters = check.parameters();
    if !is_of(check, &parameters.moth_hosts) {
        return Judgement::NotApplicable;
    }
    if check.lines().any(|line| line.line.processes.is_empty()) {
        return Judgement::NotEvaluable("processes");
    }
    affected(check, &parameters.moth, |line| !of_types(line.line, &parameters.moth_treatments).is_empty())
}

/// Judges whether origins are free from a pest, or what is from elsewhere was
/// made safe.
fn affected(
    check: &ItemCheck<'_, Parameters>,
    pest: &str,
    safe: impl Fn(&ecert_sdk::rules::Line<'_>) -> bool,
) -> Judgement {
    check.each_line(|line, tally| match affected_origin(check, line, pest, check.dates().decision) {
        Err(need) => tally.missing(need),
        Ok(None) => tally.check(true, Difference::new),
        Ok(Some((origin, why))) => tally.check(safe(line), || {
            Difference::new()
                .argument("origin", origin.subdivisions.first().unwrap_or(&origin.country))
                .argument("pest", pest)
                .argument("status", coded("disease-status", &why))
                .in_line(line, origin.place)
        }),
    })
}

fn labelled(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let Some(label) = check.parameters().labels.iter().find(|label| concerns(&label.goods, check)) else {
        return Judgement::NotApplicable;
    };
    check.each_line(|line, tally| {
        let of_packages = line.line.packages.iter().flat_map(|packages| &packages.marks);
        let mut marks: Vec<(&str, u32)> = of_packages.map(|mark| (mark.value.as_str(), mark.place)).collect();
        marks.extend(stated::about(line, &["DMTLIL", "DMCL"]).iter().map(|said| (said.value, said.place)));
        let Some(&(_, place)) = marks.first() else { return tally.missing("marks") };
        let bears = marks.iter().any(|(mark, _)| mark.to_lowercase().contains(&label.words.to_lowercase()));
        tally.check(bears, || {
            let marks = marks.iter().map(|(mark, _)| *mark).collect::<Vec<_>>().join(", ");
            Difference::new()
                .argument("marks", &marks)
                .argument("words", &label.words)
                .expected(&label.words)
                .actual(&marks)
                .in_line(line, place)
        });
    })
}

fn sealed(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, FRUIT) {
        return Judgement::NotApplicable;
    }
    let certificates: Vec<Cited<'_>> = check.certificates().filter(Cited::is_official).collect();
    if certificates.is_empty() {
        return Judgement::NotEvaluable("certificate");
    }
    let mut tally = Tally::default();
    tally.missing("containers");
    for cited in certificates {
        for equipment in &cited.certificate.consignment.equipment {
            let Some(container) = &equipment.identifier else { continue };
            tally.check(!equipment.seals.is_empty(), || {
                Difference::new()
                    .argument("number", &cited.certificate.number.value)
                    .argument("container", &container.value)
                    .in_certificate(cited.index, container.place)
            });
        }
    }
    tally.judgement()
}
