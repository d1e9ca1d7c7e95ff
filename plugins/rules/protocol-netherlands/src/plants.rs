//! Glasshouse vegetables, pears and bulbs.

use ecert_sdk::date;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::process::of_types;
use goods::{HS_2022, is_of};
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

/// Vegetables grew in registered glasshouses.
pub const GLASSHOUSE: Rule<Parameters> = Rule::of_item("glasshouse-registered", glasshouse)
    .titles(&[
        ("en", "Tomatoes and peppers grew in registered glasshouses"),
        ("zh", "番茄和甜椒来自注册温室"),
    ])
    .messages(&[
        ("en", "Glasshouse {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 温室 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis(
        "Bilateral protocol on glasshouse vegetables: production sites registered by both authorities",
    )
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Pears are from registered orchards.
pub const ORCHARD: Rule<Parameters> = Rule::of_item("orchard-registered", orchard)
    .titles(&[("en", "Pears are from registered orchards"), ("zh", "梨来自注册果园")])
    .messages(&[
        ("en", "Orchard {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 果园 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on pears: orchards and stores registered by both authorities")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

/// Bulbs were inspected while they grew.
pub const BULBS: Rule<Parameters> = Rule::of_item("bulbs-inspected-growing", bulbs)
    .titles(&[("en", "Bulbs were inspected in the field while they grew"), ("zh", "种球在生长期经田间检疫")])
    .messages(&[
        ("en", "The bulbs grew from {from} to {until}; the inspection on {inspected} was not in that time."),
        ("zh", "种球生长期为 {from} 至 {until}；检疫日期 {inspected} 不在生长期内。"),
    ])
    .arguments(&["from", "until", "inspected"])
    .needs(&["certificate-line", "growing-season", "field-inspection"])
    .legal_basis("Bilateral arrangement on flower bulbs: field inspection in the growing season by the inspection service")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn glasshouse(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(
        check,
        &Kind { prefixes: &["0702", "070960"], activity: "GH", subjects: &["GREENHOUSE", "GLASSHOUSE"] },
    )
}

fn orchard(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: &["080830"], activity: "OR", subjects: &["ORCHARD"] })
}

fn bulbs(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0601"]) {
        return Judgement::NotApplicable;
    }
    check.each_line(|line, tally| {
        let grown = of_types(line.line, &["40".into()]).into_iter().find_map(|process| process.period);
        let season = grown.and_then(|period| Some((period.start?, period.end?)));
        let Some((from, until)) = season else { return tally.missing("growing-season") };
        let inspections = of_types(line.line, &["36".into()]).into_iter();
        let inspections: Vec<_> =
            inspections.filter_map(|process| date::latest(process.period.as_ref()?).copied()).collect();
        let Some(inspected) = inspections.last() else { return tally.missing("field-inspection") };
        let within =
            inspections.iter().any(|at| !date::order(at, &from).is_lt() && !date::order(at, &until).is_gt());
        tally.check(within, || {
            Difference::new()
                .argument("from", from.date)
                .argument("until", until.date)
                .argument("inspected", inspected.date)
                .expected(from.date)
                .expected(until.date)
                .actual(inspected.date)
                .in_line(line, inspected.place)
        });
    })
}
