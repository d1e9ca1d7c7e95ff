//! Treatments against their schedules: chemical, dose, duration, temperature.

use ecert_sdk::date;
use ecert_sdk::manifest::{GoverningDate, Match};
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::{Decimal, Measure};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule, Tally};
use ecert_sdk::tables::Table;
use ecert_sdk::unit::Family;
use goods::limits::Quantity;
use goods::process::{duration, text, values};
use goods::tables::cells;
use goods::{HS_2022, coded};

use crate::parameters::Parameters;

/// What a treatment must reach. `treatment` is the type of process (UNCL
/// 7187), `chemical` in lower case or empty; a treatment may have several
/// schedules (colder for a shorter time), one of which must be kept.
/// Temperatures are in degrees Celsius.
pub const TABLE: Table = Table {
    name: "treatment-schedules",
    keys: &["treatment"],
    columns: &[
        "chemical",
        "minimumDose",
        "doseUnit",
        "minimumDuration",
        "durationUnit",
        "minimumTemperature",
        "maximumTemperature",
    ],
    matching: Match::Exact,
};

/// The chemical is one that the importing country accepts.
pub const CHEMICAL: Rule<Parameters> = Rule::of_item("treatment-chemical", chemical)
    .titles(&[
        ("en", "The chemical of a treatment is one that is accepted"),
        ("zh", "处理所用药剂为获准药剂"),
    ])
    .messages(&[
        ("en", "The treatment {treatment} with {chemical} is not on the schedule of treatments."),
        ("zh", "处理 {treatment} 所用药剂 {chemical} 不在处理技术表内。"),
    ])
    .arguments(&["treatment", "chemical"])
    .needs(&["certificate-line", "treatment-schedules", "schedule", "chemical"])
    .legal_basis("ISPM 28 phytosanitary treatments; treatment schedules of the importing country")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The dose reached the minimum.
pub const DOSE: Rule<Parameters> = Rule::of_item("treatment-dose", dose)
    .titles(&[("en", "The dose of a treatment reached its minimum"), ("zh", "处理剂量达到最低要求")])
    .messages(&[
        ("en", "The treatment {treatment} was with {stated}, the schedule asks for {least}."),
        ("zh", "处理 {treatment} 的剂量为 {stated}，技术要求不低于 {least}。"),
    ])
    .arguments(&["treatment", "stated", "least"])
    .after(&["treatment-chemical"])
    .needs(&["certificate-line", "treatment-schedules", "schedule", "dose"])
    .legal_basis("ISPM 28 phytosanitary treatments: minimum dose or concentration")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The treatment lasted long enough.
pub const DURATION: Rule<Parameters> = Rule::of_item("treatment-duration", lasted)
    .titles(&[("en", "A treatment lasted as long as it must"), ("zh", "处理持续时间达到要求")])
    .messages(&[
        ("en", "The treatment {treatment} lasted {stated}, the schedule asks for {least}."),
        ("zh", "处理 {treatment} 持续 {stated}，技术要求不少于 {least}。"),
    ])
    .arguments(&["treatment", "stated", "least"])
    .after(&["treatment-chemical"])
    .needs(&["certificate-line", "treatment-schedules", "schedule", "duration"])
    .legal_basis("ISPM 28 and ISPM 42, 43: exposure time of temperature treatments and fumigation")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The temperature was within the schedule's.
pub const TEMPERATURE: Rule<Parameters> = Rule::of_item("treatment-temperature", temperature)
    .titles(&[("en", "A treatment was as warm or as cold as it must be"), ("zh", "处理温度符合要求")])
    .messages(&[
        ("en", "The treatment {treatment} was at {stated}, the schedule asks for {limit}."),
        ("zh", "处理 {treatment} 的温度为 {stated}，技术要求为 {limit}。"),
    ])
    .arguments(&["treatment", "stated", "limit"])
    .after(&["treatment-chemical"])
    .needs(&["certificate-line", "treatment-schedules", "schedule", "temperature"])
    .legal_basis("ISPM 42 requirements for the use of temperature treatments as phytosanitary measures")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// What was treated before dispatch was treated before it was certified.
