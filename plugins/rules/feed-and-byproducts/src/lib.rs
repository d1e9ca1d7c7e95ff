//! Rules on imported feed and on animal by-products that are not for human
//! consumption.
//!
//! [`material`] asks what the material is and what for, [`processing`] how it
//! was made safe; what it has in common with other commodities comes from the
//! library `goods`.

pub mod material;
pub mod parameters;
pub mod processing;

use ecert_sdk::rules::{About, Rule, RuleSet};
use goods::{assurances, batches, dates, disease, establishments, limits, registrations};
use parameters::Parameters;

/// The rule set.
pub struct FeedAndByproducts;

impl RuleSet for FeedAndByproducts {
    type Parameters = Parameters;

    fn about() -> About {
        About {
            name: "feed-and-byproducts",
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Feed and animal by-products"), ("zh", "饲料及非食用动物产品")],
            rule_kind: "feed-and-byproducts",
            scope: goods::imports(
                &["0502", "0505", "0506", "0507", "0511", "2301", "2309", "4101", "4102", "4103", "5101"],
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
                material::CATEGORY,
                material::USE,
                material::SPECIES,
                material::REFUSED,
                material::REGISTRATION,
                processing::METHOD,
                processing::TEMPERATURE,
                processing::DURATION,
                processing::PRESSURE,
                processing::DISEASE,
                processing::SALTING,
                dates::before_issue(),
                batches::batch(),
                assurances::laboratory(),
                limits::rule(),
                assurances::attestations(),
            ]
        }
    }
}

ecert_sdk::export_rules!(FeedAndByproducts);

#[cfg(test)]
mod tests;
