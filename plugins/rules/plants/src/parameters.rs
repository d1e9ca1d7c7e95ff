//! What an importing country or an agreement may set.

use goods::parameters::Goods;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The most days that may pass between inspection and dispatch.
    pub inspection_days: u16,
    /// Types of process (UNCL 7187) that may go on in transit, after issue.
    pub in_transit_treatments: Vec<String>,
    /// Goods whose certificate must name the place of production.
    pub place_of_production: Vec<Goods>,
    /// Prefixes of plants for planting.
    pub planting: Vec<String>,
    /// Words that say that plants travel in soil.
    pub soil: Vec<String>,
    /// Packages of wood (UN/ECE Recommendation 21).
    pub wooden_packages: Vec<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.into()).collect();
        Self {
            inspection_days: 14,
            in_transit_treatments: owned(&["74", "43"]),
            place_of_production: Vec::new(),
            planting: owned(&["0601", "0602"]),
            soil: owned(&["soil", "earth", "土壤", "suelo", "terre"]),
            wooden_packages: owned(&["8A", "8B", "8C", "4C", "4D", "4F", "DN", "QP", "QQ"]),
        }
    }
}
