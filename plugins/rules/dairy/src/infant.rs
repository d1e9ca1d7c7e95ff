//! Infant and follow-up formula.

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::values::{Date, Decimal, Measure};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::{date, decimal, reference_number, unit};
use goods::assurances::{is_unfavourable, observations};
use goods::{HS_2022, coded, is_of, registrations, stated, tables};

use crate::parameters::Parameters;

/// The producer is registered with the importing authority.
pub const REGISTRATION: Rule<Parameters> = Rule::of_item("infant-registration", registration)
    .titles(&[
        ("en", "The overseas producer of the formula is registered with the importing authority"),
        ("zh", "婴幼儿配方乳粉境外生产企业已在进口国注册"),
    ])
    .messages(&[
        ("en", "Registration {registration} is {status} for products of {origin} produced on {day}."),
        ("zh", "注册编号 {registration} 对 {origin} 于 {day} 生产的产品状态为 {status}。"),
    ])
    .arguments(&["registration", "status", "origin", "day"])
    .needs(&["origin", "registration", "production-date", "product-registrations"])
    .legal_basis("Registration of overseas producers of imported food: infant formula by product and plant")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Every line shows the analyses that infant formula needs.
pub const ANALYSES: Rule<Parameters> = Rule::of_item("infant-analyses", analyses)
    .titles(&[
        ("en", "The pathogens of concern for infants were looked for and not found"),
        ("zh", "已检测婴幼儿相关致病菌且结果合格"),
    ])
    .messages(&[("en", "The analysis for {analysis} is {outcome}."), ("zh", "{analysis} 检测：{outcome}。")])
    .arguments(&["analysis", "outcome"])
    .needs(&["certificate-line", "laboratory-results"])
    .legal_basis("Codex CXC 66 code of hygienic practice for powdered formulae: Cronobacter and Salmonella")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Infant formula comes in retail packages.
pub const RETAIL: Rule<Parameters> = Rule::of_item("infant-retail-packing", retail)
    .titles(&[("en", "Infant formula comes in retail packages"), ("zh", "婴幼儿配方乳粉为零售小包装")])
    .messages(&[
        ("en", "An inner package holds {each}, more than the {largest} of a retail package."),
        ("zh", "每个内包装为 {each}，超过零售包装上限 {largest}。"),
    ])
    .arguments(&["each", "largest"])
    .needs(&["certificate-line", "inner-packages", "net-weight"])
    .legal_basis("Import requirements for infant formula: no bulk goods to be repacked")
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn registration(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let infant = &check.parameters().infant;
    if !is_of(check, &infant.prefixes) {
        return Judgement::NotApplicable;
    }
    let Some(origin) = tables::origin(check) else { return Judgement::NotEvaluable("origin") };
    let Some(day) = production_day(check) else { return Judgement::NotEvaluable("production-date") };
    let mut tally = Tally::default();
    tally.missing("registration");
    for document in stated::documents(check, &infant.registration_documents) {
        let Some(number) = &document.number else { continue };
        let Some(found) = registrations::find(check, origin, &number.value, day) else {
            return Judgement::NotEvaluable("product-registrations");
        };
        let code = goods::declared_code(check).unwrap_or_default();
        let covers = |one: &registrations::Registration| {
            one.prefixes.is_empty() || one.prefixes.iter().any(|prefix| code.starts_with(prefix))
        };
        let status = match () {
            () if found.is_empty() => "not-registered",
            () if !found.iter().any(covers) => "not-registered-for-the-product",
            () if !found.iter().any(|one| covers(one) && is_of_establishment(check, &one.establishment)) => {
                "not-registered-for-the-establishment"
            }
            () => "registered",
        };
        tally.check(status == "registered", || {
            Difference::new()
                .argument("registration", &number.value)
                .argument("status", coded("registration", status))
                .argument("origin", origin)
                .argument("day", day)
                .actual(coded("registration", status))
                .in_declaration(number.place)
        });
    }
    tally.judgement()
}

/// Whether one of the certified or declared establishments is this one.
fn is_of_establishment(check: &ItemCheck<'_, Parameters>, number: &str) -> bool {
    let certified =
        check.lines().flat_map(|line| &line.line.processes).filter_map(|it| it.establishment.as_ref());
    let mut numbers =
        certified.chain(&check.item().establishments).filter_map(|it| it.approval_number.as_ref());
    number.is_empty() || numbers.any(|own| reference_number::same(&own.value, number))
}

fn production_day(check: &ItemCheck<'_, Parameters>) -> Option<Date> {
    let declared = check.item().production.iter();
    let certified = check.lines().flat_map(|line| {
        line.line.production.iter().chain(line.line.processes.iter().filter_map(|it| it.period.as_ref()))
    });
    let days = declared.chain(certified).filter_map(date::latest).map(|at| at.date);
    days.max().or(check.dates().dispatch)
}

fn analyses(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let infant = &check.parameters().infant;
    if !is_of(check, &infant.prefixes) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        if line.line.observations.is_empty() {
            return tally.missing("laboratory-results");
        }
        for analysis in &infant.analyses {
            let found = observations(line.line, std::slice::from_ref(analysis));
            let bad = found.iter().find(|one| is_unfavourable(one, &[]));
            let (outcome, place) = match (found.first(), bad) {
                (None, _) => ("missing", line.line.place),
                (Some(_), Some(bad)) => ("unfavourable", bad.place),
                (Some(good), None) => ("favourable", good.place),
            };
            tally.check(outcome == "favourable", || {
                Difference::new()
                    .argument("analysis", analysis.as_str())
                    .argument("outcome", coded("outcome", outcome))
                    .expected(analysis.as_str())
                    .in_line(line, place)
            });
        }
    })
}

fn retail(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let infant = &check.parameters().infant;
    if !is_of(check, &infant.prefixes) {
        return Judgement::NotApplicable;
    }
    let largest = &infant.largest_package;
    check.each_line(|line, tally| {
        // UNCL 7075: level 1 is the inner package, the one that is sold.
        let inner =
            line.line.packages.iter().find(|it| it.level.as_ref().is_some_and(|level| level.value == "1"));
        let Some((packages, count)) = inner.and_then(|packages| Some((packages, packages.count?))) else {
            return tally.missing("inner-packages");
        };
        let Some(each) = line.line.net_weight.as_ref().and_then(|weight| share(weight, count, &largest.unit))
        else {
            return tally.missing("net-weight");
        };
        tally.check(largest.compare(&each).is_some_and(std::cmp::Ordering::is_le), || {
            Difference::new()
                .argument("each", &each)
                .argument("largest", largest.measure())
                .expected(largest.measure())
                .actual(&each)
                .in_line(line, packages.place)
        });
    })
}

/// A weight divided among so many packages, in the unit, rounded to
/// three digits.
fn share(weight: &Measure, count: Decimal, unit: &str) -> Option<Measure> {
    let total = unit::convert(number(weight.value), weight.unit.as_deref()?, unit)?;
    let each = total.checked_div(number(count))?.round_dp(3);
    Some(Measure { value: decimal::decimal(each)?, unit: Some(unit.into()), ..Measure::default() })
}
