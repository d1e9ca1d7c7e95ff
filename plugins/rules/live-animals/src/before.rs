//! What the animals went through before dispatch: holding, quarantine, tests,
//! vaccinations, examination.

use ecert_sdk::date;
use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::model::values::{Date, DateTime};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::unit;
use goods::assurances::{concerns, observations};
use goods::process::of_types;
use goods::{HS_2022, same_words};

use crate::parameters::{Parameters, Window};

/// Types of process that are quarantine.
const QUARANTINE: [&str; 3] = ["QUARANTINE", "QUA", "ISOLATION"];
/// Types of process that are living on a holding.
const RESIDENCE: [&str; 3] = ["RESIDENCE", "RES", "40"];
/// Types of process that are vaccinations.
const VACCINATION: [&str; 2] = ["VACCINATION", "VAC"];
/// Types of process that are clinical examinations (UNCL 7187, 36).
const EXAMINATION: [&str; 3] = ["36", "CLINICAL_EXAMINATION", "EXAM"];

/// Quarantine was long enough.
pub const LENGTH: Rule<Parameters> = Rule::of_item("quarantine-length", length)
    .titles(&[("en", "Quarantine before export was long enough"), ("zh", "出口前隔离检疫期满足要求")])
    .messages(&[
        ("en", "The animals were in quarantine for {actual} days, {days} are required."),
        ("zh", "动物隔离检疫 {actual} 天，规定为 {days} 天。"),
    ])
    .arguments(&["actual", "days"])
    .needs(&["certificate-line", "processes", "quarantine-dates"])
    .legal_basis("WOAH terrestrial code 5.4 and bilateral protocols: isolation before export")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Quarantine ended shortly before loading.
pub const ENDED: Rule<Parameters> = Rule::of_item("quarantine-until-loading", ended)
    .titles(&[
        ("en", "The animals went from quarantine to loading without delay"),
        ("zh", "动物隔离检疫结束后及时启运"),
    ])
    .messages(&[
        ("en", "Quarantine ended on {ended}; dispatch on {dispatched} is not within {days} days of it."),
        ("zh", "隔离检疫于 {ended} 结束，{dispatched} 启运，不在 {days} 天之内。"),
    ])
    .arguments(&["ended", "dispatched", "days"])
    .after(&["quarantine-length"])
    .needs(&["certificate-line", "quarantine-dates", "dispatch"])
    .legal_basis("WOAH terrestrial code 5.4: no contact with other animals between isolation and loading")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The animals lived on the holding of origin long enough.
pub const RESIDENT: Rule<Parameters> = Rule::of_item("holding-residence", residence)
    .titles(&[
        ("en", "The animals lived on the holding of origin long enough"),
        ("zh", "动物在原饲养场饲养时间满足要求"),
    ])
    .messages(&[
        ("en", "The animals lived on the holding for {actual} days, {days} are required."),
        ("zh", "动物在原饲养场饲养 {actual} 天，规定为 {days} 天。"),
    ])
    .arguments(&["actual", "days"])
    .needs(&["certificate-line", "processes", "residence-dates"])
    .legal_basis("Veterinary certificates: residence on the holding, herd or flock of origin")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Tests were done in their window.
pub const TESTS: Rule<Parameters> = Rule::of_item("tests-in-window", tests)
    .titles(&[("en", "Tests were done within their time before dispatch"), ("zh", "检测在启运前规定期限内进行")])
    .messages(&[
        ("en", "The test for {name} was on {done}; it must be {earliest} to {latest} days before dispatch on {dispatched}."),
        ("zh", "{name} 检测日期为 {done}；须在启运日（{dispatched}）前 {earliest} 至 {latest} 天。"),
    ])
    .arguments(&["name", "done", "earliest", "latest", "dispatched"])
    .needs(&["certificate-line", "dispatch", "test-date"])
    .legal_basis("WOAH terrestrial code, disease chapters: tests before shipment")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Vaccinations were done in their window.
