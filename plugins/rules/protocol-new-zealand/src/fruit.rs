//! Kiwifruit and apples.

use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::rules::{ItemCheck, Judgement, Rule};
use goods::HS_2022;
use protocol::places::{ARGUMENTS, Kind, NEEDS, registered};

use crate::parameters::Parameters;

const FRUIT: &[&str] = &["0808", "0810"];

/// The orchard is registered.
pub const ORCHARD: Rule<Parameters> = Rule::of_item("orchard-registered", orchard)
    .titles(&[("en", "The fruit is from registered orchards"), ("zh", "水果来自注册果园")])
    .messages(&[
        ("en", "Orchard {place} of {origin} was {status} on {day}."),
        ("zh", "{origin} 果园 {place} 于 {day} 的状态为 {status}。"),
    ])
    .arguments(ARGUMENTS)
    .needs(NEEDS)
    .legal_basis("Bilateral protocol on fresh fruit: orchards registered by both authorities")
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
    .legal_basis("Bilateral protocol on fresh fruit: packing houses registered by both authorities")
    .governed_by(GoverningDate::Production)
    .in_force(HS_2022, None);

fn orchard(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: FRUIT, activity: "OR", subjects: &["ORCHARD"] })
}

fn packhouse(check: &ItemCheck<'_, Parameters>) -> Judgement {
    registered(check, &Kind { prefixes: FRUIT, activity: "PH", subjects: &["PACKHOUSE"] })
}
