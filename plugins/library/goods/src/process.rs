//! The steps that food and feed go through, and treatments, as certificates
//! name them.

use ecert_sdk::date;
use ecert_sdk::model::certificates::{Process, TradeLine};
use ecert_sdk::model::values::{DateTime, Measure, Text};
use ecert_sdk::unit::{self, Family};

/// A step in the order in which goods go through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Catch or harvest.
    Catch,
    /// Slaughter.
    Slaughter,
    /// Cutting.
    Cutting,
    /// Manufacture of a product.
    Manufacture,
    /// Freezing.
    Freezing,
    /// Storage.
    Storage,
}

impl Step {
    /// The step that a process is, by its type (UNCL 7187 process type, or the
    /// activity's letters), else by its establishment's activity.
    pub fn of(process: &Process) -> Option<Self> {
        let type_code = process.type_code.as_ref().and_then(|code| Self::of_code(&code.value));
        type_code.or_else(|| Self::of_code(&process.establishment.as_ref()?.activity.as_ref()?.value))
    }

    fn of_code(code: &str) -> Option<Self> {
        Some(match code.trim() {
            "35" => Self::Catch,
            "12" | "SH" => Self::Slaughter,
            "34" | "CP" => Self::Cutting,
            "37" | "PP" => Self::Manufacture,
            "7" => Self::Freezing,
            "43" | "CS" => Self::Storage,
            _ => return None,
        })
    }

    /// The activity an establishment must be approved for to do the step.
    /// Freezing may be done by a slaughterhouse, a cutting plant or a cold
    /// store.
    pub fn activity(self) -> Option<&'static str> {
        match self {
            Self::Slaughter => Some("SH"),
            Self::Cutting => Some("CP"),
            Self::Manufacture => Some("PP"),
            Self::Storage => Some("CS"),
            Self::Catch | Self::Freezing => None,
        }
    }

    /// Name for a finding.
    pub fn name(self) -> &'static str {
        match self {
            Self::Catch => "catch",
            Self::Slaughter => "slaughter",
            Self::Cutting => "cutting",
            Self::Manufacture => "manufacture",
            Self::Freezing => "freezing",
            Self::Storage => "storage",
        }
    }
}

/// First and last moment of a step on a line, over all its processes.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The step.
    pub step: Step,
    /// When it first began.
    pub first: DateTime,
    /// When it last ended.
    pub last: DateTime,
}

/// When each step of a line was done, in the order of the steps; steps without
/// a date are left out.
pub fn spans(line: &TradeLine) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for process in &line.processes {
        let Some(step) = Step::of(process) else { continue };
        let Some(period) = &process.period else { continue };
        let (Some(&first), Some(&last)) = (date::earliest(period), date::latest(period)) else { continue };
        match spans.iter_mut().find(|span| span.step == step) {
            None => spans.push(Span { step, first, last }),
            Some(span) => {
                if date::order(&first, &span.first).is_lt() {
                    span.first = first;
                }
                if date::order(&last, &span.last).is_gt() {
                    span.last = last;
                }
            }
        }
    }
    spans.sort_by_key(|span| span.step);
    spans
}

/// The processes of a line whose type is one of these codes, upper or lower
/// case alike.
pub fn of_types<'a>(line: &'a TradeLine, codes: &[String]) -> Vec<&'a Process> {
    let is_one = |process: &&Process| {
        let code = process.type_code.as_ref();
        code.is_some_and(|code| codes.iter().any(|wanted| wanted.eq_ignore_ascii_case(code.value.trim())))
    };
    line.processes.iter().filter(is_one).collect()
}

/// The values that a process states of a characteristic in units of a family:
/// by the characteristic's code, else by the unit alone.
pub fn values<'a>(process: &'a Process, code: &str, family: Family) -> Vec<&'a Measure> {
    let coded = process
        .characteristics
        .iter()
        .filter(|one| one.type_code.as_ref().is_some_and(|own| own.value == code));
    let stated: Vec<&Measure> = coded.filter_map(|one| one.value.as_ref()).collect();
    if !stated.is_empty() {
        return stated;
    }
    let values = process.characteristics.iter().filter(|one| one.type_code.is_none());
    let values = values.filter_map(|one| one.value.as_ref());
    values
        .filter(|value| value.unit.as_deref().and_then(unit::find).is_some_and(|unit| unit.family == family))
        .collect()
}

/// How long a process took: as stated, else as a characteristic in units of
/// time says.
pub fn duration(process: &Process) -> Option<&Measure> {
    process.duration.as_ref().or_else(|| values(process, "DURATION", Family::Time).into_iter().next())
}

/// The text of a characteristic (`TTCH` chemical, `TTFT` full text).
pub fn text<'a>(process: &'a Process, code: &str) -> Option<&'a Text> {
    let coded = process
        .characteristics
        .iter()
        .find(|one| one.type_code.as_ref().is_some_and(|own| own.value == code));
    coded.and_then(|one| one.descriptions.first())
}
