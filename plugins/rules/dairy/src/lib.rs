//! Rules on imported milk, milk products and infant formula.
//!
//! [`heat`] asks for the treatment of the milk, [`milk`] where it is from and
//! of which animals, [`infant`] what formula must have besides; what dairy has
//! in common with other commodities comes from the library `goods`.

pub mod heat;
pub mod infant;
pub mod milk;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, batches, dates, disease, establishments, limits, registrations, temperature};
use parameters::Parameters;

/// The rule set.
pub struct Dairy;

impl RuleSet for Dairy {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "dairy",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Milk, milk products and infant formula"), ("zh", "乳、乳制品及婴幼儿配方食品")],
            rule_kind: "dairy",
            scope: goods::imports(
                &["0401", "0402", "0403", "0404", "0405", "0406", "190110", "2105", "3501", "350220"],
                &[],
            ),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[
                establishments::TABLE,
                assurances::TABLE,
                limits::TABLE,
                disease::TABLE,
                registrations::TABLE,
            ],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                establishments::rule(),
                dates::before_issue(),
                batches::batch(),
                batches::production(),
                heat::STATED,
                heat::SUFFICIENT,
                heat::BY_DISEASE,
                milk::SOURCE,
                milk::SPECIES,
                milk::HUMAN,
                temperature::rule(),
                dates::expiry(),
                limits::rule(),
                assurances::attestations(),
                assurances::laboratory(),
                infant::REGISTRATION,
                infant::ANALYSES,
                infant::RETAIL,
            ]
        }
    }
}

ecert_sdk::export_rules!(Dairy);

#[cfg(test)]
mod tests;
