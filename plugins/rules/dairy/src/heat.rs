//! Heat treatment: that there was one, that it was enough for its kind, and
//! for the animal health of the place the milk is from.

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use ecert_sdk::unit::{self, Family};
use goods::disease::affected_origin;
use goods::process::{duration, of_types, values};
use goods::{HS_2022, is_of};

use crate::parameters::{HeatTreatment, Minimum, Parameters};

/// The milk was heat-treated, or the product matured in its stead.
pub const STATED: Rule<Parameters> = Rule::of_item("heat-treatment-stated", stated)
    .titles(&[
        ("en", "The milk was heat-treated, or raw-milk cheese has matured"),
        ("zh", "乳经热处理，或生乳干酪已充分成熟"),
    ])
    .messages(&[
        ("en", "The certificate names {processes} but no heat treatment of the milk, nor {days} days of maturing."),
        ("zh", "证书列有加工 {processes}，但无乳的热处理，也无 {days} 天成熟期。"),
    ])
    .arguments(&["processes", "days"])
    .needs(&["certificate-line", "processes"])
    .legal_basis("Codex CXC 57 code of hygienic practice for milk: microbiocidal control measures")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// A treatment reached the temperature and the time of its kind.
pub const SUFFICIENT: Rule<Parameters> = Rule::of_item("heat-treatment-sufficient", sufficient)
    .titles(&[
        ("en", "The heat treatment reached the temperature and time of its kind"),
        ("zh", "热处理达到该方法规定的温度和时间"),
    ])
    .messages(&[
        ("en", "{treatment} at {temperature} for {duration} is less than {least_temperature} for {least_duration}."),
        ("zh", "{treatment}为 {temperature}、{duration}，低于 {least_temperature}、{least_duration} 的要求。"),
    ])
    .arguments(&["treatment", "temperature", "duration", "least_temperature", "least_duration"])
    .after(&["heat-treatment-stated"])
    .needs(&["certificate-line", "heat-treatment", "temperature", "duration"])
    .legal_basis("Codex CXC 57, annex II: minimum conditions of pasteurisation, UHT treatment and sterilisation")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Milk from a place that is not free from the disease was treated severely.
pub const BY_DISEASE: Rule<Parameters> = Rule::of_item("heat-treatment-for-disease-status", by_disease)
    .titles(&[
        ("en", "Milk from where the disease is was treated severely enough to inactivate the virus"),
        ("zh", "来自疫区的乳经过足以灭活病毒的热处理"),
    ])
    .messages(&[
        ("en", "{origin} is not free from {disease} ({status}), and the certificate shows no severe heat treatment."),
        ("zh", "{origin} 非 {disease} 无疫区（{status}），证书未列明强化热处理。"),
    ])
    .arguments(&["origin", "disease", "status"])
    .after(&["heat-treatment-stated"])
    .needs(&["certificate-line", "origin", "disease-status", "processes"])
    .legal_basis("WOAH terrestrial code, foot-and-mouth disease: procedures for the inactivation of the virus in milk")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn stated(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let raw = &check.parameters().raw_milk;
    check.each_line(|line, tally| {
        if line.line.processes.is_empty() {
            return tally.missing("processes");
        }
        let treated = !treatments(check, line).is_empty();
        let matured = is_of(check, &raw.prefixes) && has_matured(line, raw.days);
        tally.check(treated || matured, || {
            Difference::new()
                .argument("processes", type_codes(&line.line.processes))
                .argument("days", u32::from(raw.days))
                .in_line(line, line.line.processes[0].place)
        });
    })
}

