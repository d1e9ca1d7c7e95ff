//! How the material was made safe.

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule, Tally};
use ecert_sdk::unit::{self, Family};
use goods::assurances::concerns;
use goods::disease::affected_origin;
use goods::limits::Quantity;
use goods::process::{duration, of_types, values};
use goods::{HS_2022, is_of, same_words, stated};

use crate::parameters::{Method, Parameters};

/// Processed protein names a known method.
pub const METHOD: Rule<Parameters> = Rule::of_item("processing-method", known)
    .titles(&[
        ("en", "Processed animal protein was made by an approved method"),
        ("zh", "加工动物蛋白采用获准的加工方法"),
    ])
    .messages(&[
        ("en", "Method {method} is none of the approved processing methods."),
        ("zh", "方法 {method} 不属于获准的加工方法。"),
    ])
    .arguments(&["method"])
    .needs(&["certificate-line", "processing-method"])
    .legal_basis("Health rules on animal by-products: standard processing methods")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// It was hot enough.
pub const TEMPERATURE: Rule<Parameters> = least("processing-temperature", temperature)
    .titles(&[("en", "Processing reached the temperature of its method"), ("zh", "加工温度达到该方法要求")])
    .messages(&[
        ("en", "Processing by method {method} reached {stated}, not {least}."),
        ("zh", "按方法 {method} 加工的温度为 {stated}，未达到 {least}。"),
    ])
    .needs(&["certificate-line", "processing-method", "temperature"])
    .legal_basis("Health rules on animal by-products: core temperature of each processing method");

/// It lasted long enough.
pub const DURATION: Rule<Parameters> = least("processing-duration", lasted)
    .titles(&[("en", "Processing lasted as long as its method asks"), ("zh", "加工时间达到该方法要求")])
    .messages(&[
        ("en", "Processing by method {method} lasted {stated}, not {least}."),
        ("zh", "按方法 {method} 加工的时间为 {stated}，未达到 {least}。"),
    ])
    .needs(&["certificate-line", "processing-method", "duration"])
    .legal_basis("Health rules on animal by-products: time of each processing method");

/// The pressure was high enough.
pub const PRESSURE: Rule<Parameters> = least("processing-pressure", pressure)
    .titles(&[("en", "Pressure sterilisation reached its pressure"), ("zh", "压力灭菌达到规定压力")])
    .messages(&[
        ("en", "Processing by method {method} was at {stated}, not {least}."),
        ("zh", "按方法 {method} 加工的压力为 {stated}，未达到 {least}。"),
    ])
    .needs(&["certificate-line", "processing-method", "pressure"])
    .legal_basis("Health rules on animal by-products: pressure sterilisation with saturated steam");

