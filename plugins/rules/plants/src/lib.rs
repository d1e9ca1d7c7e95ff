//! Rules on imported plants and plant products.
//!
//! [`pests`] asks what the importing country wants to be told about pests,
//! [`treatments`] whether treatments kept their schedules, [`reexport`] whether
//! a certificate for re-export rests on its original, [`consignment`] about
//! names, inspection, places, marks and packing.

pub mod consignment;
pub mod parameters;
pub mod pests;
pub mod reexport;
pub mod treatments;

use ecert_sdk::rules::{About, Rule, RuleSet};
use parameters::Parameters;

/// The rule set.
pub struct Plants;

impl RuleSet for Plants {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "plants",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Plants and plant products"), ("zh", "植物及植物产品")],
            rule_kind: "plants",
            scope: goods::imports(&["06", "07", "08", "10", "12", "14", "44"], &[]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[consignment::NAMES, pests::TABLE, treatments::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                consignment::BOTANICAL,
                consignment::USE,
                consignment::PLACE,
                consignment::INSPECTED,
                consignment::MEDIUM,
                consignment::WOOD,
                consignment::MARKS,
                pests::FOUND,
                pests::DECLARATION,
                pests::TREATMENT,
                treatments::CHEMICAL,
                treatments::DOSE,
                treatments::DURATION,
                treatments::TEMPERATURE,
                treatments::BEFORE_ISSUE,
                reexport::KIND,
                reexport::ORIGINAL,
                reexport::ORIGIN,
                reexport::DATES,
                reexport::QUANTITY,
            ]
        }
    }
}

ecert_sdk::export_rules!(Plants);

#[cfg(test)]
mod tests;
