//! What an importing country or an agreement may set.

use ecert_sdk::model::values::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs. Parameters may be set per commodity, so one value serves each.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The day an establishment's approval must hold.
    pub approval_day: ApprovalDay,
    /// The warmest that frozen meat may be kept.
    pub frozen_maximum: Temperature,
    /// By how many degrees Celsius frozen meat may be warmer for a short time
    /// during transport.
    #[schemars(with = "String", regex(pattern = r"^[0-9]+(\.[0-9]+)?$"))]
    pub frozen_tolerance: Decimal,
    /// The warmest that chilled meat may be kept.
    pub chilled_maximum: Temperature,
    /// The coldest that counts as chilled; below, meat freezes.
    pub chilled_minimum: Temperature,
    /// Days that must be left until expiry when the goods arrive.
    pub minimum_days_left: u16,
    /// Attestations that certificates must bear.
    pub attestations: Vec<Attestation>,
    /// Laboratory results that certificates must bear.
    pub laboratory: Vec<LaboratoryResult>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            approval_day: ApprovalDay::Production,
            frozen_maximum: Temperature::celsius(-18),
            frozen_tolerance: Decimal { coefficient: 3, scale: 0 },
            chilled_maximum: Temperature::celsius(7),
            chilled_minimum: Temperature::celsius(-4),
            minimum_days_left: 0,
            attestations: Vec::new(),
            laboratory: Vec::new(),
        }
    }
}

/// The day an establishment's approval must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalDay {
    /// The days the goods were slaughtered, cut, produced or stored there.
    #[default]
    Production,
    /// The day the goods were dispatched.
    Dispatch,
}

/// A temperature and its unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Temperature {
    /// The number.
    #[schemars(with = "String", regex(pattern = r"^[+-]?[0-9]+(\.[0-9]+)?$"))]
    pub value: Decimal,
    /// Its unit by UN/ECE Recommendation 20: `CEL`, `FAH` or `KEL`.
    #[serde(default = "celsius")]
    pub unit: String,
}

impl Temperature {
    fn celsius(degrees: i64) -> Self {
        Self { value: Decimal { coefficient: degrees, scale: 0 }, unit: celsius() }
    }
}

fn celsius() -> String {
    "CEL".into()
}

/// What goods a requirement is about. Empty lists mean any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Goods {
    /// Countries of origin (ISO 3166-1).
    pub origins: Vec<String>,
    /// Prefixes of the commodity code (Harmonized System).
    pub prefixes: Vec<String>,
}

/// An attestation that certificates must bear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Attestation {
    /// The goods it is required for.
    #[serde(flatten)]
    pub goods: Goods,
    /// What it attests, for the officer.
    pub name: String,
    /// Identifiers of clauses, or subjects or codes of notes: any of them
    /// will do.
    pub any_of: Vec<String>,
}

/// A laboratory result that certificates must bear.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct LaboratoryResult {
    /// The goods it is required for.
    #[serde(flatten)]
    pub goods: Goods,
    /// What must have been looked for, for the officer.
    pub name: String,
    /// Codes or names of the substance or organism: any of them will do.
    pub any_of: Vec<String>,
    /// Verdicts that do not satisfy, beside those that say so in plain words.
    pub unfavourable: Vec<String>,
}
