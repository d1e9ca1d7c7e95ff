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
    /// The oldest that calves may be for veal, in months.
    pub veal_months: u16,
    /// Name, in the table `disease-status`, of the disease whose zones pork
    /// must not be from.
    pub swine_disease: String,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            protocol: protocol::Parameters::default(),
            veal_months: 12,
            swine_disease: "african swine fever".into(),
        }
    }
}

impl AsRef<protocol::Parameters> for Parameters {
    fn as_ref(&self) -> &protocol::Parameters {
        &self.protocol
    }
}
