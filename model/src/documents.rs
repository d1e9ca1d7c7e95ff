// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! The documents that messages carry.

/// A status message or acknowledgement (`SPSAcknowledgement`, hub answers).
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Acknowledgement {
    /// Its number, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<crate::values::Identifier>,
    /// Status that it reports (UNCL 4405 or the sender's list).
    pub status: crate::values::Code,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<crate::values::DateTime>,
    /// Reasons, in the sender's words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<crate::values::Text>,
    /// What it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<crate::parts::ReferencedDocument>,
    /// What the model does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<crate::values::Extension>,
    /// Where it was read.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Acknowledgement {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.number, walker);
        crate::walk::Walk::walk(&self.status, walker);
        crate::walk::Walk::walk(&self.issued, walker);
        crate::walk::Walk::walk(&self.reasons, walker);
        crate::walk::Walk::walk(&self.subjects, walker);
        crate::walk::Walk::walk(&self.extensions, walker);
        walker.place(self.place);
    }
}

/// A message inside a message. The host cuts it out at its place, undoes
/// the encoding and routes it as if it had come alone, so the adapter of
/// an envelope need not know what is inside. Depth is limited.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct EmbeddedMessage {
    /// Format as the envelope names it, when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// How its bytes stand in the envelope.
    pub encoding: crate::parts::AttachmentEncoding,
    /// Sender as the envelope names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<crate::values::Identifier>,
    /// Receiver as the envelope names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<crate::values::Identifier>,
    /// What the envelope says of the certificate inside, by the names
    /// `number`, `type` (UNCL 1001) and `status` (UNCL 4405). The host
    /// refuses a message whose certificate says otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<crate::values::Extension>,
    /// Where its content stands.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for EmbeddedMessage {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.sender, walker);
        crate::walk::Walk::walk(&self.receiver, walker);
        crate::walk::Walk::walk(&self.claims, walker);
        walker.place(self.place);
    }
}

/// One document of a message.
#[allow(clippy::large_enum_variant, reason = "the component model has no boxes")]
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(variant))]
pub enum Document {
    /// A certificate.
    #[cfg_attr(feature = "host", component(name = "certificate"))]
    Certificate(crate::certificates::Certificate),
    /// A customs declaration.
    #[cfg_attr(feature = "host", component(name = "declaration"))]
    Declaration(crate::declarations::Declaration),
    /// What became of a message or a certificate.
    #[cfg_attr(feature = "host", component(name = "acknowledgement"))]
    Acknowledgement(crate::documents::Acknowledgement),
    /// Another message inside this one.
    #[cfg_attr(feature = "host", component(name = "embedded"))]
    Embedded(crate::documents::EmbeddedMessage),
}

impl Default for Document {
    fn default() -> Self {
        Self::Certificate(Default::default())
    }
}

impl crate::walk::Walk for Document {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        match self {
            Self::Certificate(value) => crate::walk::Walk::walk(value, walker),
            Self::Declaration(value) => crate::walk::Walk::walk(value, walker),
            Self::Acknowledgement(value) => crate::walk::Walk::walk(value, walker),
            Self::Embedded(value) => crate::walk::Walk::walk(value, walker),
        }
    }
}
