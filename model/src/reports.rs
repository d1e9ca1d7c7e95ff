// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! What a rule set answers.

/// What a rule came to.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(variant))]
pub enum Verdict {
    /// Checked, and as it should be.
    #[cfg_attr(feature = "host", component(name = "passed"))]
    #[default]
    Passed,
    /// Checked, and not as it should be. A finding says how.
    #[cfg_attr(feature = "host", component(name = "failed"))]
    Failed,
    /// Nothing to check, or a prerequisite failed.
    #[cfg_attr(feature = "host", component(name = "not-applicable"))]
    NotApplicable,
    /// Could not be checked: index, into the rule's `needs` in the
    /// manifest, of what was missing.
    #[cfg_attr(feature = "host", component(name = "not-evaluable"))]
    NotEvaluable(u16),
}

/// What one rule came to on one item.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Outcome {
    /// Index of the rule in the manifest.
    pub rule: u16,
    /// Index of the item in the declaration; none for a rule on the
    /// declaration as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// What it came to.
    pub verdict: crate::reports::Verdict,
}

/// How grave a finding is. The order is from the least to the gravest.
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
pub enum Severity {
    /// Lawful, worth knowing. Never stops a release.
    #[cfg_attr(feature = "host", component(name = "information"))]
    #[default]
    Information,
    /// Unusual. Never stops a release.
    #[cfg_attr(feature = "host", component(name = "warning"))]
    Warning,
    /// Declaration and certificate disagree: an officer must look.
    #[cfg_attr(feature = "host", component(name = "discrepancy"))]
    Discrepancy,
    /// The goods must not enter.
    #[cfg_attr(feature = "host", component(name = "prohibition"))]
    Prohibition,
}

/// A value shown in a finding, typed so that every language can write it
/// its own way.
#[allow(clippy::large_enum_variant, reason = "the component model has no boxes")]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(variant))]
pub enum Value {
    /// Plain text, shown as it is.
    #[cfg_attr(feature = "host", component(name = "text"))]
    Text(String),
    /// A number.
    #[cfg_attr(feature = "host", component(name = "number"))]
    Number(crate::values::Decimal),
    /// A quantity.
    #[cfg_attr(feature = "host", component(name = "quantity"))]
    Quantity(crate::values::Measure),
    /// A date.
    #[cfg_attr(feature = "host", component(name = "date"))]
    Date(crate::values::Date),
    /// A code with its list, shown with its meaning where known.
    #[cfg_attr(feature = "host", component(name = "code"))]
    Code(crate::values::Code),
}

impl Default for Value {
    fn default() -> Self {
        Self::Text(Default::default())
    }
}

impl crate::walk::Walk for Value {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        match self {
            Self::Number(value) => crate::walk::Walk::walk(value, walker),
            Self::Quantity(value) => crate::walk::Walk::walk(value, walker),
            Self::Date(value) => crate::walk::Walk::walk(value, walker),
            Self::Code(value) => crate::walk::Walk::walk(value, walker),
            _ => {}
        }
    }
}

/// A named value for the rule's message template.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Argument {
    /// Name as the manifest declares it.
    pub name: String,
    /// Its value.
    pub value: crate::reports::Value,
}

impl crate::walk::Walk for Argument {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.value, walker);
    }
}

/// A place in one of the certificates.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct CertificatePlace {
    /// Index into `case.certificates`.
    pub certificate: u32,
    /// The place in that certificate's message.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for CertificatePlace {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Finding {
    /// Index of the rule in the manifest.
    pub rule: u16,
    /// Index of the item in the declaration; none for the declaration as
    /// a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// How grave it is.
    pub severity: crate::reports::Severity,
    /// Values for the message template.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<crate::reports::Argument>,
    /// What the certificate or the rule leads to expect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<crate::reports::Value>,
    /// What was found instead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actual: Vec<crate::reports::Value>,
    /// Places in the certificates.
    #[cfg_attr(feature = "host", component(name = "certificate-places"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificate_places: Vec<crate::reports::CertificatePlace>,
    /// Places in the declaration.
    #[cfg_attr(feature = "host", component(name = "declaration-places"))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub declaration_places: Vec<crate::values::Place>,
}

impl crate::walk::Walk for Finding {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.arguments, walker);
        crate::walk::Walk::walk(&self.expected, walker);
        crate::walk::Walk::walk(&self.actual, walker);
        crate::walk::Walk::walk(&self.certificate_places, walker);
        self.declaration_places.iter().for_each(|place| walker.place(*place));
    }
}

/// The whole answer: every rule that was due on every item, and the
/// findings.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Report {
    /// Outcomes, ordered by rule, then item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<crate::reports::Outcome>,
    /// Findings, ordered by rule, then item.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<crate::reports::Finding>,
}

impl crate::walk::Walk for Report {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.findings, walker);
    }
}
