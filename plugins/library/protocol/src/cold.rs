//! Cold treatment in transit.

use std::cmp::Ordering;

use ecert_sdk::model::certificates::Process;
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Tally};
use ecert_sdk::unit::Family;
use goods::assurances::concerns;
use goods::limits::Quantity;
use goods::parameters::Goods;
use goods::process::{duration, of_types, values};
use goods::same_words;
use schemars::JsonSchema;
use serde::Deserialize;

/// Cold treatment that a protocol asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "camelCase")]
pub struct ColdTreatment {
    /// The goods.
    #[serde(flatten)]
    pub goods: Goods,
    /// Regions that are free from the pest, whose fruit needs no treatment.
    pub free_regions: Vec<String>,
    /// Steps, one of which must be kept.
    pub steps: Vec<Step>,
    /// The fewest sensors in the fruit.
    pub sensors: u16,
}

/// A temperature and how long fruit must be kept at it or colder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The warmest.
    pub temperature: Quantity,
    /// The shortest time.
    pub duration: Quantity,
}

/// Judges whether fruit that needs cold treatment kept one of its steps.
/// Needs `certificate-line`, `processes`, `temperature`, `duration`; arguments
/// `temperature` and `duration`.
pub fn judge<P>(check: &ItemCheck<'_, P>, all: &[ColdTreatment]) -> Judgement {
    each(check, all, |required, line, tally| {
        if line.line.processes.is_empty() {
            return tally.missing("processes");
        }
        let Some(process) = cold(line) else {
            return tally.check(false, || {
                let none = goods::coded("treatment", "none");
                let difference = Difference::new().argument("temperature", &none).argument("duration", &none);
                difference.in_line(line, line.line.place)
            });
        };
        let warmest = values(process, "TTTM", Family::Temperature).into_iter().next();
        let (Some(warmest), Some(held)) = (warmest, duration(process)) else {
            return tally.missing(if warmest.is_none() { "temperature" } else { "duration" });
        };
        let keeps = |step: &Step| {
            let cold = step.temperature.compare(warmest).is_some_and(Ordering::is_le);
            cold && step.duration.compare(held).is_some_and(Ordering::is_ge)
        };
        tally.check(required.steps.iter().any(keeps), || {
            Difference::new()
                .argument("temperature", warmest)
                .argument("duration", held)
                .actual(warmest)
                .actual(held)
                .in_line(line, process.place)
        });
    })
}

/// Judges whether as many sensors as needed were in the fruit. Needs
/// `certificate-line` and `sensors`; arguments `sensors` and `least`.
pub fn sensors<P>(check: &ItemCheck<'_, P>, all: &[ColdTreatment]) -> Judgement {
    each(check, all, |required, line, tally| {
        let Some(process) = cold(line) else { return };
        let named = process.characteristics.iter().find(|one| {
            one.type_code.as_ref().is_some_and(|code| matches!(code.value.as_str(), "SENSORS" | "PROBES"))
        });
        let Some(count) = named.and_then(|one| one.value.as_ref()) else { return tally.missing("sensors") };
        let least = u32::from(required.sensors);
        tally.check(ecert_sdk::decimal::number(count.value) >= least.into(), || {
            Difference::new()
                .argument("sensors", count.value)
                .argument("least", least)
                .expected(least)
                .actual(count.value)
                .in_line(line, count.place)
        });
    })
}

fn each<P>(
    check: &ItemCheck<'_, P>,
    all: &[ColdTreatment],
    judge: impl Fn(&ColdTreatment, &Line<'_>, &mut Tally),
) -> Judgement {
    let Some(required) = all.iter().find(|one| concerns(&one.goods, check)) else {
        return Judgement::NotApplicable;
    };
    check.each_line(|line, tally| {
        let mut regions = line.line.origins.iter().flat_map(|origin| &origin.subdivisions);
        let free = regions.any(|region| {
            let names = [Some(region.value.as_str()), region.name.as_deref()];
            names
                .into_iter()
                .flatten()
                .any(|name| required.free_regions.iter().any(|free| same_words(free, name)))
        });
        if !free {
            judge(required, line, tally);
        }
    })
}

fn cold<'a>(line: &Line<'a>) -> Option<&'a Process> {
    of_types(line.line, &["74".into()]).into_iter().next()
}
