//! What an importing country or an agreement may set.

use goods::limits::Quantity;
use goods::parameters::Goods;
use goods::storage::Storage;
use goods::temperature::{Cold, Kept, Temperature};
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
    /// How cold fishery products must be kept.
    #[serde(flatten)]
    pub cold: Cold,
    /// Types of the declared document that is a catch certificate.
    pub catch_certificates: Vec<String>,
    /// Goods that need a catch certificate when they were caught at sea.
    pub catch_certificate_goods: Vec<Goods>,
    /// Areas from which nothing is accepted: catch areas, or regions of origin.
    pub closed_areas: Vec<String>,
    /// Temperatures and times that kill parasites, one of which must be kept.
    pub parasite_freezing: Vec<Freezing>,
    /// Diseases of aquatic animals, by their names in the table
    /// `disease-status`, of which live animals' origin must be free.
    pub aquatic_diseases: Vec<Disease>,
}

impl Default for Parameters {
    fn default() -> Self {
        let of = |prefixes: &[&str]| Goods {
            prefixes: prefixes.iter().map(|&prefix| prefix.into()).collect(),
            ..Goods::default()
        };
        let freezing = |degrees, hours| Freezing {
            temperature: Quantity::new(degrees, 0, "CEL"),
            duration: Quantity::new(hours, 0, "HUR"),
        };
        Self {
            goods: goods::Parameters::default(),
            cold: Cold {
                chilled_maximum: Temperature::celsius(4),
                chilled_minimum: Temperature::celsius(-3),
                ..Cold::default()
            },
            catch_certificates: vec!["C673".into()],
            catch_certificate_goods: vec![of(&["0302", "0303", "0304", "0305", "1604", "1605"])],
            closed_areas: Vec::new(),
            parasite_freezing: vec![freezing(-20, 24), freezing(-35, 15)],
            aquatic_diseases: vec![
                Disease {
                    goods: of(&["030191", "030192", "030199"]),
                    disease: "infectious salmon anaemia".into(),
                },
                Disease { goods: of(&["03063"]), disease: "white spot disease".into() },
            ],
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

    /// Headings that are for frozen, or for fresh or chilled goods alone.
    fn by_heading(code: &str) -> Option<Storage> {
        match code.get(..4)? {
            "0302" => Some(Storage::Chilled),
            "0303" => Some(Storage::Frozen),
            "0306" if code.starts_with("03061") => Some(Storage::Frozen),
            _ => None,
        }
    }
}

/// A temperature and how long goods must be frozen to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Freezing {
    /// The warmest.
    pub temperature: Quantity,
    /// The shortest time.
    pub duration: Quantity,
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