pub const VACCINATIONS: Rule<Parameters> = Rule::of_item("vaccinations-in-window", vaccinations)
    .titles(&[
        ("en", "Vaccinations were done, and within their time before dispatch"),
        ("zh", "已按规定免疫，且在启运前规定期限内"),
    ])
    .messages(&[
        ("en", "The vaccination against {name} was on {done}; it must be {earliest} to {latest} days before dispatch on {dispatched}."),
        ("zh", "{name} 免疫日期为 {done}；须在启运日（{dispatched}）前 {earliest} 至 {latest} 天。"),
    ])
    .arguments(&["name", "done", "earliest", "latest", "dispatched"])
    .needs(&["certificate-line", "dispatch", "vaccination-date"])
    .legal_basis("WOAH terrestrial code, disease chapters: vaccination before shipment")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// The animals were examined shortly before loading.
pub const EXAMINED: Rule<Parameters> = Rule::of_item("examined-before-loading", examined)
    .titles(&[
        ("en", "The animals were examined shortly before loading"),
        ("zh", "动物在装运前规定时间内经临床检查"),
    ])
    .messages(&[
        (
            "en",
            "The animals were examined on {done}, not within {days} days before dispatch on {dispatched}.",
        ),
        ("zh", "动物于 {done} 临床检查，不在启运日（{dispatched}）前 {days} 天内。"),
    ])
    .arguments(&["done", "days", "dispatched"])
    .needs(&["certificate-line", "dispatch", "examination-date"])
    .legal_basis("WOAH terrestrial code 5.4: no clinical sign of disease on the day of shipment")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

fn length(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut required = check.parameters().quarantine.iter();
    let Some(days) = required.find(|one| concerns(&one.goods, check)).map(|one| one.days) else {
        return Judgement::NotApplicable;
    };
    stay(check, &QUARANTINE, days, "quarantine-dates")
}

fn residence(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let mut required = check.parameters().residence_days.iter();
    let Some(days) = required.find(|one| concerns(&one.goods, check)).map(|one| one.days) else {
        return Judgement::NotApplicable;
    };
    stay(check, &RESIDENCE, days, "residence-dates")
}

/// Whether the animals were somewhere long enough. A line that states what
/// they went through, and not this, is short of it.
fn stay(check: &ItemCheck<'_, Parameters>, types: &[&str], days: u16, need: &'static str) -> Judgement {
    check.each_line(|line, tally| {
        if line.line.processes.is_empty() {
            return tally.missing("processes");
        }
        let stays = of_types(line.line, &owned(types));
        let lengths: Vec<i64> = stays.iter().filter_map(|process| whole_days(process)).collect();
        if !stays.is_empty() && lengths.is_empty() {
            return tally.missing(need);
        }
        let longest = lengths.into_iter().max().unwrap_or_default();
        tally.check(longest >= i64::from(days), || {
            let place = stays.first().map_or(line.line.place, |process| process.place);
            let actual = u32::try_from(longest).unwrap_or_default();
            Difference::new()
                .argument("actual", actual)
                .argument("days", u32::from(days))
                .expected(u32::from(days))
                .actual(actual)
                .in_line(line, place)
        });
    })
}

fn ended(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let days = check.parameters().days_after_quarantine;
    let Some(dispatched) = check.dates().dispatch else { return Judgement::NotEvaluable("dispatch") };
    check.each_line(|line, tally| {
        for process in of_types(line.line, &owned(&QUARANTINE)) {
            let Some(end) = process.period.as_ref().and_then(|period| period.end) else {
                tally.missing("quarantine-dates");
                continue;
            };
            let left = date::days_between(end.date, dispatched).unwrap_or_default();
            // A day of grace: both days may stand in different time zones.
            tally.check((-1..=i64::from(days)).contains(&left), || {
                Difference::new()
                    .argument("ended", end.date)
                    .argument("dispatched", dispatched)
                    .argument("days", u32::from(days))
                    .expected(dispatched)
                    .actual(end.date)
                    .in_line(line, end.place)
            });
        }
    })
}