/// Goods from an affected origin were made safe.
pub const DISEASE: Rule<Parameters> = Rule::of_item("treated-for-disease-status", disease)
    .titles(&[
        ("en", "Goods from where a disease is were treated against it"),
        ("zh", "来自疫区的产品经过相应处理"),
    ])
    .messages(&[
        ("en", "{origin} is not free from {disease} ({status}), and no treatment against it is certified."),
        ("zh", "{origin} 非 {disease} 无疫区（{status}），证书未列明相应处理。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .needs(&["certificate-line", "origin", "disease-status", "processes"])
    .legal_basis(
        "WOAH terrestrial code 8 and 10: inactivation of viruses in hides, wool, hair, feathers and bristles",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Hides were salted long enough.
pub const SALTING: Rule<Parameters> = Rule::of_item("salting-duration", salted)
    .titles(&[("en", "Hides and skins were salted long enough"), ("zh", "生皮盐渍时间满足要求")])
    .messages(&[
        ("en", "The hides were salted for {stated}, {days} days are required."),
        ("zh", "生皮盐渍 {stated}，规定不少于 {days} 天。"),
    ])
    .arguments(&["stated", "days"])
    .needs(&["certificate-line", "salting", "duration"])
    .legal_basis("WOAH terrestrial code 8.8: salting of hides with sodium carbonate")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

const fn least(id: &'static str, test: fn(&ItemCheck<'_, Parameters>) -> Judgement) -> Rule<Parameters> {
    Rule::of_item(id, test)
        .arguments(&["method", "stated", "least"])
        .after(&["processing-method"])
        .governed_by(GoverningDate::Production)
        .in_force(HS_2022, None)
}

/// The method that a line states, and where.
fn method<'a>(line: &Line<'a>) -> Option<(&'a str, u32)> {
    let said = stated::about(line, &["PROCESSING_METHOD"]).into_iter().next()?;
    Some((said.value.trim().trim_start_matches("Method").trim_start_matches("method").trim(), said.place))
}

fn known(check: &ItemCheck<'_, Parameters>) -> Judgement {
    check.each_line(|line, tally| {
        let Some((name, place)) = method(line) else { return tally.missing("processing-method") };
        let known = check.parameters().methods.iter().any(|method| same_words(&method.name, name));
        tally.check(known, || Difference::new().argument("method", name).actual(name).in_line(line, place));
    })
}

fn temperature(check: &ItemCheck<'_, Parameters>) -> Judgement {
    reaches(
        check,
        "temperature",
        |method| Some(&method.temperature),
        |process| values(process, "TTTM", Family::Temperature).into_iter().next(),
    )
}

fn lasted(check: &ItemCheck<'_, Parameters>) -> Judgement {
    reaches(check, "duration", |method| Some(&method.duration), duration)
}

fn pressure(check: &ItemCheck<'_, Parameters>) -> Judgement {
    reaches(
        check,
        "pressure",
        |method| method.pressure.as_ref(),
        |process| values(process, "PRESSURE", Family::Pressure).into_iter().next(),
    )
}

/// Whether what heat processing states reaches what the method asks for.
fn reaches(
    check: &ItemCheck<'_, Parameters>,
    need: &'static str,
    least: fn(&Method) -> Option<&Quantity>,
    stated: fn(&Process) -> Option<&Measure>,
) -> Judgement {
    check.each_line(|line, tally| {
        let Some((name, _)) = method(line) else { return tally.missing("processing-method") };
        let method = check.parameters().methods.iter().find(|method| same_words(&method.name, name));
        let Some(least) = method.and_then(least) else { return };
        let heated = of_types(line.line, &["95".into(), "14".into(), "85".into(), "41".into()]);
        let Some(stated) = heated.into_iter().find_map(stated) else { return tally.missing(need) };
        compare(line, tally, name, least, stated, need);
    })
}

fn compare(
    line: &Line<'_>,
    tally: &mut Tally,
    method: &str,
    least: &Quantity,
    stated: &Measure,
    need: &'static str,
) {
    let Some(order) = least.compare(stated) else { return tally.missing(need) };
    tally.check(order.is_ge(), || {
        Difference::new()
            .argument("method", method)
            .argument("stated", stated)
            .argument("least", least.measure())
            .expected(least.measure())
            .actual(stated)
            .in_line(line, stated.place)
    });
}

fn disease(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let all = check.parameters().diseases.iter();
    let diseases: Vec<_> = all.filter(|one| concerns(&one.goods, check)).collect();
    check.each_line(|line, tally| {
        for one in &diseases {
            match affected_origin(check, line, &one.disease, check.dates().decision) {
                Err(need) => tally.missing(need),
                Ok(None) => tally.check(true, Difference::new),
                Ok(Some(_)) if line.line.processes.is_empty() => tally.missing("processes"),
                Ok(Some((origin, why))) => {
                    let treated = !of_types(line.line, &one.treatments).is_empty();
                    tally.check(treated, || {
                        Difference::new()
                            .argument("origin", &origin.country)
                            .argument("disease", &one.disease)
                            .argument("status", goods::coded("disease-status", &why))
                            .in_line(line, origin.place)
                    });
                }
            }
        }
    })
}

fn salted(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["4101", "4102", "4103"]) {
        return Judgement::NotApplicable;
    }
    let days = check.parameters().salting_days;
    check.each_line(|line, tally| {
        let salting = of_types(line.line, &["SALTING".into()]);
        let Some(process) = salting.first() else { return tally.missing("salting") };
        let Some(stated) = duration(process) else { return tally.missing("duration") };
        let held = unit::convert(number(stated.value), stated.unit.as_deref().unwrap_or_default(), "DAY");
        let Some(held) = held else { return tally.missing("duration") };
        tally.check(held >= days.into(), || {
            Difference::new()
                .argument("stated", stated)
                .argument("days", u32::from(days))
                .expected(u32::from(days))
                .actual(stated)
                .in_line(line, stated.place)
        });
    })
}
