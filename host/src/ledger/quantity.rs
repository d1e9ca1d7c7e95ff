//! Exact amounts in comparable units.

use std::fmt;

use ecert_model::values::{Decimal, Measure};
use serde::Serialize;

/// Billionths that make one.
const ONE: i128 = 1_000_000_000;

/// What is counted. Each kind has an account of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Net weight.
    Weight,
    /// Net volume.
    Volume,
    /// Animals or pieces.
    Count,
    /// Packages.
    Packages,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Weight, Self::Volume, Self::Count, Self::Packages];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Volume => "volume",
            Self::Count => "count",
            Self::Packages => "packages",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A number of units, exact to a billionth: micrograms where the unit is the
/// kilogram, which leaves room for nine million tonnes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub(super) i64);

impl Amount {
    /// The amount, if it is not negative, neither too large nor too fine.
    #[must_use]
    pub fn new(value: Decimal) -> Option<Self> {
        Self::scaled(value, 1, 1)
    }

    /// The amount in billionths of its unit.
    #[must_use]
    pub fn billionths(self) -> i64 {
        self.0
    }

    /// `value` × `factor` ÷ `divisor`.
    fn scaled(value: Decimal, factor: i128, divisor: i128) -> Option<Self> {
        let numerator = i128::from(value.coefficient).checked_mul(factor)?.checked_mul(ONE)?;
        let denominator = 10_i128.checked_pow(value.scale.into())?.checked_mul(divisor)?;
        if numerator < 0 || numerator % denominator != 0 {
            return None;
        }
        i64::try_from(numerator / denominator).ok().map(Self)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut value = Decimal { coefficient: self.0, scale: 9 };
        while value.scale > 0 && value.coefficient % 10 == 0 {
            value = Decimal { coefficient: value.coefficient / 10, scale: value.scale - 1 };
        }
        value.fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An amount of something in its family's base unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// What is counted.
    pub kind: Kind,
    /// How much.
    pub amount: Amount,
    /// Base unit of its family (UN/ECE Recommendation 20): `KGM` for masses,
    /// `H87` for pieces; a unit without a family stands for itself. Packages
    /// have none.
    pub unit: String,
}

impl Quantity {
    /// The quantity a message states; none without a unit or where it cannot
    /// be held exactly: such a quantity cannot be validated.
    #[must_use]
    pub fn from_measure(kind: Kind, measure: &Measure) -> Option<Self> {
        let unit = measure.unit.as_deref()?;
        let (base, factor, divisor) = family(unit);
        let amount = Amount::scaled(measure.value, factor, divisor)?;
        Some(Self { kind, amount, unit: base.into() })
    }

    /// A number of packages.
    #[must_use]
    pub fn packages(number: Decimal) -> Option<Self> {
        Some(Self { kind: Kind::Packages, amount: Amount::new(number)?, unit: String::new() })
    }
}

/// Base unit, factor and divisor. As the European ledger does it: masses
/// convert, pieces are pieces under any of their codes, and every other unit
/// is comparable only with itself.
fn family(unit: &str) -> (&str, i128, i128) {
    match unit {
        "MGM" => ("KGM", 1, 1_000_000),
        "GRM" => ("KGM", 1, 1_000),
        "HGM" => ("KGM", 1, 10),
        "DTN" => ("KGM", 100, 1),
        "TNE" => ("KGM", 1_000, 1),
        "LBR" => ("KGM", 45_359_237, 100_000_000),
        "MLT" => ("LTR", 1, 1_000),
        "HLT" => ("LTR", 100, 1),
        "MTQ" => ("LTR", 1_000, 1),
        "C62" | "EA" | "NAR" => ("H87", 1, 1),
        other => (other, 1, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(value: &str, unit: &str) -> Option<Quantity> {
        let measure = Measure {
            value: value.parse().unwrap(),
            unit: Some(unit.into()),
            unit_as_written: None,
            place: 0,
        };
        Quantity::from_measure(Kind::Weight, &measure)
    }

    #[test]
    fn masses_convert_exactly() {
        for (value, unit) in [("1500", "KGM"), ("1.5", "TNE"), ("1500000.000", "GRM"), ("15", "DTN")] {
            let quantity = weight(value, unit).unwrap();
            assert_eq!((quantity.amount.to_string().as_str(), quantity.unit.as_str()), ("1500", "KGM"));
        }
        assert_eq!(weight("1", "LBR").unwrap().amount.to_string(), "0.45359237");
    }

    #[test]
    fn what_cannot_be_held_exactly_is_no_quantity() {
        for (value, unit) in [("-1", "KGM"), ("0.0000000001", "KGM"), ("92233720368", "TNE")] {
            assert_eq!(weight(value, unit), None, "{value} {unit}");
        }
        assert_eq!(weight("9223372", "TNE").unwrap().amount.to_string(), "9223372000");
    }

    #[test]
    fn other_units_stand_for_themselves() {
        assert_eq!(weight("3", "KGS").unwrap().unit, "KGS");
    }
}
