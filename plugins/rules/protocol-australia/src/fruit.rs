//! Citrus, table grapes and stone fruit.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{ItemCheck, Judgement, Rule};
use goods::HS_2022;
use protocol::cold;
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

/// Fruit from where fruit flies are is treated on the way.
pub const COLD: Rule<Parameters> = Rule::of_item("cold-treatment-in-transit", treated)
    .titles(&[
        ("en", "Fruit from outside pest free areas is kept cold long enough in transit"),
        ("zh", "非疫区以外水果经运输途中冷处理达到要求"),
    ])
    .messages(&[
        ("en", "Cold treatment at {temperature} for {duration} keeps none of the protocol's steps."),
        ("zh", "冷处理（{temperature}，{duration}）未达到议定书规定的任一指标。"),
    ])
    .arguments(&["temperature", "duration"])
    .needs(&["certificate-line", "processes", "temperature", "duration"])
    .legal_basis(
        "Bilateral protocol on fresh fruit: cold treatment against fruit flies or pest free areas (ISPM 26)",
    )
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Enough sensors show it.
pub const SENSORS: Rule<Parameters> = Rule::of_item("cold-treatment-sensors", sensors)
    .titles(&[
        ("en", "Enough sensors in the fruit record cold treatment"),
        ("zh", "冷处理果温探针数量满足要求"),
    ])
    .messages(&[
        ("en", "{sensors} sensors recorded the temperature of the fruit, {least} are required."),
        ("zh", "果温探针 {sensors} 支，规定不少于 {least} 支。"),
    ])
    .arguments(&["sensors", "least"])
    .needs(&["certificate-line", "sensors"])
    .legal_basis("Bilateral protocol on fresh fruit: calibrated sensors in each container (ISPM 42)")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Orchard, vineyard or block is registered.
pub const ORCHARD: Rule<Parameters> = Rule::of_item("orchard-registered", orchard)
    .titles(&[
        ("en", "The fruit is from registered orchards or vineyards"),
        ("zh", "水果来自注册果园或葡萄园"),
    ])
    .messages(&[
        ("en", "Orchard {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 果园 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on fresh fruit: growers registered by both authorities")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn treated(check: &ItemCheck<'_, Parameters>) -> Judgement {
    cold::judge(check, &check.parameters().cold_treatment)
}

fn sensors(check: &ItemCheck<'_, Parameters>) -> Judgement {
    cold::sensors(check, &check.parameters().cold_treatment)
}

fn orchard(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: &["0805", "0806", "0809"], activity: "OR", subjects: &["ORCHARD"] })
}
