//! Rules on imported meat and meat products: chapter 2, headings 1601 and 1602
//! of the Harmonized System.
//!
//! One file per theme: [`establishments`], [`dates`], [`nature`] (species and
//! storage against the heading), [`temperature`], [`assurances`] (attestations
//! and laboratory results). What the headings say stands in [`heading`].

pub mod assurances;
pub mod dates;
pub mod establishments;
pub mod heading;
pub mod nature;
pub mod parameters;
pub mod process;
pub mod species;
pub mod temperature;

use ecert_sdk::model::declarations::Direction;
use ecert_sdk::model::manifest::Scope;
use ecert_sdk::rules::{About, Rule, RuleSet};
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
            scope: vec![Scope {
                hs_prefixes: ["02", "1601", "1602"].map(String::from).to_vec(),
                direction: Some(Direction::Import),
                ..Scope::default()
            }],
            valid_from: None,
            valid_until: None,
            tables: &[establishments::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                establishments::APPROVED,
                dates::IN_ORDER,
                dates::BEFORE_ISSUE,
                nature::SPECIES,
                nature::STORAGE,
                temperature::TEMPERATURE,
                dates::EXPIRY,
                assurances::ATTESTATIONS,
                assurances::LABORATORY,
            ]
        }
    }
}

ecert_sdk::export_rules!(Meat);

#[cfg(test)]
mod tests;
