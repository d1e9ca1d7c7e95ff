// Written from wit/ by `cargo xtask model`. Change the contract there, then run it again.

//! What an adapter makes of a message.

/// What an adapter takes a message for.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Recognition {
    /// Identifier of the format, one of those the manifest lists.
    pub format: String,
    /// How sure the adapter is, 1 to 100. The host takes the surest.
    pub confidence: u8,
}

/// How grave a problem is.
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
pub enum ProblemSeverity {
    /// Worth knowing; nothing was lost.
    #[cfg_attr(feature = "host", component(name = "information"))]
    #[default]
    Information,
    /// Unusual, but understood.
    #[cfg_attr(feature = "host", component(name = "warning"))]
    Warning,
    /// A value could not be taken over. The document is still there.
    #[cfg_attr(feature = "host", component(name = "error"))]
    Error,
    /// The document cannot be relied on. It is not stored.
    #[cfg_attr(feature = "host", component(name = "fatal"))]
    Fatal,
}

/// Something wrong with a message.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Problem {
    /// Stable code in kebab case, such as `xml-undeclared-prefix`.
    pub code: String,
    /// What is wrong and what would be right, for the sender.
    pub text: String,
    /// How grave it is.
    pub severity: crate::readings::ProblemSeverity,
    /// Where.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Problem {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// A part of the message that the adapter did not take over.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Unmapped {
    /// Path of the element or field, without positions.
    pub path: String,
    /// How often it occurred.
    pub count: u32,
    /// Where it occurred first.
    #[serde(skip_serializing_if = "crate::text::is_whole_message")]
    pub place: crate::values::Place,
}

impl crate::walk::Walk for Unmapped {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        walker.place(self.place);
    }
}

/// One entry of a place table. Paths are trees: an entry names its own
/// step and points to its parent.
#[derive(Clone, Copy, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct PlaceEntry {
    /// The entry above; entry 0 is its own parent.
    pub parent: u32,
    /// Index into `reading.names`: the local name of the element, `@` and
    /// the name of an attribute, the key of a JSON member.
    pub name: u32,
    /// Position among siblings of the same name, from 1; 0 where the
    /// notion has no use (attributes, the root).
    pub ordinal: u32,
    /// First byte, from 0, in the message as received.
    pub start: u32,
    /// First byte behind it.
    pub end: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// All that came of reading a message.
#[derive(Clone, Debug, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "host",
    derive(wasmtime::component::ComponentType, wasmtime::component::Lift, wasmtime::component::Lower)
)]
#[cfg_attr(feature = "host", component(record))]
pub struct Reading {
    /// The documents, complete as far as they could be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<crate::documents::Document>,
    /// What was wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<crate::readings::Problem>,
    /// What was not taken over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<crate::readings::Unmapped>,
    /// The names that places use, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The place table. Entry 0 is the message as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<crate::readings::PlaceEntry>,
}

impl crate::walk::Walk for Reading {
    fn walk(&self, walker: &mut crate::walk::Walker) {
        crate::walk::Walk::walk(&self.documents, walker);
        crate::walk::Walk::walk(&self.problems, walker);
        crate::walk::Walk::walk(&self.unmapped, walker);
    }
}
