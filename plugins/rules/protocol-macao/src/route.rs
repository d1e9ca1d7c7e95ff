//! The way from Macao, and horses that go back.

use ecert_sdk::country;
use ecert_sdk::date;
use ecert_sdk::decimal::number;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::certificates::Process;
use ecert_sdk::rules::{Cited, Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::unit;
use goods::process::of_types;
use goods::{HS_2022, is_of};

use crate::parameters::Parameters;

/// The goods come the short way.
pub const DIRECT: Rule<Parameters> = Rule::of_item("direct-transport", direct)
    .titles(&[("en", "The goods are carried directly from Macao"), ("zh", "货物自澳门直接运输")])
    .messages(&[
        ("en", "The goods pass {country}; allowed are {route}."),
        ("zh", "货物途经 {country}；允许的途经地为 {route}。"),
    ])
    .arguments(&["country", "route"])
    .needs(&["certificate"])
    .legal_basis("Closer economic partnership arrangement: direct transport of goods of Macao origin")
    .governed_by(GoverningDate::Dispatch)
    .in_force(HS_2022, None);

/// Horses stay for as long as the arrangement allows.
pub const STAY: Rule<Parameters> = Rule::of_item("temporary-stay-of-horses", stay)
    .titles(&[
        ("en", "Horses stay no longer than the arrangement allows"),
        ("zh", "马匹暂准停留期限符合规定"),
    ])
    .messages(&[
        ("en", "The horses are to stay for {stated} days, {days} are allowed."),
        ("zh", "马匹拟停留 {stated} 天，规定不超过 {days} 天。"),
    ])
    .arguments(&["stated", "days"])
    .needs(&["certificate-line", "stay", "duration"])
    .legal_basis(
        "Bilateral arrangement on competition horses: temporary movement; WOAH terrestrial code 4.17",
    )
    .governed_by(GoverningDate::Arrival)
    .in_force(HS_2022, None);

fn direct(check: &ItemCheck<'_, Parameters>) -> Judgement {
    let route = &check.parameters().route;
    let certificates: Vec<Cited<'_>> = check.certificates().filter(Cited::is_official).collect();
    if certificates.is_empty() {
        return Judgement::NotEvaluable("certificate");
    }
    let mut tally = Tally::default();
    tally.check(true, Difference::new);
    for cited in certificates {
        for passed in &cited.certificate.consignment.transit_countries {
            let allowed = route.iter().any(|one| country::same(one, &passed.country.value) == Some(true));
            tally.check(allowed, || {
                Difference::new()
                    .argument("country", &passed.country)
                    .argument("route", route.join(", "))
                    .actual(&passed.country)
                    .in_certificate(cited.index, passed.place)
            });
        }
    }
    tally.judgement()
}

fn stay(check: &ItemCheck<'_, Parameters>) -> Judgement {
    if !is_of(check, &["0101"]) {
        return Judgement::NotApplicable;
    }
    let days = check.parameters().horse_days;
    check.each_line(|line, tally| {
        let stays = of_types(line.line, &["STAY".into(), "TEMPORARY_ADMISSION".into()]);
        let Some(process) = stays.first() else { return tally.missing("stay") };
        let Some(stated) = whole_days(process) else { return tally.missing("duration") };
        tally.check(stated <= u32::from(days), || {
            Difference::new()
                .argument("stated", stated)
                .argument("days", u32::from(days))
                .expected(u32::from(days))
                .actual(stated)
                .in_line(line, process.place)
        });
    })
}

/// How many days a stay is to last: as stated, else from its first to its last
/// day.
fn whole_days(process: &Process) -> Option<u32> {
    let stated = process.duration.as_ref().and_then(|held| {
        unit::convert(number(held.value), held.unit.as_deref()?, "DAY")?.ceil().try_into().ok()
    });
    stated.or_else(|| {
        let period = process.period.as_ref()?;
        u32::try_from(date::days_between(period.start?.date, period.end?.date)?).ok()
    })
}
