//! Whether goods are kept as cold as they must be.

use ecert_sdk::decimal::{self, number};
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::{Decimal, Measure};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use ecert_sdk::{reference_number, unit};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::process::Step;
use crate::storage::{Storage, certified};
use crate::{HS_2022, coded, declared_code};

/// Parameters of a rule set on goods that are kept cold.
pub trait Kept {
    /// How cold.
    fn cold(&self) -> &Cold;

    /// How a commodity code (digits only) says the goods are kept; none where
    /// it leaves that open.
    fn by_heading(_code: &str) -> Option<Storage> {
        None
    }
}

/// How cold goods must be kept. Parameters may be set per commodity, so one
/// value serves each.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct Cold {
    /// The warmest that frozen goods may be kept.
    pub frozen_maximum: Temperature,
    /// By how many degrees Celsius frozen goods may be warmer for a short time
    /// during transport.
    #[schemars(with = "String", regex(pattern = r"^[0-9]+(\.[0-9]+)?$"))]
    pub frozen_tolerance: Decimal,
    /// The warmest that chilled goods may be kept.
    pub chilled_maximum: Temperature,
    /// The coldest that counts as chilled; below, the goods freeze.
    pub chilled_minimum: Temperature,
}

impl Default for Cold {
    fn default() -> Self {
        Self {
            frozen_maximum: Temperature::celsius(-18),
            frozen_tolerance: Decimal { coefficient: 3, scale: 0 },
            chilled_maximum: Temperature::celsius(7),
            chilled_minimum: Temperature::celsius(-4),
        }
    }
}

/// A temperature and its unit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Temperature {
    /// The number.
    #[schemars(with = "String", regex(pattern = r"^[+-]?[0-9]+(\.[0-9]+)?$"))]
    pub value: Decimal,
    /// Its unit by UN/ECE Recommendation 20: `CEL`, `FAH` or `KEL`.
    #[serde(default = "celsius")]
    pub unit: String,
}

impl Temperature {
    /// So many degrees Celsius.
    pub fn celsius(degrees: i64) -> Self {
        Self { value: Decimal { coefficient: degrees, scale: 0 }, unit: celsius() }
    }
}

fn celsius() -> String {
    "CEL".into()
}

/// Containers and stores are as cold as the goods in them must be.
pub const fn rule<P: Kept>() -> Rule<P> {
    Rule::of_item("storage-temperature", temperature::<P>)
        .titles(&[("en", "Goods are kept as cold as they must be"), ("zh", "储运温度符合要求")])
        .messages(&[
            ("en", "{storage} goods must be kept at {limit}, the certificate says {temperature}."),
            ("zh", "{storage}货物的温度限值为 {limit}，证书标明为 {temperature}。"),
        ])
        .arguments(&["storage", "limit", "temperature"])
        .needs(&["certificate-line", "storage-condition", "temperature", "temperature-unit"])
        .legal_basis(
            "Food hygiene and carriage of perishable foodstuffs: temperatures of frozen and chilled food",
        )
        .governed_by(GoverningDate::Dispatch)
        .in_force(HS_2022, None)
}

/// Lowest and highest temperature allowed, in the base unit, with the limits
/// as the parameters state them.
struct Limits<'a> {
    minimum: Option<(decimal::Number, &'a Temperature)>,
    maximum: (decimal::Number, &'a Temperature),
}

impl<'a> Limits<'a> {
    /// None when a parameter's unit is not one of temperature, or when storage
    /// at room temperature sets no limit.
    fn of(storage: Storage, parameters: &'a Cold) -> Option<Self> {
        match storage {
            Storage::Ambient => None,
            Storage::Chilled => Some(Self {
                minimum: Some((base(&parameters.chilled_minimum)?, &parameters.chilled_minimum)),
                maximum: (base(&parameters.chilled_maximum)?, &parameters.chilled_maximum),
            }),
            Storage::Frozen => {
                // A degree Celsius is 1.8 degrees of the base unit.
                let tolerance = number(parameters.frozen_tolerance) * decimal::Number::new(18, 1);
                let maximum = base(&parameters.frozen_maximum)? + tolerance;
                Some(Self { minimum: None, maximum: (maximum, &parameters.frozen_maximum) })
            }
        }
    }

    /// The limit that a temperature breaks.
    fn broken_by(&self, temperature: decimal::Number) -> Option<&'a Temperature> {
        let (maximum, limit) = self.maximum;
        if temperature > maximum {
            return Some(limit);
        }
        self.minimum.and_then(|(minimum, limit)| (temperature < minimum).then_some(limit))
    }
}

