//! What honey must be made of, by what a laboratory measured.

use std::cmp::Ordering;

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::assurances::observations;
use goods::limits::Quantity;
use goods::{HS_2022, is_of};

use crate::parameters::{Honey, Parameters};

/// Honey holds no more water than it may.
pub const MOISTURE: Rule<Parameters> = most("honey-moisture", moisture)
    .titles(&[("en", "Honey holds no more water than it may"), ("zh", "蜂蜜水分符合标准")])
    .messages(&[
        ("en", "The moisture is {measured}, the limit {limit}."),
        ("zh", "水分为 {measured}，标准限值 {limit}。"),
    ])
    .legal_basis("Codex CXS 12 standard for honey, 3.4: moisture content");

/// Honey was not overheated or stored too long.
pub const HMF: Rule<Parameters> = most("honey-hydroxymethylfurfural", hydroxymethylfurfural)
    .titles(&[
        ("en", "Hydroxymethylfurfural shows that honey was not overheated"),
        ("zh", "羟甲基糠醛含量表明蜂蜜未过度受热"),
    ])
    .messages(&[
        ("en", "Hydroxymethylfurfural is {measured}, the limit {limit}."),
        ("zh", "羟甲基糠醛为 {measured}，标准限值 {limit}。"),
    ])
    .legal_basis("Codex CXS 12 standard for honey, annex: hydroxymethylfurfural content");

/// Honey holds no added sugar.
pub const SUCROSE: Rule<Parameters> = most("honey-sucrose", sucrose)
    .titles(&[("en", "Honey holds no more sucrose than it may"), ("zh", "蜂蜜蔗糖含量符合标准")])
    .messages(&[
        ("en", "Sucrose is {measured}, the limit {limit}."),
        ("zh", "蔗糖含量为 {measured}，标准限值 {limit}。"),
    ])
    .legal_basis("Codex CXS 12 standard for honey, 3.5: sugars content");

/// Honey kept its enzymes.
pub const DIASTASE: Rule<Parameters> = most("honey-diastase", diastase)
    .titles(&[("en", "Diastase shows that honey kept its enzymes"), ("zh", "淀粉酶活性符合标准")])
    .messages(&[
        ("en", "The diastase activity is {measured}, the least {limit}."),
        ("zh", "淀粉酶活性为 {measured}，标准下限 {limit}。"),
    ])
    .legal_basis("Codex CXS 12 standard for honey, annex: diastase activity");

const fn most(id: &'static str, test: fn(&ItemCheck<'_, Parameters>) -> Judgement) -> Rule<Parameters> {
    Rule::of_item(id, test)
        .arguments(&["measured", "limit"])
        .needs(&["certificate-line", "laboratory-results", "unit"])
        .governed_by(GoverningDate::Production)
        .in_force(HS_2022, None)
}

fn moisture(check: &ItemCheck<'_, Parameters>) -> Judgement {
    keeps(check, &["moisture", "water content", "水分"], |honey| &honey.moisture, Ordering::is_le)
}

fn hydroxymethylfurfural(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let names = ["hydroxymethylfurfural", "HMF", "羟甲基糠醛"];
    keeps(check, &names, |honey| &honey.hydroxymethylfurfural, Ordering::is_le)
}

fn sucrose(check: &ItemCheck<'_, Parameters>) -> Judgement {
    keeps(check, &["sucrose", "蔗糖"], |honey| &honey.sucrose, Ordering::is_le)
}

fn diastase(check: &ItemCheck<'_, Parameters>) -> Judgement {
    keeps(check, &["diastase", "diastase activity", "淀粉酶活性"], |honey| &honey.diastase, Ordering::is_ge)
}

fn keeps(
    check: &ItemCheck<'_, Parameters>,
    names: &[&str],
    limit: fn(&Honey) -> &Quantity,
    allowed: fn(Ordering) -> bool,
) -> Judgement {
    if !is_of(check, &["0409"]) {
        return Judgement::NotApplicable;
    }
    let limit = limit(&check.parameters().honey);
    let names: Vec<String> = names.iter().map(|&name| name.into()).collect();
    check.each_line(|line, tally| {
        let found = observations(line.line, &names);
        let measured: Vec<_> = found.iter().filter_map(|one| one.value.as_ref()).collect();
        if measured.is_empty() {
            tally.missing("laboratory-results");
        }
        for value in measured {
            let Some(order) = limit.compare(value) else {
                tally.missing("unit");
                continue;
            };
            tally.check(allowed(order), || {
                Difference::new()
                    .argument("measured", value)
                    .argument("limit", limit.measure())
                    .expected(limit.measure())
                    .actual(value)
                    .in_line(line, value.place)
            });
        }
    })
}
