//! What an agreement may set.

use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// What holds for every protocol.
    #[serde(flatten)]
    pub protocol: protocol::Parameters,
    /// Prefixes of food whose raw material from animals needs certificates of
    /// its own.
    pub animal_material: Vec<String>,
    /// Types of the declared document that bears the registration of a brand.
    pub brand_documents: Vec<String>,
    /// Countries (ISO 3166-1) that goods may pass on their way.
    pub route: Vec<String>,
    /// The most days that horses may stay for races and shows.
    pub horse_days: u16,
}

impl Default for Parameters {
    fn default() -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.into()).collect();
        Self {
            protocol: protocol::Parameters::default(),
            animal_material: owned(&["0210", "1601", "1602", "1604"]),
            brand_documents: owned(&["519", "BRAND"]),
            route: owned(&["MO", "HK", "CN"]),
            horse_days: 90,
        }
    }
}

impl AsRef<protocol::Parameters> for Parameters {
    fn as_ref(&self) -> &protocol::Parameters {
        &self.protocol
    }
}
