//! What an importing country or an agreement may set for any commodity.

use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters that rule sets on commodities have in common. All have
/// defaults; an agreement states what differs.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The day an establishment's approval must hold.
    pub approval_day: ApprovalDay,
    /// Days that must be left until expiry when the goods arrive.
    pub minimum_days_left: u16,
    /// Attestations that certificates must bear, beside those in the table
    /// `commodity-attestations`.
    pub attestations: Vec<Attestation>,
    /// Laboratory results that certificates must bear.
    pub laboratory: Vec<LaboratoryResult>,
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
