//! What an agreement may set.

use goods::parameters::Goods;
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
    /// Name, in the table `disease-status`, of the fruit fly whose outbreak
    /// areas are closed.
    pub fruit_fly: String,
    /// Name, in the same table, of the moth from whose areas fruit must be
    /// treated, and the goods it lives on.
    pub moth: String,
    /// Fruit that the moth lives on.
    pub moth_hosts: Vec<String>,
    /// Treatments (UNCL 7187) against the moth.
    pub moth_treatments: Vec<String>,
    /// Words that must stand on each box, and the goods they are for.
    pub labels: Vec<Label>,
}

impl Default for Parameters {
    fn default() -> Self {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.into()).collect();
        Self {
            protocol: protocol::Parameters::default(),
            fruit_fly: "ceratitis capitata".into(),
            moth: "lobesia botrana".into(),
            moth_hosts: owned(&["0806", "080940", "081040"]),
            moth_treatments: owned(&["74", "77", "17"]),
            labels: Vec::new(),
        }
    }
}

impl AsRef<protocol::Parameters> for Parameters {
    fn as_ref(&self) -> &protocol::Parameters {
        &self.protocol
    }
}

/// Words on boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Label {
    /// The goods.
    #[serde(flatten)]
    pub goods: Goods,
    /// The words.
    pub words: String,
}
