//! Cattle and their meat.

use ecert_sdk::date;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::process::{Step, spans};
use goods::storage::{Storage, certified};
use goods::{HS_2022, is_of};
use protocol::Form;

use crate::parameters::Parameters;

/// Numbers of animals have the form of the partner's scheme.
pub const TAG: Rule<Parameters> = Rule::of_item("animal-number-form", tag)
    .titles(&[
        ("en", "Animals bear numbers of the partner's identification scheme"),
        ("zh", "动物个体标识号符合对方标识规则"),
    ])
    .messages(&[
        ("en", "{number} is no number of an animal: {pattern}."),
        ("zh", "{number} 不符合动物标识号规则：{pattern}。"),
    ])
    .arguments(&["number", "pattern"])
    .needs(&["certificate-line", "identifiers", "pattern"])
    .legal_basis("Bilateral protocol on live animals: individual electronic identification (ISO 11784)")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Chilled meat arrives while it is fresh.
pub const CHILLED: Rule<Parameters> = Rule::of_item("chilled-meat-age", chilled)
    .titles(&[
        ("en", "Chilled meat arrives within its days after slaughter"),
        ("zh", "冷藏肉自屠宰至到港天数符合规定"),
    ])
    .messages(&[
        ("en", "Chilled meat slaughtered on {slaughtered} arrived on {arrival}; {days} days are allowed."),
        ("zh", "冷藏肉屠宰于 {slaughtered}，{arrival} 到港；规定不超过 {days} 天。"),
    ])
    .arguments(&["slaughtered", "arrival", "days"])
    .needs(&["certificate-line", "slaughter-date", "arrival", "storage-condition"])
    .legal_basis("Bilateral protocol on chilled meat: shelf life from slaughter to entry")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn tag(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0102", "0104"]) {
        return Judgement::NotApplicable;
    }
    let pattern = &check.parameters().animal_number;
    let Some(form) = Form::of(pattern) else { return Judgement::NotEvaluable("pattern") };
    check.each_line(|line, tally| {
        let mut numbers = line.line.animals.iter().flat_map(|animal| &animal.identifiers).peekable();
        if numbers.peek().is_none() {
            tally.missing("identifiers");
        }
        for number in numbers {
            let digits: String = number.value.split_whitespace().collect();
            tally.check(form.is_match(&digits), || {
                Difference::new()
                    .argument("number", &number.value)
                    .argument("pattern", pattern)
                    .expected(pattern)
                    .actual(&number.value)
                    .in_line(line, number.place)
            });
        }
    })
}

fn chilled(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0201", "0203", "0204"]) {
        return Judgement::NotApplicable;
    }
    let days = check.parameters().chilled_days;
    let Some(arrival) = check.dates().arrival else { return Judgement::NotEvaluable("arrival") };
    check.each_line(|line, tally| {
        match certified(line.line) {
            Some(Storage::Chilled) => {}
            Some(_) => return,
            None => return tally.missing("storage-condition"),
        }
        let slaughter = spans(line.line).into_iter().find(|span| span.step == Step::Slaughter);
        let Some(slaughtered) = slaughter.map(|span| span.first) else {
            return tally.missing("slaughter-date");
        };
        let passed = date::days_between(slaughtered.date, arrival).unwrap_or_default();
        tally.check(passed <= i64::from(days), || {
            Difference::new()
                .argument("slaughtered", slaughtered.date)
                .argument("arrival", arrival)
                .argument("days", u32::from(days))
                .expected(u32::from(days))
                .actual(u32::try_from(passed).unwrap_or_default())
                .in_line(line, slaughtered.place)
        });
    })
}
