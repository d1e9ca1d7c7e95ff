//! What the protocols with Chile ask in addition.
//!
//! [`fruit`] holds what its protocols ask; numbers of certificates, admitted commodities
//! and officers come from the library `protocol`.

pub mod fruit;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct ProtocolChile;

impl RuleSet for ProtocolChile {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "protocol-chile",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Protocols with Chile"), ("zh", "与智利的双边议定书")],
            rule_kind: "protocol",
            scope: goods::imports(&["02", "03", "0806", "0808", "0809", "0810"], &["CL"]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[goods::establishments::TABLE, goods::disease::TABLE, protocol::SIGNATORIES],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                protocol::number(),
                protocol::eligible(),
                protocol::signatory(),
                fruit::ORCHARD,
                fruit::PACKHOUSE,
                fruit::AREA,
                fruit::TREATED,
                fruit::LABELS,
                fruit::SEALED,
            ]
        }
    }
}

ecert_sdk::export_rules!(ProtocolChile);

#[cfg(test)]
mod tests;
