//! Rules on imported bee products.
//!
//! [`composition`] holds honey against its standard, [`hives`] asks what it is
//! called and for the health of the bees; what bee products have in common with
//! other commodities comes from the library `goods`.

pub mod composition;
pub mod hives;
pub mod parameters;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, batches, dates, disease, establishments, limits};
use parameters::Parameters;

/// The rule set.
pub struct BeeProducts;

impl RuleSet for BeeProducts {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "bee-products",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Honey and other bee products"), ("zh", "蜂蜜及其他蜂产品")],
            rule_kind: "bee-products",
            scope: goods::imports(&["0409", "041090", "121299", "130190", "152190"], &[]),
            valid_from: goods::HS_2022,
            valid_until: None,
            tables: &[establishments::TABLE, assurances::TABLE, limits::TABLE, disease::TABLE],
        }
    }

    fn rules() -> &'static [Rule<Parameters>] {
        const {
            &[
                establishments::rule(),
                dates::before_issue(),
                batches::batch(),
                dates::expiry(),
                limits::rule(),
                assurances::attestations(),
                assurances::laboratory(),
                composition::MOISTURE,
                composition::HMF,
                composition::SUCROSE,
                composition::DIASTASE,
                hives::FLORAL,
                hives::HIVES,
            ]
        }
    }
}

ecert_sdk::export_rules!(BeeProducts);

#[cfg(test)]
mod tests;
