//! What the protocols with the Netherlands ask in addition.
//!
//! [`plants`] and [`animals`] hold what each commodity's protocol asks; numbers of
//! certificates, admitted commodities and officers come from the library `protocol`.

pub mod animals;
pub mod parameters;
pub mod plants;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct ProtocolNetherlands;

impl RuleSet for ProtocolNetherlands {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "protocol-netherlands",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Protocols with the Netherlands"), ("zh", "与荷兰的双边议定书")],
            rule_kind: "protocol",
            scope: goods::imports(&["01", "02", "04", "0601", "0702", "0709", "0808", "190110"], &["NL"]),
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
                plants::GLASSHOUSE,
                plants::ORCHARD,
                plants::BULBS,
                animals::VEAL,
                animals::SWINE,
            ]
        }
    }
}

ecert_sdk::export_rules!(ProtocolNetherlands);

#[cfg(test)]
mod tests;