fn tests(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let windows = check.parameters().tests.iter().filter(|window| concerns(&window.goods, check));
    let Some(dispatched) = check.dates().dispatch else { return Judgement::NotEvaluable("dispatch") };
    let windows: Vec<&Window> = windows.collect();
    check.each_line(|line, tally| {
        for window in &windows {
            let done: Vec<DateTime> =
                observations(line.line, &window.any_of).iter().filter_map(|one| one.at).collect();
            in_window(window, &done, dispatched, line, tally, "test-date");
        }
    })
}

fn vaccinations(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let windows = check.parameters().vaccinations.iter().filter(|window| concerns(&window.goods, check));
    let Some(dispatched) = check.dates().dispatch else { return Judgement::NotEvaluable("dispatch") };
    let windows: Vec<&Window> = windows.collect();
    check.each_line(|line, tally| {
        for window in &windows {
            let against = |process: &&&Process| {
                let said = process.characteristics.iter().flat_map(|one| &one.descriptions);
                let mut said = said.map(|text| text.value.as_str());
                said.any(|text| window.any_of.iter().any(|name| same_words(name, text)))
            };
            let all = of_types(line.line, &owned(&VACCINATION));
            let done = all
                .iter()
                .filter(against)
                .filter_map(|process| date::latest(process.period.as_ref()?).copied());
            in_window(window, &done.collect::<Vec<_>>(), dispatched, line, tally, "vaccination-date");
        }
    })
}

/// Whether something was done within its window before dispatch; the last time
/// counts.
fn in_window(
    window: &Window,
    done: &[DateTime],
    dispatched: Date,
    line: &ecert_sdk::rules::Line<'_>,
    tally: &mut Tally,
    need: &'static str,
) {
    let Some(last) = done.iter().max_by(|a, b| date::order(a, b)) else { return tally.missing(need) };
    let before = date::days_between(last.date, dispatched).unwrap_or_default();
    let allowed = i64::from(window.earliest_days)..=i64::from(window.latest_days);
    tally.check(allowed.contains(&before), || {
        Difference::new()
            .argument("name", &window.name)
            .argument("done", last.date)
            .argument("earliest", u32::from(window.earliest_days))
            .argument("latest", u32::from(window.latest_days))
            .argument("dispatched", dispatched)
            .actual(last.date)
            .in_line(line, last.place)
    });
}

fn examined(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let days = check.parameters().examination_days;
    let Some(dispatched) = check.dates().dispatch else { return Judgement::NotEvaluable("dispatch") };
    check.each_line(|line, tally| {
        let by_process = of_types(line.line, &owned(&EXAMINATION));
        let by_process =
            by_process.into_iter().filter_map(|process| date::latest(process.period.as_ref()?).copied());
        let controls = line.cited.certificate.controls.iter().filter_map(|control| control.at);
        let Some(last) = by_process.chain(controls).max_by(date::order) else {
            return tally.missing("examination-date");
        };
        let before = date::days_between(last.date, dispatched).unwrap_or_default();
        // A day of grace, as above.
        tally.check((-1..=i64::from(days)).contains(&before), || {
            Difference::new()
                .argument("done", last.date)
                .argument("days", u32::from(days))
                .argument("dispatched", dispatched)
                .expected(dispatched)
                .actual(last.date)
                .in_line(line, last.place)
        });
    })
}

/// How many whole days a process took: as stated, else from its first to its
/// last day.
fn whole_days(process: &Process) -> Option<i64> {
    let stated = process.duration.as_ref().and_then(|duration| {
        unit::convert(number(duration.value), duration.unit.as_deref()?, "DAY")?.floor().try_into().ok()
    });
    stated.or_else(|| {
        let period = process.period.as_ref()?;
        date::days_between(period.start?.date, period.end?.date)
    })
}

fn owned(types: &[&str]) -> Vec<String> {
    types.iter().map(|&code| code.into()).collect()
}
