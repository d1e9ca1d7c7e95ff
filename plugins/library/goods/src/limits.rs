//! Measured values within limits.

use std::cmp::Ordering;

use ecert_sdk::decimal::number;
use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::certificates::LaboratoryObservation;
use ecert_sdk::model::values::{Decimal, Measure};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule};
use ecert_sdk::tables::Table;
use ecert_sdk::unit;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::HS_2022;
use crate::tables::{cells, prefixes};

/// How much of a substance goods may hold. The substance is in lower case, as
/// laboratories name it or by its code; `limit` and `unit` are the most that
/// is allowed for the longest prefix (`*` for all goods), the unit by UN/ECE Recommendation 20 (`NA` mg/kg, `J33` µg/kg).
pub const TABLE: Table = Table {
    name: "residue-limits",
    keys: &["substance", "hsPrefix"],
    columns: &["limit", "unit"],
    matching: Match::Exact,
};

/// A quantity in a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// The number.
    #[schemars(with = "String", regex(pattern = r"^[+-]?[0-9]+(\.[0-9]+)?$"))]
    pub value: Decimal,
    /// Its unit by UN/ECE Recommendation 20.
    pub unit: String,
}

impl Quantity {
    /// So many of a unit.
    pub fn new(value: i64, scale: u8, unit: &str) -> Self {
        Self { value: Decimal { coefficient: value, scale }, unit: unit.into() }
    }

    /// How a measured value compares with it; none in units that do not
    /// compare.
    pub fn compare(&self, measured: &Measure) -> Option<Ordering> {
        let unit = measured.unit.as_deref()?;
        unit::compare(number(measured.value), unit, number(self.value), &self.unit)
    }

    /// For findings.
    pub fn measure(&self) -> Measure {
        Measure { value: self.value, unit: Some(self.unit.clone()), ..Measure::default() }
    }
}

/// No measured residue or contaminant exceeds its limit.
pub const fn rule<P>() -> Rule<P> {
    Rule::of_item("residue-limits", judge::<P>)
        .titles(&[
            ("en", "No measured residue or contaminant exceeds its limit"),
            ("zh", "残留物和污染物检测值未超过限量"),
        ])
        .messages(&[
            ("en", "{substance} is {measured}, more than the limit of {limit}."),
            ("zh", "{substance} 检测值为 {measured}，超过限量 {limit}。"),
        ])
        .arguments(&["substance", "measured", "limit"])
        .needs(&["certificate-line", "residue-limits", "limit", "measured-value", "unit"])
        .legal_basis("Codex CXS 193, CXM 2 and CXLs: maximum levels and maximum residue limits")
        .governed_by(GoverningDate::Production)
        .in_force(HS_2022, None)
}

fn judge<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let prefixes = prefixes(check);
    check.each_line(|line, tally| {
        let day = line
            .line
            .production
            .first()
            .and_then(|period| period.start)
            .map_or(check.dates().decision, |at| at.date);
        for observation in &line.line.observations {
            let of_name =
                |name: String| prefixes.iter().map(move |prefix| vec![name.clone(), prefix.clone()]);
            let keys: Vec<Vec<String>> = names(observation).flat_map(of_name).collect();
            let Ok(found) = check.lookup(TABLE.name, &keys, day) else {
                return tally.missing("residue-limits");
            };
            let Some(limit) = found.iter().flatten().find_map(|row| {
                let [limit, unit] = cells(row);
                Some(Quantity { value: limit.parse().ok()?, unit: unit.to_owned() })
            }) else {
                tally.missing("limit");
                continue;
            };
            let Some(measured) = &observation.value else {
                tally.missing("measured-value");
                continue;
            };
            match limit.compare(measured) {
                None => tally.missing("unit"),
                Some(order) => tally.check(order.is_le(), || {
                    Difference::new()
                        .argument("substance", name(observation))
                        .argument("measured", measured)
                        .argument("limit", limit.measure())
                        .expected(limit.measure())
                        .actual(measured)
                        .in_line(line, measured.place)
                }),
            }
        }
    })
}

/// What a laboratory looked for, for the officer.
pub fn name(observation: &LaboratoryObservation) -> &str {
    let code = observation.substance.as_ref();
    code.map_or("", |code| code.name.as_deref().unwrap_or(&code.value))
}

fn names(observation: &LaboratoryObservation) -> impl Iterator<Item = String> {
    let code = observation.substance.iter();
    code.flat_map(|code| [Some(code.value.as_str()), code.name.as_deref()])
        .flatten()
        .map(|name| name.trim().to_lowercase())
}
