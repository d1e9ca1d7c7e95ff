//! What the protocols with Australia ask in addition.
//!
//! [`fruit`], [`animals`], [`crops`] hold what each commodity's protocol asks; numbers of
//! certificates and admitted commodities come from the library `protocol`.

pub mod animals;
pub mod crops;
pub mod fruit;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct ProtocolAustralia;

impl RuleSet for ProtocolAustralia {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "protocol-australia",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Protocols with Australia"), ("zh", "与澳大利亚的双边议定书")],
            rule_kind: "protocol",
            scope: goods::imports(&["01", "02", "0805", "0806", "0809", "10", "1205", "1214"], &["AU"]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[goods::establishments::TABLE, goods::disease::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                protocol::number(),
                protocol::eligible(),
                fruit::COLD,
                fruit::SENSORS,
                fruit::ORCHARD,
                animals::ZONE,
                animals::PROMOTANTS,
                crops::DOCKAGE,
                crops::HAY,
            ]
        }
    }
}

ecert_sdk::export_rules!(ProtocolAustralia);

#[cfg(test)]
mod tests;
