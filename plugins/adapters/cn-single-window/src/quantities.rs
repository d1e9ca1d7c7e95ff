//! Quantities with their national units.

use ecert_sdk::adapter::{Field, Problems};
use ecert_sdk::decimal::number;
use ecert_sdk::model::values::Measure;
use ecert_sdk::unit::{self, Family};

use crate::lists::UNIT;
use crate::message::Node;

/// Units of weight in the national list: kilogram, gram, tonne.
const WEIGHTS: &[&str] = &["035", "036", "070"];

/// The quantities of an item, each with its members: of the statute, then of
/// the contract.
const QUANTITIES: &[(&str, &str)] =
    &[("FirstQty", "FirstUnit"), ("SecondQty", "SecondUnit"), ("GQty", "GUnit")];

/// Net weight and the other quantities of an item.
///
/// The net weight is the first quantity in a unit of weight: goods that the
/// tariff counts by weight are declared with their net weight. The contract's
/// quantity often repeats one of the statute's.
pub(crate) fn of_item(item: Node<'_>, problems: &Problems) -> (Option<Measure>, Vec<Measure>) {
    let mut found: Vec<Measure> = Vec::new();
    for (quantity, unit) in QUANTITIES {
        let Some(measure) = measure(item, quantity, unit, problems) else { continue };
        let repeats = |known: &Measure| {
            number(known.value) == number(measure.value)
                && (&known.unit, &known.unit_as_written) == (&measure.unit, &measure.unit_as_written)
        };
        if !found.iter().any(repeats) {
            found.push(measure);
        }
    }
    let weight = found.iter().position(is_weight).map(|index| found.remove(index));
    (weight, found)
}

/// A quantity with the unit beside it.
///
/// A code of the national list is kept with the list's name, `CN-UNIT:035`,
/// and the host maps it. Some senders write the unit's name instead.
pub(crate) fn measure(parent: Node<'_>, quantity: &str, unit: &str, problems: &Problems) -> Option<Measure> {
    let measure = parent.measure_at(quantity, None, problems)?;
    let Some(written) = parent.text_at(unit) else { return Some(measure) };
    if written.bytes().all(|byte| byte.is_ascii_digit()) {
        let unit_as_written = Some([UNIT, ":", written].concat());
        return Some(Measure { unit_as_written, ..measure });
    }
    let unit = unit::code(written).map(str::to_owned);
    let unit_as_written = (unit.as_deref() != Some(written)).then(|| written.to_owned());
    Some(Measure { unit, unit_as_written, ..measure })
}

fn is_weight(measure: &Measure) -> bool {
    let known = measure.unit.as_deref().and_then(unit::find);
    let national = measure.unit_as_written.as_deref().and_then(|written| written.strip_prefix(UNIT));
    known.is_some_and(|unit| unit.family == Family::Mass)
        || national.and_then(|code| code.strip_prefix(':')).is_some_and(|code| WEIGHTS.contains(&code))
}
