//! Whether meat is kept as cold as it must be.

use ecert_sdk::decimal::{self, number};
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::Measure;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};
use ecert_sdk::{reference_number, unit};

use crate::heading::Storage;
use crate::nature::storage;
use crate::parameters::{Parameters, Temperature};
use crate::process::Step;

/// Containers and stores are as cold as the meat in them must be.
pub const TEMPERATURE: Rule<Parameters> = Rule::of_item("storage-temperature", temperature)
    .titles(&[
        ("en", "Meat is kept as cold as it must be"),
        ("zh", "储运温度符合要求"),
    ])
    .messages(&[
        ("en", "{storage} meat must be kept at {limit}, the certificate says {temperature}."),
        ("zh", "{storage}肉的温度限值为 {limit}，证书标明为 {temperature}。"),
    ])
    .arguments(&["storage", "limit", "temperature"])
    .after(&["storage-matches-heading"])
    .needs(&["certificate-line", "storage-condition", "temperature", "temperature-unit"])
    .legal_basis("Food hygiene and carriage of perishable foodstuffs: frozen at -18 °C or colder, chilled meat at 7 °C or colder");

/// Lowest and highest temperature allowed, in the base unit, with the limits
/// as the parameters state them.
struct Limits<'a> {
    minimum: Option<(decimal::Number, &'a Temperature)>,
    maximum: (decimal::Number, &'a Temperature),
}

impl<'a> Limits<'a> {
    /// None when a parameter's unit is not one of temperature, or when storage
    /// at room temperature sets no limit.
    fn of(storage: Storage, parameters: &'a Parameters) -> Option<Self> {
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

fn temperature(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let mut differences: Vec<Difference> = Vec::new();
    let mut missing = None;
    let mut checked = false;
    for line in &lines {
        let Some(kept) = storage(check, line.line) else {
            missing = missing.or(Some("storage-condition"));
            continue;
        };
        if kept == Storage::Ambient {
            continue;
        }
        let Some(limits) = Limits::of(kept, check.parameters()) else {
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
        .argument("storage", crate::nature::coded("storage", kept.name()))
        .argument("limit", &limit)
        .argument("temperature", found)
        .expected(limit)
        .actual(found)
}

fn in_base(measure: &Measure) -> Option<decimal::Number> {
    let (value, family) = unit::in_base(number(measure.value), measure.unit.as_deref()?)?;
    (family == unit::Family::Temperature).then_some(value)
}

fn base(temperature: &Temperature) -> Option<decimal::Number> {
    let (value, family) = unit::in_base(number(temperature.value), &temperature.unit)?;
    (family == unit::Family::Temperature).then_some(value)
}
