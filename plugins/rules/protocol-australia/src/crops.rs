//! Rapeseed and hay.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use goods::assurances::observations;
use goods::{HS_2022, is_of};
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

/// Rapeseed is clean enough.
pub const DOCKAGE: Rule<Parameters> = Rule::of_item("rapeseed-dockage", dockage)
    .titles(&[("en", "Rapeseed holds no more dockage than it may"), ("zh", "油菜籽杂质含量符合要求")])
    .messages(&[
        ("en", "The dockage is {measured}, the limit {limit}."),
        ("zh", "杂质含量为 {measured}，限值 {limit}。"),
    ])
    .arguments(&["measured", "limit"])
    .needs(&["certificate-line", "laboratory-results", "unit"])
    .legal_basis(
        "Bilateral protocol on rapeseed: measures against blackleg of rapeseed (Leptosphaeria maculans)",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Hay is from registered processors.
pub const HAY: Rule<Parameters> = Rule::of_item("hay-processor-registered", hay)
    .titles(&[("en", "Hay is from registered processors"), ("zh", "饲草来自注册加工企业")])
    .messages(&[
        ("en", "Processor {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 加工企业 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on hay: processors and stores registered by both authorities")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn dockage(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["1205"]) {
        return Judgement::NotApplicable;
    }
    let limit = &check.parameters().dockage;
    check.each_line(|line, tally| {
        let found = observations(line.line, &["dockage".into(), "杂质".into()]);
        let Some(measured) = found.into_iter().find_map(|one| one.value.as_ref()) else {
            return tally.missing("laboratory-results");
        };
        let Some(order) = limit.compare(measured) else { return tally.missing("unit") };
        tally.check(order.is_le(), || {
            Difference::new()
                .argument("measured", measured)
                .argument("limit", limit.measure())
                .expected(limit.measure())
                .actual(measured)
                .in_line(line, measured.place)
        });
    })
}

fn hay(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: &["1214"], activity: "PP", subjects: &["PROCESSOR"] })
}
