//! The example messages and what is expected of them
//! (`examples/messages/index.json`).

use serde::Deserialize;

use crate::file;

/// All cases.
#[derive(Debug, Deserialize)]
pub struct Index {
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
pub struct Case {
    /// Name.
    pub id: String,
    /// `clean`, `lawful`, `discrepancy` or `bad`.
    pub kind: String,
    /// Certificates in the order of delivery.
    #[serde(default)]
    pub certificates: Vec<Certificate>,
    /// Declarations in the order of lodging.
    #[serde(default)]
    pub declarations: Vec<Declaration>,
    /// Messages that cannot be read.
    #[serde(default)]
    pub messages: Vec<Message>,
}

/// A certificate to deliver.
#[derive(Debug, Deserialize)]
pub struct Certificate {
    /// File.
    pub file: String,
    /// Who delivers it, if not its authority.
    #[serde(default)]
    pub sender: Option<String>,
}

/// A declaration to lodge, and what comes of it.
#[derive(Debug, Deserialize)]
pub struct Declaration {
    /// File.
    pub file: String,
    /// Verdict.
    pub verdict: String,
    /// Findings, in any order.
    pub findings: Vec<Finding>,
}

/// A finding, as far as a case states it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Rule set.
    pub rule_set: String,
    /// Rule.
    pub rule: String,
    /// Severity.
    pub severity: String,
    /// Sequence number of the item; none for the declaration as a whole.
    #[serde(default)]
    pub item: Option<u32>,
}

/// A message that cannot be read.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// File.
    pub file: String,
    /// Codes of the problems.
    pub problems: Vec<String>,
}

/// Reads the index.
///
/// # Panics
///
/// When it is not there or not as described.
#[must_use]
pub fn index() -> Index {
    serde_json::from_slice(&file("examples/messages/index.json")).expect("the index is as described")
}

/// A message of a case.
#[must_use]
pub fn message(path: &str) -> Vec<u8> {
    file(&format!("examples/messages/{path}"))
}

/// Countries whose certificates the examples hold; a hub agreed with all of
/// them delivers for their authorities.
pub const COUNTRIES: [&str; 19] = [
    "AR", "AU", "BE", "BR", "BY", "CL", "ES", "ET", "FR", "GB", "IE", "KE", "KZ", "MO", "NL", "NO", "NZ",
    "TH", "ZA",
];
