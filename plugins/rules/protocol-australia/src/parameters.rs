//! What an agreement may set.

use goods::limits::Quantity;
use goods::parameters::Goods;
use protocol::cold::ColdTreatment;
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
    /// Cold treatment against fruit flies.
    pub cold_treatment: Vec<ColdTreatment>,
    /// Name, in the table `disease-status`, of the disease whose zone cattle
    /// must not be from.
    pub zone_disease: String,
    /// Meat that must be attested to be of animals that never got growth
    /// promotants.
    pub promotant_free: Vec<Goods>,
    /// Identifiers of that attestation: any of them will do.
    pub promotant_attestations: Vec<String>,
    /// The most dockage in rapeseed.
    pub dockage: Quantity,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            protocol: protocol::Parameters::default(),
            cold_treatment: Vec::new(),
            zone_disease: "bluetongue".into(),
            promotant_free: Vec::new(),
            promotant_attestations: vec!["HGP".into(), "HGP_FREE".into()],
            dockage: Quantity::new(1, 0, "P1"),
        }
    }
}

impl AsRef<protocol::Parameters> for Parameters {
    fn as_ref(&self) -> &protocol::Parameters {
        &self.protocol
    }
}
