//! The manifest: how a plugin describes itself.
//!
//! JSON with a schema version of its own, in the custom section
//! [`SECTION`] of the component and byte-equal to `describe()`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::reports::Severity;
use crate::values::Date;

/// Custom section that holds the manifest.
pub const SECTION: &str = "ecert:manifest";
/// Custom section that holds the contract version, such as `0.1.0`. It is read
/// before anything is instantiated.
pub const CONTRACT_SECTION: &str = "ecert:contract";
/// Custom section that holds a plugin's fixtures: how many there are and how
/// many bytes they take (two numbers of four bytes, little-endian), then their
/// JSON, compressed with zstd. It may be missing.
pub const FIXTURES_SECTION: &str = "ecert:fixtures";
/// Version of the contract in `wit/` that this crate is the Rust form of.
pub const CONTRACT: &str = "0.1.0";
/// Version of the manifest's own schema.
pub const SCHEMA: u32 = 1;

/// A text in several languages, by BCP 47 tag (`en`, `zh`).
pub type Localised = BTreeMap<String, String>;

/// What a plugin says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Version of the manifest's schema: [`SCHEMA`].
    pub schema: u32,
    /// Name in kebab case, unique in a host.
    pub name: String,
    /// Version of the plugin (semantic versioning).
    pub version: String,
    /// Adapter or rule set.
    pub kind: Kind,
    /// Titles for people.
    pub titles: Localised,
    /// Formats an adapter reads and writes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<Format>,
    /// What kind of rule set it is (`consistency`, `meat`): the requirement
    /// table names the kinds an item needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_kind: Option<String>,
    /// Alternatives; a rule set runs on an item that one of them covers.
    /// Empty covers everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<Scope>,
    /// First decision date it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last decision date it is meant for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The rules, in the order that reports count them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// JSON Schema of the parameters (draft 2020-12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    /// Reference tables it looks up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
}

/// The kinds of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Exports `adapter`.
    FormatAdapter,
    /// Exports `rules`.
    RuleSet,
}

/// A message format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Format {
    /// Identifier, such as `uncefact-sps-17`.
    pub id: String,
    /// Titles for people.
    pub titles: Localised,
    /// Media types it travels as.
    pub media_types: Vec<String>,
    /// Whether the adapter reads it.
    pub reads: bool,
    /// Whether the adapter writes it.
    pub writes: bool,
}

/// One alternative of a scope: all that it names must hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// Countries of origin (ISO 3166-1 alpha-2); empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Prefixes of the commodity code (Harmonized System); empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hs_prefixes: Vec<String>,
    /// Certificate types (UNCL 1001); empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificate_types: Vec<String>,
    /// Direction of the declaration; none means any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<crate::declarations::Direction>,
}

/// What a rule is judged on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// Each due item by itself.
    #[default]
    Item,
    /// The declaration as a whole.
    Declaration,
}

/// The date whose law governs a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoverningDate {
    /// Decision date of the case.
    #[default]
    Decision,
    /// Issue date of the certificate.
    Issue,
    /// Dispatch of the goods.
    Dispatch,
    /// Arrival of the goods.
    Arrival,
    /// Production or slaughter.
    Production,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Identifier in kebab case, unique in the rule set.
    pub id: String,
    /// What it demands, for people.
    pub titles: Localised,
    /// What it is judged on.
    #[serde(default)]
    pub subject: Subject,
    /// Severity of its findings unless a parameter says otherwise.
    pub severity: Severity,
    /// The kind of law, protocol or standard it stands for.
    pub legal_basis: String,
    /// Where officers read more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The date that governs it.
    #[serde(default)]
    pub governed_by: GoverningDate,
    /// First governing date it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// Last governing date it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// Rules that must not have failed for this one to be applicable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prerequisites: Vec<String>,
    /// Names of what it needs; outcome `not-evaluable(n)` says that number n
    /// of them was missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Message template per language; `{name}` stands for an argument.
    pub messages: Localised,
    /// Names of the arguments of its messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
}

/// How a table's last key column is matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// Equal.
    #[default]
    Exact,
    /// The row whose last key column is the longest prefix of the key's.
    LongestPrefix,
}

/// A reference table a rule set looks up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// Name of the table.
    pub name: String,
    /// Columns that form the key, in the order of a look-up.
    pub keys: Vec<String>,
    /// Columns that a look-up answers, in order.
    pub columns: Vec<String>,
    /// How the key is matched.
    #[serde(default)]
    pub matching: Match,
}
