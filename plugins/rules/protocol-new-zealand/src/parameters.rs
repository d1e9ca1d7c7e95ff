//! What an agreement may set.

use goods::limits::Quantity;
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
    /// The least of each marker that makes honey mānuka honey.
    pub manuka_markers: Vec<Marker>,
    /// Regular expression that each number of an animal matches.
    pub animal_number: String,
    /// The most days between slaughter and arrival of chilled meat.
    pub chilled_days: u16,
}

impl Default for Parameters {
    fn default() -> Self {
        let marker = |names: &[&str], least| Marker {
            any_of: names.iter().map(|&name| name.into()).collect(),
            least: Quantity::new(least, 0, "NA"),
        };
        Self {
            protocol: protocol::Parameters::default(),
            manuka_markers: vec![
                marker(&["3-phenyllactic acid", "3-PLA"], 20),
                marker(&["2'-methoxyacetophenone", "2-MAP"], 1),
                marker(&["2-methoxybenzoic acid", "2-MBA"], 1),
                marker(&["4-hydroxyphenyllactic acid", "4-HPLA"], 1),
            ],
            // ISO 11784: fifteen digits.
            animal_number: "[0-9]{15}".into(),
            chilled_days: 90,
        }
    }
}

impl AsRef<protocol::Parameters> for Parameters {
    fn as_ref(&self) -> &protocol::Parameters {
        &self.protocol
    }
}

/// A chemical marker of mānuka honey.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Marker {
    /// Names of the substance: any of them will do; the first is for the
    /// officer.
    pub any_of: Vec<String>,
    /// The least that must have been measured.
    pub least: Quantity,
}