fn temperature<P: Kept>(check: &ItemCheck<'_, P>) -> Judgement {
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let mut differences: Vec<Difference> = Vec::new();
    let mut missing = None;
    let mut checked = false;
    for line in &lines {
        let by_heading = || P::by_heading(&declared_code(check)?);
        let Some(kept) = certified(line.line).or_else(by_heading) else {
            missing = missing.or(Some("storage-condition"));
            continue;
        };
        if kept == Storage::Ambient {
            continue;
        }
        let Some(limits) = Limits::of(kept, check.parameters().cold()) else {
            missing = missing.or(Some("temperature-unit"));
            continue;
        };
        let stated = stated(line, kept);
        if stated.is_empty() {
            missing = missing.or(Some("temperature"));
        }
        for measure in stated {
            let Some(value) = in_base(measure) else {
                missing = missing.or(Some("temperature-unit"));
                continue;
            };
            checked = true;
            if let Some(limit) = limits.broken_by(value) {
                let difference =
                    difference(kept, limit, measure).in_certificate(line.cited.index, measure.place);
                if !differences.contains(&difference) {
                    differences.push(difference);
                }
            }
        }
    }
    match missing {
        _ if !differences.is_empty() => Judgement::Failed(differences),
        _ if checked => Judgement::Passed,
        Some(need) => Judgement::NotEvaluable(need),
        None => Judgement::NotApplicable,
    }
}

/// Temperatures that a line states for keeping it: those its containers are
/// set to and those of storage; frozen meat, the one it was frozen to.
fn stated<'a>(line: &Line<'a>, kept: Storage) -> Vec<&'a Measure> {
    let consignment = &line.cited.certificate.consignment;
    let loaded = |equipment: &&ecert_sdk::model::parts::Equipment| {
        line.line.containers.is_empty()
            || equipment.identifier.as_ref().is_some_and(|identifier| {
                let same = |container: &ecert_sdk::model::values::Identifier| {
                    reference_number::same(&container.value, &identifier.value)
                };
                line.line.containers.iter().any(same)
            })
    };
    let set = consignment
        .equipment
        .iter()
        .filter(loaded)
        .filter_map(|equipment| equipment.set_temperature.as_ref());
    let relevant = move |process: &&Process| match Step::of(process) {
        Some(Step::Storage) => true,
        Some(Step::Freezing) => kept == Storage::Frozen,
        _ => false,
    };
    let processes = line.line.processes.iter().filter(relevant);
    let measured = processes.flat_map(|process| &process.characteristics).filter_map(|characteristic| {
        let is_temperature = characteristic.type_code.as_ref().is_some_and(|code| code.value == "TTTM");
        characteristic.value.as_ref().filter(|value| is_temperature || in_base(value).is_some())
    });
    set.chain(measured).collect()
}

fn difference(kept: Storage, limit: &Temperature, found: &Measure) -> Difference {
    let limit = Measure { value: limit.value, unit: Some(limit.unit.clone()), ..Measure::default() };
    Difference::new()
        .argument("storage", coded("storage", kept.name()))
        .argument("limit", &limit)
        .argument("temperature", found)
        .expected(limit)
        .actual(found)
}

/// The temperature in the base unit; none without a unit of temperature.
pub fn in_base(measure: &Measure) -> Option<decimal::Number> {
    let (value, family) = unit::in_base(number(measure.value), measure.unit.as_deref()?)?;
    (family == unit::Family::Temperature).then_some(value)
}

fn base(temperature: &Temperature) -> Option<decimal::Number> {
    let (value, family) = unit::in_base(number(temperature.value), &temperature.unit)?;
    (family == unit::Family::Temperature).then_some(value)
}
