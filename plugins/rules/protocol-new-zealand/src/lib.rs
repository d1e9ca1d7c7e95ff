//! What the protocols with New Zealand ask in addition.
//!
//! [`honey`], [`fruit`], [`animals`] hold what each commodity's protocol asks; numbers of
//! certificates and admitted commodities come from the library `protocol`.

pub mod animals;
pub mod fruit;
pub mod honey;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct ProtocolNewZealand;

impl RuleSet for ProtocolNewZealand {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "protocol-new-zealand",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Protocols with New Zealand"), ("zh", "与新西兰的双边议定书")],
            rule_kind: "protocol",
            scope: goods::imports(&["01", "02", "04", "0808", "0810", "190110"], &["NZ"]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[goods::establishments::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                protocol::number(),
                protocol::eligible(),
                honey::MANUKA,
                fruit::ORCHARD,
                fruit::PACKHOUSE,
                animals::TAG,
                animals::CHILLED,
            ]
        }
    }
}

ecert_sdk::export_rules!(ProtocolNewZealand);

#[cfg(test)]
mod tests;
