//! What agreements may set.

use std::collections::BTreeMap;

use ecert_sdk::decimal::Tolerance;
use ecert_sdk::model::values::Decimal;
use ecert_sdk::unit::Family;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters of the rule set.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// Tolerances by unit (Recommendation 20). That of the declared unit
    /// counts, else that of its family's base (KGM, LTR, C62). Without one,
    /// weights may exceed the certified by a kilogram and volumes by a litre;
    /// numbers of pieces may not exceed it.
    pub tolerances: BTreeMap<String, Tolerance>,
    /// Tolerance of numbers of packages.
    pub package_tolerance: Tolerance,
    /// Tolerance of the total gross weight, in kilograms; 5 percent without
    /// one, since pallets are weighed along or not.
    pub gross_weight_tolerance: Option<Tolerance>,
    /// Before what a certificate must be issued, by its type (UNCL 1001).
    /// Without an entry: before departure.
    pub issued_before: BTreeMap<String, Movement>,
    /// On which day a certificate must be valid.
    pub valid_on: ValidOn,
    /// Types of certificate that commodities travel on. The longest prefix
    /// counts, before the rule set's own table.
    pub document_types: Vec<DocumentTypes>,
    /// Exemptions granted: prefixes of commodity codes for which a declared
    /// exemption from the certificate is accepted.
    pub exemptions: Vec<Exemption>,
}

/// What a certificate must be issued before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Movement {
    /// Departure from the exporting country.
    Departure,
    /// Arrival in the importing country.
    Arrival,
}

/// On which day a certificate must be valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ValidOn {
    /// The day whose law decides.
    #[default]
    Decision,
    /// The day the goods arrived, where known.
    Arrival,
}

/// Types of certificate for a commodity.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct DocumentTypes {
    /// Prefix of the commodity code.
    pub prefix: String,
    /// Types (UNCL 1001); empty demands nothing.
    pub types: Vec<String>,
}

/// A granted exemption.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Exemption {
    /// Prefix of the commodity code; empty for all.
    #[serde(default)]
    pub prefix: String,
    /// Type of the document as declared (`N851`); empty for all.
    #[serde(default)]
    pub document: String,
    /// Status that claims the exemption; empty for all.
    #[serde(default)]
    pub status: String,
}

const ONE: Decimal = Decimal { coefficient: 1, scale: 0 };
const ONE_MORE: Tolerance = Tolerance { absolute: Some(ONE), percent: None, decimals: None };
const FIVE_PERCENT: Tolerance =
    Tolerance { absolute: None, percent: Some(Decimal { coefficient: 5, scale: 0 }), decimals: None };
const NOTHING: Tolerance = Tolerance { absolute: None, percent: None, decimals: None };

impl Parameters {
    /// The tolerance for a unit of a family, and whether its numbers are in
    /// that unit; else they are in the family's base.
    pub(crate) fn tolerance(&self, unit: &str, family: Option<Family>) -> (Tolerance, bool) {
        if let Some(tolerance) = self.tolerances.get(unit) {
            return (*tolerance, true);
        }
        let base = family.and_then(base).and_then(|base| self.tolerances.get(base));
        let fallback = match family {
            Some(Family::Mass | Family::Volume) => ONE_MORE,
            _ => NOTHING,
        };
        (base.copied().unwrap_or(fallback), false)
    }

    pub(crate) fn gross_tolerance(&self) -> Tolerance {
        self.gross_weight_tolerance.unwrap_or(FIVE_PERCENT)
    }

    pub(crate) fn issued_before(&self, certificate_type: &str) -> Movement {
        self.issued_before.get(certificate_type).copied().unwrap_or(Movement::Departure)
    }
}

/// Code of the unit that a family converts through.
pub(crate) fn base(family: Family) -> Option<&'static str> {
    match family {
        Family::Mass => Some("KGM"),
        Family::Volume => Some("LTR"),
        Family::Length => Some("MTR"),
        Family::Area => Some("MTK"),
        Family::Count => Some("C62"),
        Family::MassRatio | Family::Pressure | Family::Time | Family::Temperature => None,
    }
}
