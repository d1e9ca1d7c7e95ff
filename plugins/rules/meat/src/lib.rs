//! Rules on imported meat and meat products: chapter 2, headings 1601 and 1602
//! of the Harmonized System.
//!
//! [`nature`] asks whether species and storage are the heading's, which
//! [`heading`] tells; what meat has in common with other commodities comes from
//! the library `goods`.

pub mod heading;
pub mod nature;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, dates, establishments, temperature};
use parameters::Parameters;

/// The rule set.
pub struct Meat;

impl RuleSet for Meat {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "meat",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Meat and meat products"), ("zh", "肉类及其制品")],
            rule_kind: "meat",
            scope: goods::imports(&["02", "1601", "1602"], &[]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[establishments::TABLE, assurances::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                establishments::rule(),
                dates::in_order(),
                dates::before_issue(),
                nature::SPECIES,
                nature::STORAGE,
                temperature::rule().after(&["storage-matches-heading"]),
                dates::expiry(),
                assurances::attestations(),
                assurances::laboratory(),
            ]
        }
    }
}

ecert_sdk::export_rules!(Meat);

#[cfg(test)]
mod tests;
