//! What an importing country or an agreement may set.

use goods::limits::Quantity;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// What holds for every commodity.
    #[serde(flatten)]
    pub goods: goods::Parameters,
    /// Limits of the composition of honey.
    pub honey: Honey,
    /// Floral sources that must be certified where they are declared: of each
    /// its names, common and botanical, the first one for the officer.
    pub floral_sources: Vec<Vec<String>>,
    /// Diseases of bees, by their names in the table `disease-status`, of
    /// which the origin must be free where products go to bees or apiaries.
    pub bee_diseases: Vec<String>,
    /// Treatments (UNCL 7187) that make products from an affected origin safe
    /// for bees.
    pub safe_treatments: Vec<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            goods: goods::Parameters::default(),
            honey: Honey::default(),
            floral_sources: [&["manuka", "Leptospermum", "麦卢卡"], &["acacia", "Robinia", "洋槐"]]
                .map(|names| names.map(String::from).to_vec())
                .to_vec(),
            bee_diseases: vec!["small hive beetle".into(), "american foulbrood".into()],
            safe_treatments: vec!["7".into(), "17".into(), "95".into()],
        }
    }
}

impl AsRef<goods::Parameters> for Parameters {
    fn as_ref(&self) -> &goods::Parameters {
        &self.goods
    }
}

/// Limits of the composition of honey (Codex CXS 12).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Honey {
    /// The most water.
    pub moisture: Quantity,
    /// The most hydroxymethylfurfural.
    pub hydroxymethylfurfural: Quantity,
    /// The most sucrose.
    pub sucrose: Quantity,
    /// The least diastase activity, in Schade units, which have no unit code:
    /// the number alone is compared.
    pub diastase: Quantity,
}

impl Default for Honey {
    fn default() -> Self {
        Self {
            moisture: Quantity::new(20, 0, "P1"),
            hydroxymethylfurfural: Quantity::new(40, 0, "NA"),
            sucrose: Quantity::new(5, 0, "P1"),
            diastase: Quantity::new(8, 0, "C62"),
        }
    }
}