pub const BEFORE_ISSUE: Rule<Parameters> = Rule::of_item("treated-before-issue", before_issue)
    .titles(&[
        ("en", "Treatments that are not in transit were over when the certificate was issued"),
        ("zh", "非运输途中的处理在签证前已完成"),
    ])
    .messages(&[
        (
            "en",
            "The treatment {treatment} ended on {ended}, after certificate {number} was issued on {issued}.",
        ),
        ("zh", "处理 {treatment} 于 {ended} 结束，晚于证书 {number} 的签发日期 {issued}。"),
    ])
    .arguments(&["treatment", "ended", "number", "issued"])
    .needs(&["certificate-line", "issue-date", "treatment-date"])
    .legal_basis("ISPM 12: treatments are certified when they have been done")
    .governed_by(GoverningDate::Issue)
    .in_force(HS_2022, None);

/// One schedule of a treatment.
struct Schedule {
    chemical: String,
    dose: Option<Quantity>,
    duration: Option<Quantity>,
    minimum: Option<Quantity>,
    maximum: Option<Quantity>,
}

impl Schedule {
    fn of([chemical, dose, dose_unit, time, time_unit, minimum, maximum]: [&str; 7]) -> Self {
        let quantity = |value: &str, unit: &str| {
            Some(Quantity { value: value.parse::<Decimal>().ok()?, unit: unit.into() })
        };
        Self {
            chemical: chemical.to_lowercase(),
            dose: quantity(dose, dose_unit),
            duration: quantity(time, time_unit),
            minimum: quantity(minimum, "CEL"),
            maximum: quantity(maximum, "CEL"),
        }
    }

    /// Whether the temperature is one of this schedule's: none is in any.
    fn holds_at(&self, measured: &Measure) -> Option<bool> {
        let above = self.minimum.as_ref().map_or(Some(true), |limit| Some(limit.compare(measured)?.is_ge()));
        let below = self.maximum.as_ref().map_or(Some(true), |limit| Some(limit.compare(measured)?.is_le()));
        Some(above? && below?)
    }
}

/// A treatment of a line, with its schedules for the chemical.
struct Treated<'a> {
    process: &'a Process,
    code: &'a str,
    /// All of the treatment, with whatever chemical.
    any: Vec<Schedule>,
}

impl Treated<'_> {
    fn chemical(&self) -> Option<String> {
        text(self.process, "TTCH").map(|text| text.value.to_lowercase())
    }

    /// The schedules of its chemical.
    fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        let chemical = self.chemical().unwrap_or_default();
        self.any.iter().filter(move |one| one.chemical.is_empty() || chemical.contains(&one.chemical))
    }

    /// Of those, the ones at the temperature of the treatment, if it is
    /// stated; the mildest of them must be kept.
    fn at_temperature(&self) -> Vec<&Schedule> {
        let warmest = values(self.process, "TTTM", Family::Temperature).into_iter().next();
        let fits = |one: &&Schedule| warmest.is_none_or(|value| one.holds_at(value) != Some(false));
        self.schedules().filter(fits).collect()
    }

    fn name(&self) -> ecert_sdk::model::values::Code {
        coded("process", self.code)
    }
}

/// Judges every process that the table has schedules for.
fn each(check: &ItemCheck<'_, Parameters>, judge: impl Fn(&Line<'_>, &Treated<'_>, &mut Tally)) -> Judgement {
    let day = check.dates().dispatch.unwrap_or(check.dates().decision);
    check.each_line(|line, tally| {
        let coded = line
            .line
            .processes
            .iter()
            .filter_map(|process| Some((process, process.type_code.as_ref()?.value.trim())));
        let coded: Vec<_> = coded.collect();
        let keys: Vec<Vec<String>> = coded.iter().map(|(_, code)| vec![(*code).to_owned()]).collect();
        let Ok(found) = check.lookup(TABLE.name, &keys, day) else { return tally.missing(TABLE.name) };
        for ((process, code), rows) in coded.into_iter().zip(found) {
            let any: Vec<Schedule> = rows.iter().map(|row| Schedule::of(cells(row))).collect();
            if any.is_empty() {
                tally.missing("schedule");
            } else {
                judge(line, &Treated { process, code, any }, tally);
            }
        }
    })
}

