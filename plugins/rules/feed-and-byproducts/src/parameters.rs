//! What an importing country or an agreement may set.

use goods::limits::Quantity;
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
    /// Categories of by-products that may become feed.
    pub feed_categories: Vec<String>,
    /// Categories of by-products that may be imported at all.
    pub categories: Vec<String>,
    /// Processing methods and what each must reach.
    pub methods: Vec<Method>,
    /// Species whose material is refused from some origins.
    pub refused: Vec<Refused>,
    /// Disease, by its name in the table `disease-status`, and the treatments
    /// (UNCL 7187) that make goods from an affected origin safe.
    pub diseases: Vec<Disease>,
    /// The fewest days that hides and skins must have been salted.
    pub salting_days: u16,
    /// Types of the declared document that bears a feed's registration.
    pub registration_documents: Vec<String>,
    /// Prefixes of feed that must be registered.
    pub registered: Vec<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        let owned = |texts: &[&str]| -> Vec<String> { texts.iter().map(|&text| text.into()).collect() };
        let of = |prefixes: &[&str]| Goods { prefixes: owned(prefixes), ..Goods::default() };
        let method = |name: &str, degrees, minutes, bars: Option<i64>| Method {
            name: name.into(),
            temperature: Quantity::new(degrees, 0, "CEL"),
            duration: Quantity::new(minutes, 0, "MIN"),
            pressure: bars.map(|bars| Quantity::new(bars, 0, "BAR")),
        };
        Self {
            goods: goods::Parameters::default(),
            feed_categories: owned(&["3"]),
            categories: owned(&["2", "3"]),
            methods: vec![
                method("1", 133, 20, Some(3)),
                method("2", 100, 125, None),
                method("3", 100, 95, None),
                method("4", 100, 16, None),
            ],
            refused: Vec::new(),
            diseases: vec![
                Disease {
                    goods: of(&["4101", "4102", "0511", "5101"]),
                    disease: "foot-and-mouth disease".into(),
                    treatments: owned(&["SALTING", "99", "93", "95", "82"]),
                },
                Disease {
                    goods: of(&["0505"]),
                    disease: "avian influenza".into(),
                    treatments: owned(&["82", "95", "99"]),
                },
            ],
            salting_days: 14,
            registration_documents: owned(&["FEED", "519"]),
            registered: owned(&["2309"]),
        }
    }
}

impl AsRef<goods::Parameters> for Parameters {
    fn as_ref(&self) -> &goods::Parameters {
        &self.goods
    }
}

/// A processing method for animal by-products.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// Its number or name, as certificates state it.
    pub name: String,
    /// The lowest core temperature.
    pub temperature: Quantity,
    /// The shortest time at that temperature.
    pub duration: Quantity,
    /// The lowest absolute pressure, where the method needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pressure: Option<Quantity>,
}

/// Material that is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Refused {
    /// The goods, and the origins from which it is refused.
    #[serde(flatten)]
    pub goods: Goods,
    /// Species by the names findings give them (`bovine`, `ovine` …).
    pub species: Vec<String>,
}

/// A disease that matters for some goods, and what makes them safe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Disease {
    /// The goods.
    #[serde(flatten)]
    pub goods: Goods,
    /// Its name in the table `disease-status`.
    pub disease: String,
    /// Treatments that make them safe.
    pub treatments: Vec<String>,
}
