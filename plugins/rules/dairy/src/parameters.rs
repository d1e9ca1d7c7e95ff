//! What an importing country or an agreement may set.

use std::collections::BTreeMap;

use goods::limits::Quantity;
use goods::storage::Storage;
use goods::temperature::{Cold, Kept};
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
    /// How cold dairy products must be kept.
    #[serde(flatten)]
    pub cold: Cold,
    /// Heat treatments that count as such, and what each must reach.
    pub heat_treatments: Vec<HeatTreatment>,
    /// Cheese and other products that may be of raw milk once they have
    /// matured.
    pub raw_milk: RawMilk,
    /// Name, in the table `disease-status`, of the disease that asks for a
    /// severe heat treatment.
    pub milk_disease: String,
    /// Countries from which an origin may take its milk, the origin itself
    /// aside; an origin that is not named may take it from anywhere.
    pub milk_sources: BTreeMap<String, Vec<String>>,
    /// What infant formula must have besides.
    pub infant: Infant,
}

impl Default for Parameters {
    fn default() -> Self {
        let minimum = |degrees, duration: i64, unit: &str| Minimum {
            temperature: Quantity::new(degrees, 0, "CEL"),
            duration: Quantity::new(duration, 0, unit),
        };
        let treatment = |name: &str, codes: &[&str], minimums, severe| HeatTreatment {
            name: name.into(),
            codes: codes.iter().map(|&code| code.into()).collect(),
            minimums,
            severe,
        };
        Self {
            goods: goods::Parameters::default(),
            cold: Cold::default(),
            // Codex CXC 57: the minimums of each kind of treatment.
            heat_treatments: vec![
                treatment(
                    "pasteurisation",
                    &["101", "PAST"],
                    vec![minimum(63, 30, "MIN"), minimum(72, 15, "SEC")],
                    false,
                ),
                treatment("ultra-high temperature", &["UHT"], vec![minimum(135, 1, "SEC")], true),
                treatment(
                    "sterilisation",
                    &["14", "STER"],
                    vec![minimum(115, 13, "MIN"), minimum(121, 3, "MIN")],
                    true,
                ),
            ],
            raw_milk: RawMilk { prefixes: vec!["0406".into()], days: 60 },
            milk_disease: "foot-and-mouth disease".into(),
            milk_sources: BTreeMap::new(),
            infant: Infant::default(),
        }
    }
}

impl AsRef<goods::Parameters> for Parameters {
    fn as_ref(&self) -> &goods::Parameters {
        &self.goods
    }
}

impl Kept for Parameters {
    fn cold(&self) -> &Cold {
        &self.cold
    }

    fn by_heading(code: &str) -> Option<Storage> {
        code.starts_with("2105").then_some(Storage::Frozen)
    }
}

/// A kind of heat treatment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct HeatTreatment {
    /// Name, for the officer.
    pub name: String,
    /// Types of process that are this treatment (UNCL 7187 or a partner's).
    pub codes: Vec<String>,
    /// Temperatures and times, one of which must be reached.
    pub minimums: Vec<Minimum>,
    /// Whether it inactivates the virus of the disease that asks for a severe
    /// treatment.
    pub severe: bool,
}

/// A temperature and how long it must be held at least.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Minimum {
    /// The lowest temperature.
    pub temperature: Quantity,
    /// The shortest time at that temperature.
    pub duration: Quantity,
}

/// Products of raw milk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct RawMilk {
    /// Prefixes of the commodity codes they may have.
    pub prefixes: Vec<String>,
    /// Days they must have matured.
    pub days: u16,
}

/// What infant formula must have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Infant {
    /// Prefixes of its commodity codes.
    pub prefixes: Vec<String>,
    /// Types of the declared document that bears the registration of the
    /// overseas producer.
    pub registration_documents: Vec<String>,
    /// Analyses that every certificate line must show, by code or name.
    pub analyses: Vec<String>,
    /// The largest retail package.
    pub largest_package: Quantity,
}

impl Default for Infant {
    fn default() -> Self {
        Self {
            prefixes: vec!["190110".into()],
            registration_documents: vec!["519".into()],
            analyses: vec!["Cronobacter".into(), "Salmonella".into()],
            largest_package: Quantity::new(25, 1, "KGM"),
        }
    }
}