fn sufficient(check: &ItemCheck<'_, Parameters>) -> Judgement {
    check.each_line(|line, tally| {
        let treatments = treatments(check, line);
        if treatments.is_empty() {
            tally.missing("heat-treatment");
        }
        for (kind, process) in treatments {
            let Some(hottest) =
                values(process, "TTTM", Family::Temperature).into_iter().max_by_key(|it| in_base(it))
            else {
                tally.missing("temperature");
                continue;
            };
            let held = duration(process);
            match reached(kind, hottest, held) {
                Reached::Unknown(need) => tally.missing(need),
                Reached::Enough => tally.check(true, Difference::new),
                Reached::Less(least) => tally.check(false, || {
                    let shown = held
                        .cloned()
                        .unwrap_or_else(|| Measure { unit: Some("SEC".into()), ..Measure::default() });
                    Difference::new()
                        .argument("treatment", kind.name.as_str())
                        .argument("temperature", hottest)
                        .argument("duration", shown)
                        .argument("least_temperature", least.temperature.measure())
                        .argument("least_duration", least.duration.measure())
                        .expected(least.temperature.measure())
                        .expected(least.duration.measure())
                        .actual(hottest)
                        .in_line(line, hottest.place)
                }),
            }
        }
    })
}

fn by_disease(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let disease = &check.parameters().milk_disease;
    check.each_line(|line, tally| match affected_origin(check, line, disease, check.dates().decision) {
        Err(need) => tally.missing(need),
        Ok(None) => tally.check(true, Difference::new),
        Ok(Some(_)) if line.line.processes.is_empty() => tally.missing("processes"),
        Ok(Some((origin, status))) => {
            let severe = treatments(check, line).iter().any(|(kind, _)| kind.severe);
            // Twice pasteurised inactivates the virus as well.
            let twice = treatments(check, line).len() > 1;
            tally.check(severe || twice, || {
                Difference::new()
                    .argument("origin", &origin.country)
                    .argument("disease", disease.as_str())
                    .argument("status", goods::coded("disease-status", &status))
                    .in_line(line, origin.place)
            });
        }
    })
}

/// The heat treatments of a line, each with its kind.
fn treatments<'a, 'p>(
    check: &ItemCheck<'p, Parameters>,
    line: &Line<'a>,
) -> Vec<(&'p HeatTreatment, &'a Process)> {
    let kinds = check.parameters().heat_treatments.iter();
    kinds
        .flat_map(|kind| of_types(line.line, &kind.codes).into_iter().map(move |process| (kind, process)))
        .collect()
}

enum Reached<'a> {
    Enough,
    Less(&'a Minimum),
    Unknown(&'static str),
}

/// Whether one of a treatment's minimums was reached. A time that is not
/// stated can only be missed by the temperature.
fn reached<'a>(kind: &'a HeatTreatment, hottest: &Measure, held: Option<&Measure>) -> Reached<'a> {
    let mut closest = None;
    for minimum in &kind.minimums {
        let Some(order) = minimum.temperature.compare(hottest) else {
            return Reached::Unknown("temperature");
        };
        if order.is_lt() {
            closest = closest.or(Some(minimum));
            continue;
        }
        match held.map(|held| minimum.duration.compare(held)) {
            None | Some(None) => return Reached::Unknown("duration"),
            Some(Some(order)) if order.is_ge() => return Reached::Enough,
            Some(Some(_)) => closest = Some(minimum),
        }
    }
    closest.map_or(Reached::Enough, Reached::Less)
}

/// Whether the line states a process that lasted so many days.
fn has_matured(line: &Line<'_>, days: u16) -> bool {
    let long_enough = |process: &Process| {
        duration(process).is_some_and(|duration| {
            let held =
                duration.unit.as_deref().and_then(|unit| unit::convert(number(duration.value), unit, "DAY"));
            held.is_some_and(|held| held >= days.into())
        })
    };
    line.line.processes.iter().any(long_enough)
}

fn in_base(measure: &Measure) -> Option<ecert_sdk::decimal::Number> {
    goods::temperature::in_base(measure)
}

fn type_codes(processes: &[Process]) -> String {
    let codes = processes.iter().filter_map(|process| process.type_code.as_ref());
    codes.map(|code| code.name.as_deref().unwrap_or(&code.value)).collect::<Vec<_>>().join(", ")
}
