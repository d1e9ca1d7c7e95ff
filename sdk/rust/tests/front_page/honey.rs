//! The crate of the front page, its pieces put together.

use ecert_sdk::decimal::{Number, number};
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::unit;
use schemars::JsonSchema;
use serde::Deserialize;

/// What agreements may set.
#[derive(Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The highest temperature, in degrees Celsius.
    highest: i64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { highest: 25 }
    }
}

const TEMPERATURE: Rule<Parameters> = Rule::of_item("temperature", temperature)
    .titles(&[("en", "Honey is kept cool"), ("zh", "蜂蜜须低温运输")])
    .messages(&[("en", "The container is set to {actual}."), ("zh", "集装箱设定温度为 {actual}。")])
    .arguments(&["actual"])
    .needs(&["set temperature"])
    .legal_basis("Codex standard for honey: heating must not change its composition");

fn temperature(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut known = false;
    for cited in check.certificates() {
        for container in &cited.certificate.consignment.equipment {
            let Some(set) = &container.set_temperature else { continue };
            let Some(degrees) = celsius(set) else { continue };
            known = true;
            if degrees > check.parameters().highest.into() {
                return Difference::new()
                    .argument("actual", set)
                    .actual(set)
                    .in_certificate(cited.index, set.place)
                    .into();
            }
        }
    }
    if known { Judgement::Passed } else { Judgement::NotEvaluable("set temperature") }
}

/// A temperature in degrees Celsius; none where the unit is missing or is no
/// unit of temperature.
fn celsius(set: &Measure) -> Option<Number> {
    unit::convert(number(set.value), set.unit.as_deref()?, "CEL")
}

use ecert_sdk::manifest::Scope;
use ecert_sdk::rules::{About, RuleSet};

/// The rule set.
pub struct Honey;

impl RuleSet for Honey {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "honey",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Honey"), ("zh", "蜂蜜")],
            rule_kind: "honey",
            scope: vec![Scope { hs_prefixes: vec!["0409".into()], ..Scope::default() }],
            valid_from: None,
            valid_until: None,
            tables: &[],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const { &[TEMPERATURE] }
    }
}

ecert_sdk::export_rules!(Honey);

#[cfg(test)]
mod tests {
    use super::*;
    use ecert_sdk::testing::{Scenario, assert_rules_manifest, measure};

    #[test]
    fn the_manifest_is_complete() {
        assert_rules_manifest::<Honey>();
    }

    #[test]
    fn honey_travels_cool() {
        let set_to = |degrees: &str, unit: &str| {
            let set = measure(degrees, unit);
            Scenario::consistent().change(|_, cited| {
                cited[0].certificate.consignment.equipment[0].set_temperature = Some(set);
            })
        };
        set_to("18", "CEL").judge::<Honey>().assert_passed("temperature");
        set_to("31", "CEL").judge::<Honey>().assert_failed("temperature");
        set_to("64.4", "FAH").judge::<Honey>().assert_passed("temperature");
        let strict = set_to("18", "CEL").parameters(r#"{"highest": 15}"#);
        strict.judge::<Honey>().assert_failed("temperature");
        let unsaid = Scenario::consistent();
        unsaid.judge::<Honey>().assert_not_evaluable("temperature", "set temperature");
    }
}
