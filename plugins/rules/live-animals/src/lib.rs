//! Rules on imported live animals.
//!
//! [`identity`] asks which animals they are, [`before`] what they went through
//! before dispatch, [`journey`] where they are from and which way they go; what
//! they have in common with other commodities comes from the library `goods`.

pub mod before;
pub mod identity;
pub mod journey;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, disease, establishments};
use parameters::Parameters;

/// The rule set.
pub struct LiveAnimals;

impl RuleSet for LiveAnimals {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "live-animals",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Live animals"), ("zh", "活动物")],
            rule_kind: "live-animals",
            scope: goods::imports(&["01"], &[]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[
                identity::NAMES,
                journey::PORTS,
                establishments::TABLE,
                assurances::TABLE,
                disease::TABLE,
            ],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                identity::COUNT,
                identity::UNIQUE,
                identity::SPECIES,
                identity::AGE,
                // Quarantine stations and holdings among them.
                establishments::rule(),
                before::RESIDENT,
                before::LENGTH,
                before::ENDED,
                before::TESTS,
                assurances::laboratory(),
                before::VACCINATIONS,
                before::EXAMINED,
                journey::ORIGIN,
                journey::TRANSIT,
                journey::PORT,
                assurances::attestations(),
            ]
        }
    }
}

ecert_sdk::export_rules!(LiveAnimals);

#[cfg(test)]
mod tests;
