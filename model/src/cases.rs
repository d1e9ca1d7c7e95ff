// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! What a rule set is asked to judge.

/// How a certificate reached the host.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum Channel {
    /// Delivered by its authority or an agreed hub.
    #[cfg_attr(feature = "host", component(name = "delivery"))]
    #[default]
    Delivery,
    /// Fetched from its authority.
    #[cfg_attr(feature = "host", component(name = "query"))]
    Query,
    /// Handed in with the declaration or by its declarant.
    #[cfg_attr(feature = "host", component(name = "submission"))]
    Submission,
    /// Entered by an officer from paper.
    #[cfg_attr(feature = "host", component(name = "paper"))]
    Paper,
    /// Given for a trial, to the command line or in a dry run: nobody
    /// delivered it.
    #[cfg_attr(feature = "host", component(name = "offline"))]
    Offline,
}

/// How far the sender of a certificate was established.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum Authenticity {
    /// Its authority, or a hub agreed with it.
    #[cfg_attr(feature = "host", component(name = "authentic"))]
    #[default]
    Authentic,
    /// Known, but not entitled to deliver for this country.
    #[cfg_attr(feature = "host", component(name = "not-entitled"))]
    NotEntitled,
    /// Not established.
    #[cfg_attr(feature = "host", component(name = "unknown"))]
    Unknown,
}

/// What the host knows of a certificate beyond what it says itself.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Standing {
    /// Status that holds now (UNCL 4405).
    pub status: crate::values::Code,
    /// Since when it holds, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<crate::values::DateTime>,
    /// The certificate that replaced it, where known.
    #[cfg_attr(feature = "host", component(name = "replaced-by"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<crate::values::Identifier>,
    /// When the first certificate of its chain of replacements was
    /// issued, where the chain is known that far.
    #[cfg_attr(feature = "host", component(name = "first-issued"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_issued: Option<crate::values::DateTime>,
    /// When the host received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<crate::values::DateTime>,
    /// How it reached the host.
    pub channel: crate::cases::Channel,
    /// Whether its sender may speak for its authority.
    pub authenticity: crate::cases::Authenticity,
    /// Whether its authority is known for its country and type; none
    /// where the host holds no such register.
    #[cfg_attr(feature = "host", component(name = "authority-known"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_known: Option<bool>,
}

impl crate::walk::Walk for Standing {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.status, walker);
        crate::walk::Walk::walk(&self.since, walker);
        crate::walk::Walk::walk(&self.replaced_by, walker);
        crate::walk::Walk::walk(&self.first_issued, walker);
        crate::walk::Walk::walk(&self.received, walker);
    }
}

/// A certificate and where it stands.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct CitedCertificate {
    /// The certificate as last received.
    pub certificate: crate::certificates::Certificate,
    /// What the host knows about it.
    pub standing: crate::cases::Standing,
}

impl crate::walk::Walk for CitedCertificate {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.certificate, walker);
        crate::walk::Walk::walk(&self.standing, walker);
    }
}

/// What became of a citation.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum Resolution {
    /// A certificate was found.
    #[cfg_attr(feature = "host", component(name = "resolved"))]
    #[default]
    Resolved,
    /// No certificate of that number is there.
    #[cfg_attr(feature = "host", component(name = "not-found"))]
    NotFound,
    /// Several certificates bear the number.
    #[cfg_attr(feature = "host", component(name = "ambiguous"))]
    Ambiguous,
    /// The declared document is not a certificate.
    #[cfg_attr(feature = "host", component(name = "not-a-certificate"))]
    NotACertificate,
    /// The declaration claims that no certificate is needed.
    #[cfg_attr(feature = "host", component(name = "exempted"))]
    Exempted,
}

/// A supporting document of an item, and the certificate it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Citation {
    /// Index of the item in the declaration; none for a document of the
    /// whole declaration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// Index of the document in the item's (or the declaration's) list.
    pub document: u32,
    /// What became of it.
    pub resolution: crate::cases::Resolution,
    /// Index into `case.certificates`, when resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<u32>,
}

/// Why an item and a certificate line were taken to belong together.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum PairingBasis {
    /// The declaration names the line.
    #[cfg_attr(feature = "host", component(name = "line-reference"))]
    #[default]
    LineReference,
    /// Only one line of the cited certificates can be meant by the code.
    #[cfg_attr(feature = "host", component(name = "unique-code"))]
    UniqueCode,
    /// An officer said so.
    #[cfg_attr(feature = "host", component(name = "officer"))]
    Officer,
    /// Several lines can be meant: a suggestion, never a decision.
    #[cfg_attr(feature = "host", component(name = "ambiguous"))]
    Ambiguous,
}

/// A goods item and a certificate line that belong together. Several
/// items may share a line, several lines an item.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Pairing {
    /// Index of the item in the declaration.
    pub item: u32,
    /// Index into `case.certificates`.
    pub certificate: u32,
    /// Index of the line in the certificate's consignment.
    pub line: u32,
    /// Why.
    pub basis: crate::cases::PairingBasis,
}

/// An item that is due.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct DueItem {
    /// Index of the item in the declaration.
    pub item: u32,
    /// Index into `case.parameters`.
    pub parameters: u32,
}

/// Where the decision date comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(enum))]
#[repr(u8)]
pub enum DecisionBasis {
    /// Acceptance of the declaration by customs.
    #[cfg_attr(feature = "host", component(name = "acceptance"))]
    #[default]
    Acceptance,
    /// Receipt by this host, since no acceptance is known.
    #[cfg_attr(feature = "host", component(name = "receipt"))]
    Receipt,
}

/// The dates that decide, in the authority's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct CaseDates {
    /// The day whose law applies.
    pub decision: crate::values::Date,
    /// Where it comes from.
    pub basis: crate::cases::DecisionBasis,
    /// The day the host received the declaration.
    pub received: crate::values::Date,
    /// Arrival of the goods, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<crate::values::Date>,
    /// Dispatch of the goods, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispatch: Option<crate::values::Date>,
}

impl crate::walk::Walk for CaseDates {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.decision, walker);
        crate::walk::Walk::walk(&self.received, walker);
        crate::walk::Walk::walk(&self.arrival, walker);
        crate::walk::Walk::walk(&self.dispatch, walker);
    }
}

/// One declaration with all that is to be compared with it.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Case {
    /// The declaration.
    pub declaration: crate::declarations::Declaration,
    /// The certificates it cites, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<crate::cases::CitedCertificate>,
    /// What became of each citation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<crate::cases::Citation>,
    /// Which goods items belong to which certificate lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairings: Vec<crate::cases::Pairing>,
    /// The items this rule set has to judge. A finding elsewhere is
    /// refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub due: Vec<crate::cases::DueItem>,
    /// Parameter texts (JSON, after the manifest's schema) that `due`
    /// refers to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
    /// The dates that decide.
    pub dates: crate::cases::CaseDates,
}

impl crate::walk::Walk for Case {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.declaration, walker);
        crate::walk::Walk::walk(&self.certificates, walker);
        crate::walk::Walk::walk(&self.dates, walker);
    }
}
