//! Exact numbers: from and to the model, sums, and comparison within a
//! tolerance.
//!
//! The model writes a number as it stood in the message (1.50 keeps both
//! digits). [`Number`] is what rules calculate with; it is exact, or the
//! operation says that it is not.
//!
//! ```
//! use ecert_sdk::decimal::{Tolerance, number, sum};
//!
//! let lines = ["1000.5", "999.50"].map(|text| number(text.parse().unwrap()));
//! let total = sum(lines).unwrap();
//! assert_eq!(total.to_string(), "2000.00");
//!
//! let half_a_percent = Tolerance { percent: Some("0.5".parse().unwrap()), ..Tolerance::default() };
//! assert!(half_a_percent.allows(number("2010".parse().unwrap()), total));
//! assert!(!half_a_percent.allows(number("2010.01".parse().unwrap()), total));
//! ```

use ecert_model::values::Decimal;
use rust_decimal::{Decimal as RustDecimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An exact number to calculate with.
pub type Number = RustDecimal;

/// The most digits behind the point that a [`Number`] holds; the contract
/// allows no more.
const MAX_SCALE: u32 = Number::MAX_SCALE;

/// The model's number, to calculate with.
///
/// Exact for all that the contract allows. Digits beyond the 28th behind the
/// point, which it does not allow, are cut.
pub fn number(value: Decimal) -> Number {
    let (mut coefficient, mut scale) = (value.coefficient, u32::from(value.scale));
    while scale > MAX_SCALE && coefficient != 0 {
        coefficient /= 10;
        scale -= 1;
    }
    Number::from_i128_with_scale(i128::from(coefficient), scale.min(MAX_SCALE))
}

/// The number as the model writes it; none when it has more than 18 digits
/// even without the zeros at its end.
pub fn decimal(value: Number) -> Option<Decimal> {
    let written = |value: Number| {
        let coefficient = i64::try_from(value.mantissa()).ok()?;
        Some(Decimal { coefficient, scale: u8::try_from(value.scale()).ok()? })
    };
    written(value).or_else(|| written(value.normalize()))
}

/// The exact sum; none when it has more digits than a [`Number`] holds.
pub fn sum(values: impl IntoIterator<Item = Number>) -> Option<Number> {
    values.into_iter().try_fold(Number::ZERO, |total, value| {
        let sum = total.checked_add(value)?;
        // An addition that had to round has fewer digits behind the point
        // than its finer term.
        let finest = total.normalize().scale().max(value.normalize().scale());
        (sum.is_zero() || sum.scale() >= finest).then_some(sum)
    })
}

/// The exact product; none when it has more digits than a [`Number`] holds.
pub fn product(a: Number, b: Number) -> Option<Number> {
    let (a, b) = (a.normalize(), b.normalize());
    if a.is_zero() || b.is_zero() {
        return Some(Number::ZERO);
    }
    a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale())
}

/// How far two numbers may differ and still count as agreeing.
///
/// Both values are rounded first, then the greater of the two allowances
/// holds. Empty means that they must be equal.
///
/// In JSON, numbers are strings: `{"absolute": "5", "percent": "0.5"}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tolerance {
    /// Allowed difference, in the unit that is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = r"^\+?[0-9]+(\.[0-9]+)?$"))]
    pub absolute: Option<Decimal>,
    /// Allowed difference in percent of the certified value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", regex(pattern = r"^\+?[0-9]+(\.[0-9]+)?$"))]
    pub percent: Option<Decimal>,
    /// Digits behind the point that both values are rounded to, half away
    /// from zero; not rounded when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u8>,
}

impl Tolerance {
    /// Whether `declared` stays within `certified`: it may be less, and more
    /// only by the allowance.
    pub fn allows(&self, declared: Number, certified: Number) -> bool {
        let (declared, certified) = (self.round(declared), self.round(certified));
        declared <= certified || self.covers(declared, certified)
    }

    /// Whether both values agree, up to the allowance either way.
    pub fn agree(&self, declared: Number, certified: Number) -> bool {
        let (declared, certified) = (self.round(declared), self.round(certified));
        declared == certified || self.covers(declared, certified)
    }

    fn covers(&self, declared: Number, certified: Number) -> bool {
        let Some(difference) = sum([declared, -certified]).map(|difference| difference.abs()) else {
            return false;
        };
        let within_absolute = self.absolute.is_some_and(|allowed| difference <= number(allowed));
        let within_percent = self.percent.is_some_and(|percent| {
            let allowed = product(certified.abs(), number(percent));
            let hundredfold = product(difference, Number::ONE_HUNDRED);
            matches!((hundredfold, allowed), (Some(difference), Some(allowed)) if difference <= allowed)
        });
        within_absolute || within_percent
    }

    fn round(&self, value: Number) -> Number {
        match self.decimals {
            Some(digits) => {
                value.round_dp_with_strategy(u32::from(digits), RoundingStrategy::MidpointAwayFromZero)
            }
            None => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        number(text.parse().unwrap())
    }

    #[test]
    fn numbers_come_back_as_written() {
        for text in ["0", "1.50", "-0.001", "9223372036854775807", "0.0000000000000000000000000001"] {
            assert_eq!(decimal(n(text)).unwrap().to_string(), text);
        }
        assert_eq!(decimal(Number::MAX), None);
        assert_eq!(number(Decimal { coefficient: 1, scale: 255 }), Number::ZERO);
        assert_eq!(number(Decimal { coefficient: 1_000, scale: 30 }), n("0.0000000000000000000000000010"));
    }

    #[test]
    fn sums_are_exact_or_refused() {
        assert_eq!(sum([n("0.1"), n("0.2")]), Some(n("0.3")));
        assert_eq!(sum([]), Some(Number::ZERO));
        assert_eq!(sum([n("9223372036854775807"), n("0.0000000000000000000000000001")]), None);
        assert_eq!(sum([Number::MAX, Number::ONE]), None);
    }

    #[test]
    fn products_are_exact_or_refused() {
        assert_eq!(product(n("2.20"), n("0.45359237")), Some(n("0.997903214")));
        assert_eq!(product(n("0.00000000000001"), n("0.000000000000001")), None);
        assert_eq!(product(n("0.00"), n("5")), Some(Number::ZERO));
    }

    #[test]
    fn the_wider_allowance_holds() {
        let both = Tolerance {
            absolute: Some("5".parse().unwrap()),
            percent: Some("1".parse().unwrap()),
            decimals: None,
        };
        assert!(both.allows(n("105"), n("100")));
        assert!(!both.allows(n("105.001"), n("100")));
        assert!(both.allows(n("1010"), n("1000")));
        assert!(!both.allows(n("1010.5"), n("1000")));
        assert!(both.allows(n("1"), n("1000")));
        assert!(!both.agree(n("1"), n("1000")));
        assert!(both.agree(n("990"), n("1000")));
    }

    #[test]
    fn rounding_comes_first() {
        let whole = Tolerance { decimals: Some(0), ..Tolerance::default() };
        assert!(whole.agree(n("1000.4"), n("999.5")));
        assert!(!whole.agree(n("1000.5"), n("1000.4")));
    }

    #[test]
    fn tolerance_is_read_from_strings() {
        let read: Tolerance = serde_json::from_str(r#"{"percent":"0.5"}"#).unwrap();
        assert_eq!(read.percent, Some("0.5".parse().unwrap()));
        assert!(serde_json::from_str::<Tolerance>(r#"{"percnt":"0.5"}"#).is_err());
    }
}
