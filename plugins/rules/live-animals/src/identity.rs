//! Which animals they are.

use std::collections::BTreeMap;

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::tables::Table;
use ecert_sdk::unit::{self, Family};
use ecert_sdk::{date, decimal, reference_number};
use goods::assurances::concerns;
use goods::{HS_2022, names};

use crate::parameters::Parameters;

/// Scientific names of animals by commodity code.
pub const NAMES: Table =
    Table { name: "zoological-names", keys: &["hsPrefix"], columns: &["name"], matching: Match::Exact };

/// As many animals are identified as are certified.
pub const COUNT: Rule<Parameters> = Rule::of_item("identification-count", count)
    .titles(&[("en", "Every certified animal is identified"), ("zh", "证书所列动物均有个体标识")])
    .messages(&[
        ("en", "{counted} animals are certified, {identified} are identified."),
        ("zh", "证书所列动物 {counted} 头（只），有个体标识的为 {identified}。"),
    ])
    .arguments(&["counted", "identified"])
    .needs(&["certificate-line", "count", "identifiers"])
    .legal_basis("WOAH terrestrial code 4.2: individual identification of animals in international trade")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// No two animals bear one number.
pub const UNIQUE: Rule<Parameters> = Rule::of_item("identifiers-unique", unique)
    .titles(&[("en", "No two animals bear the same number"), ("zh", "动物个体标识号不重复")])
    .messages(&[
        ("en", "The number {number} is there {times} times."),
        ("zh", "标识号 {number} 出现 {times} 次。"),
    ])
    .arguments(&["number", "times"])
    .needs(&["certificate-line", "identifiers"])
    .legal_basis("WOAH terrestrial code 4.2 and ISO 11784: an identifier belongs to one animal")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The animals are of the species of the heading.
pub const SPECIES: Rule<Parameters> = Rule::of_item("species-matches-heading", species)
    .titles(&[
        ("en", "The animals are of a species the commodity code is for"),
        ("zh", "动物种类与商品编码相符"),
    ])
    .messages(&[
        ("en", "Commodity code {code} is not for {name}, which the certificate names."),
        ("zh", "商品编码 {code} 不适用于证书所列动物 {name}。"),
    ])
    .arguments(&["code", "name"])
    .needs(&["commodity-code", "certificate-line", "scientific-name", "zoological-names"])
    .legal_basis("Harmonized System, chapter 1: headings by species")
    .in_force(HS_2022, None);

/// The animals are old enough to travel.
pub const AGE: Rule<Parameters> = Rule::of_item("minimum-age", age)
    .titles(&[("en", "The animals are old enough to be dispatched"), ("zh", "启运时动物达到最低日龄")])
    .messages(&[
        ("en", "Animal {animal}, born on {born}, was less than {days} days old on {dispatched}."),
        ("zh", "动物 {animal} 出生于 {born}，至 {dispatched} 不足 {days} 日龄。"),
    ])
    .arguments(&["animal", "born", "dispatched", "days"])
    .needs(&["certificate-line", "dispatch", "birth-date"])
    .legal_basis("WOAH terrestrial code 7: animals fit to travel; protocols setting a lowest age")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

fn count(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !check.parameters().identified.iter().any(|goods| concerns(goods, check)) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let counted = line.line.count.as_ref().filter(|count| {
            count.unit.as_deref().and_then(unit::find).is_some_and(|unit| unit.family == Family::Count)
        });
        let Some(counted) = counted else { return tally.missing("count") };
        if line.line.animals.is_empty() {
            return tally.missing("identifiers");
        }
        let identified = line.line.animals.iter().filter(|animal| !animal.identifiers.is_empty()).count();
        let identified = u32::try_from(identified).unwrap_or(u32::MAX);
        let whole = unit::convert(number(counted.value), counted.unit.as_deref().unwrap_or_default(), "C62");
        tally.check(whole == Some(decimal::Number::from(identified)), || {
            Difference::new()
                .argument("counted", counted)
                .argument("identified", identified)
                .expected(counted)
                .actual(identified)
                .in_line(line, counted.place)
                .in_line(line, line.line.animals[0].place)
        });
    })
}

fn unique(check: &ItemCheck<'_, Parameters>) -> Judgement {
    check.each_line(|line, tally| {
        let mut seen: BTreeMap<String, (u32, &str, u32)> = BTreeMap::new();
        for identifier in line.line.animals.iter().flat_map(|animal| &animal.identifiers) {
            let scheme = identifier.scheme.as_deref().unwrap_or_default();
            let key = format!("{scheme}/{}", reference_number::normalise(&identifier.value));
            seen.entry(key).or_insert((0, &identifier.value, identifier.place)).0 += 1;
        }
        if seen.is_empty() {
            tally.missing("identifiers");
        }
        for (times, number, place) in seen.into_values() {
            tally.check(times == 1, || {
                Difference::new()
                    .argument("number", number)
                    .argument("times", times)
                    .actual(number)
                    .in_line(line, place)
            });
        }
    })
}

fn species(check: &ItemCheck<'_, Parameters>) -> Judgement {
    names::judge(check, &NAMES)
}

fn age(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut required = check.parameters().minimum_age.iter();
    let Some(days) = required.find(|one| concerns(&one.goods, check)).map(|one| one.days) else {
        return Judgement::NotApplicable;
    };
    let Some(dispatched) = check.dates().dispatch else { return Judgement::NotEvaluable("dispatch") };
    check.each_line(|line, tally| {
        for animal in &line.line.animals {
            let born = animal.particulars.iter().find(|note| {
                note.subject
                    .as_ref()
                    .is_some_and(|it| matches!(it.value.as_str(), "BIRTH_DATE" | "DATE_OF_BIRTH"))
            });
            let text = born.and_then(|note| note.contents.first());
            let Some((text, born)) = text.and_then(|text| Some((text, date::parse(&text.value).ok()?.date)))
            else {
                tally.missing("birth-date");
                continue;
            };
            let Some(lived) = date::days_between(born, dispatched) else { continue };
            tally.check(lived >= i64::from(days), || {
                let name = animal.identifiers.first().map_or("", |it| it.value.as_str());
                Difference::new()
                    .argument("animal", name)
                    .argument("born", born)
                    .argument("dispatched", dispatched)
                    .argument("days", u32::from(days))
                    .actual(born)
                    .in_line(line, text.place)
            });
        }
    })
}