fn chemical(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |line, treated, tally| {
        if treated.any.iter().all(|one| one.chemical.is_empty()) {
            return;
        }
        let Some(chemical) = text(treated.process, "TTCH") else { return tally.missing("chemical") };
        tally.check(treated.schedules().next().is_some(), || {
            Difference::new()
                .argument("treatment", treated.name())
                .argument("chemical", &chemical.value)
                .actual(&chemical.value)
                .in_line(line, chemical.place)
        });
    })
}

fn dose(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |line, treated, tally| {
        let needed: Vec<&Quantity> =
            treated.at_temperature().into_iter().filter_map(|one| one.dose.as_ref()).collect();
        let stated = treated.process.characteristics.iter().find(|one| {
            one.type_code.as_ref().is_some_and(|code| matches!(code.value.as_str(), "TTCO" | "DOSE"))
        });
        least(line, treated, tally, &needed, stated.and_then(|one| one.value.as_ref()), "dose");
    })
}

fn lasted(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |line, treated, tally| {
        let schedules = treated.at_temperature().into_iter();
        let needed: Vec<&Quantity> = schedules.filter_map(|one| one.duration.as_ref()).collect();
        least(line, treated, tally, &needed, duration(treated.process), "duration");
    })
}

/// Checks that a stated value reaches the least of what several schedules
/// need.
fn least(
    line: &Line<'_>,
    treated: &Treated<'_>,
    tally: &mut Tally,
    needed: &[&Quantity],
    stated: Option<&Measure>,
    need: &'static str,
) {
    let Some(first) = needed.first() else { return };
    let Some(stated) = stated else { return tally.missing(need) };
    let orders: Option<Vec<_>> = needed.iter().map(|least| least.compare(stated)).collect();
    let Some(orders) = orders else { return tally.missing(need) };
    tally.check(orders.iter().any(|order| order.is_ge()), || {
        Difference::new()
            .argument("treatment", treated.name())
            .argument("stated", stated)
            .argument("least", first.measure())
            .expected(first.measure())
            .actual(stated)
            .in_line(line, stated.place)
    });
}

fn temperature(check: &ItemCheck<'_, Parameters>) -> Judgement {
    each(check, |line, treated, tally| {
        let limits = || treated.schedules().filter_map(|one| one.maximum.as_ref().or(one.minimum.as_ref()));
        let Some(limit) = limits().next() else { return };
        let stated = values(treated.process, "TTTM", Family::Temperature);
        if stated.is_empty() {
            tally.missing("temperature");
        }
        for value in stated {
            let fits: Vec<Option<bool>> = treated.schedules().map(|one| one.holds_at(value)).collect();
            if fits.contains(&None) {
                tally.missing("temperature");
                continue;
            }
            tally.check(fits.contains(&Some(true)), || {
                Difference::new()
                    .argument("treatment", treated.name())
                    .argument("stated", value)
                    .argument("limit", limit.measure())
                    .expected(limit.measure())
                    .actual(value)
                    .in_line(line, value.place)
            });
        }
    })
}

fn before_issue(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let in_transit = &check.parameters().in_transit_treatments;
    check.each_line(|line, tally| {
        let Some(issued) = line.cited.certificate.issued else { return tally.missing("issue-date") };
        for process in &line.line.processes {
            let Some(code) = &process.type_code else { continue };
            if in_transit.contains(&code.value) {
                continue;
            }
            let Some(ended) = process.period.as_ref().and_then(date::latest) else {
                tally.missing("treatment-date");
                continue;
            };
            tally.check(!date::order(ended, &issued).is_gt(), || {
                Difference::new()
                    .argument("treatment", coded("process", &code.value))
                    .argument("ended", ended.date)
                    .argument("number", &line.cited.certificate.number.value)
                    .argument("issued", issued.date)
                    .expected(issued.date)
                    .actual(ended.date)
                    .in_line(line, ended.place)
                    .in_line(line, issued.place)
            });
        }
    })
}
