//! What an importing country or an agreement may set.

use goods::parameters::Goods;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set. All have defaults; an agreement states what
/// differs.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// What holds for every commodity.
    #[serde(flatten)]
    pub goods: goods::Parameters,
    /// Animals that must be identified one by one.
    pub identified: Vec<Goods>,
    /// Quarantine before dispatch.
    pub quarantine: Vec<Quarantine>,
    /// The most days between the end of quarantine and dispatch.
    pub days_after_quarantine: u16,
    /// Tests and when they must have been done.
    pub tests: Vec<Window>,
    /// Vaccinations and when they must have been done.
    pub vaccinations: Vec<Window>,
    /// The most days between the clinical examination and dispatch.
    pub examination_days: u16,
    /// The fewest days the animals must have lived on the holding of origin.
    pub residence_days: Vec<Days>,
    /// The youngest age at dispatch, in days.
    pub minimum_age: Vec<Days>,
    /// Diseases, by their names in the table `disease-status`, of which origin
    /// and transit must be free.
    pub diseases: Vec<Disease>,
}

impl Default for Parameters {
    fn default() -> Self {
        let of = |prefixes: &[&str]| Goods {
            prefixes: prefixes.iter().map(|&prefix| prefix.into()).collect(),
            ..Goods::default()
        };
        Self {
            goods: goods::Parameters::default(),
            identified: vec![of(&["0101", "0102", "0104"])],
            quarantine: Vec::new(),
            days_after_quarantine: 2,
            tests: Vec::new(),
            vaccinations: Vec::new(),
            examination_days: 2,
            residence_days: Vec::new(),
            minimum_age: Vec::new(),
            diseases: vec![
                Disease { goods: of(&["0102", "0103", "0104"]), disease: "foot-and-mouth disease".into() },
                Disease { goods: of(&["0105"]), disease: "avian influenza".into() },
                Disease { goods: of(&["0101"]), disease: "african horse sickness".into() },
                Disease { goods: of(&["010641"]), disease: "small hive beetle".into() },
            ],
        }
    }
}

impl AsRef<goods::Parameters> for Parameters {
    fn as_ref(&self) -> &goods::Parameters {
        &self.goods
    }
}

/// Quarantine (pre-export isolation) of some animals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Quarantine {
    /// The animals.
    #[serde(flatten)]
    pub goods: Goods,
    /// The fewest days.
    pub days: u16,
}

/// So many days for some animals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Days {
    /// The animals.
    #[serde(flatten)]
    pub goods: Goods,
    /// How many days.
    pub days: u16,
}

/// A disease that matters for some animals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Disease {
    /// The animals.
    #[serde(flatten)]
    pub goods: Goods,
    /// Its name in the table `disease-status`.
    pub disease: String,
}

/// When a test or a vaccination must have been done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Window {
    /// The animals.
    #[serde(flatten)]
    pub goods: Goods,
    /// What for, for the officer.
    pub name: String,
    /// Codes or names of it: any of them will do.
    pub any_of: Vec<String>,
    /// The fewest days before dispatch.
    pub earliest_days: u16,
    /// The most days before dispatch.
    pub latest_days: u16,
}
