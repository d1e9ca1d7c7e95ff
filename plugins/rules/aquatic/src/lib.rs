//! Rules on imported fish, crustaceans, molluscs and their products.
//!
//! [`catch`] asks where they are from and how they were got, [`safety`] about
//! parasites, growing waters and diseases; what they have in common with other
//! commodities comes from the library `goods`.

pub mod catch;
pub mod parameters;
pub mod safety;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, batches, dates, disease, establishments, limits, temperature};
use parameters::Parameters;

/// The rule set.
pub struct Aquatic;

impl RuleSet for Aquatic {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "aquatic",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Fish and aquatic products"), ("zh", "水生动物及其产品")],
            rule_kind: "aquatic",
            scope: goods::imports(&["03", "1604", "1605"], &[]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[catch::NAMES, establishments::TABLE, assurances::TABLE, limits::TABLE, disease::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                catch::SPECIES,
                catch::PRODUCTION,
                catch::AREA,
                catch::CLOSED,
                catch::CERTIFICATE,
                catch::FARM,
                establishments::rule(),
                dates::in_order(),
                dates::before_issue(),
                batches::production(),
                temperature::rule(),
                safety::PARASITES,
                safety::MOLLUSCS,
                safety::DISEASES,
                limits::rule(),
                assurances::laboratory(),
                assurances::attestations(),
                dates::expiry(),
            ]
        }
    }
}

ecert_sdk::export_rules!(Aquatic);

#[cfg(test)]
mod tests;
