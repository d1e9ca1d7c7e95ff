//! Batches and days of production: what is declared was certified.

use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::values::{DateTime, Identifier, Period};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Rule, Tally};
use ecert_sdk::{date, reference_number};

use crate::HS_2022;
use crate::process::Step;

/// Every declared batch is one of the certified batches.
pub const fn batch<P>() -> Rule<P> {
    Rule::of_item("batch-certified", judge_batch::<P>)
        .titles(&[("en", "Every declared batch is certified"), ("zh", "申报的批次均列于证书")])
        .messages(&[
            ("en", "Batch {batch} is declared, but certificate {number} does not name it."),
            ("zh", "申报批次 {batch} 未列于证书 {number}。"),
        ])
        .arguments(&["batch", "number"])
        .needs(&["certificate-line", "declared-batch", "certified-batch"])
        .legal_basis("Codex CXS 1: lot identification; certificates name the lots they are for")
        .in_force(HS_2022, None)
}

/// The declared production falls within the certified one.
pub const fn production<P>() -> Rule<P> {
    Rule::of_item("declared-production-certified", judge_production::<P>)
        .titles(&[
            ("en", "The declared production dates are among the certified ones"),
            ("zh", "申报的生产日期在证书所列范围内"),
        ])
        .messages(&[
            ("en", "Production on {declared} is declared; certified is {first} to {last}."),
            ("zh", "申报生产日期为 {declared}；证书所列为 {first} 至 {last}。"),
        ])
        .arguments(&["declared", "first", "last"])
        .needs(&["certificate-line", "declared-production", "certified-production"])
        .legal_basis("Import declaration of food: production dates as on the health certificate")
        .in_force(HS_2022, None)
}

fn judge_batch<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let lines: Vec<_> = check.lines().collect();
    let Some(first) = lines.first() else { return Judgement::NotEvaluable("certificate-line") };
    if check.item().batches.is_empty() {
        return Judgement::NotEvaluable("declared-batch");
    }
    let certified: Vec<&Identifier> = lines.iter().flat_map(|line| &line.line.batches).collect();
    if certified.is_empty() {
        return Judgement::NotEvaluable("certified-batch");
    }
    let mut tally = Tally::default();
    for batch in &check.item().batches {
        let known = certified.iter().any(|one| reference_number::same(&one.value, &batch.value));
        tally.check(known, || {
            let difference = certified.iter().fold(Difference::new(), |it, one| it.expected(&one.value));
            difference
                .argument("batch", &batch.value)
                .argument("number", &first.cited.certificate.number.value)
                .actual(&batch.value)
                .in_line(first, certified[0].place)
                .in_declaration(batch.place)
        });
    }
    tally.judgement()
}

fn judge_production<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let lines: Vec<_> = check.lines().collect();
    let Some(line) = lines.first() else { return Judgement::NotEvaluable("certificate-line") };
    let of_establishments = check.item().establishments.iter().flat_map(|one| &one.production);
    let declared: Vec<&Period> = check.item().production.iter().chain(of_establishments).collect();
    if declared.is_empty() {
        return Judgement::NotEvaluable("declared-production");
    }
    let certified: Vec<(DateTime, DateTime)> = lines.iter().flat_map(|line| certified(line.line)).collect();
    let first = certified.iter().map(|(first, _)| *first).min_by(date::order);
    let last = certified.iter().map(|(_, last)| *last).max_by(date::order);
    let (Some(first), Some(last)) = (first, last) else {
        return Judgement::NotEvaluable("certified-production");
    };
    let mut tally = Tally::default();
    for period in declared {
        let (Some(from), Some(until)) = (date::earliest(period), date::latest(period)) else { continue };
        for moment in [from, until] {
            let within = !date::order(moment, &first).is_lt() && !date::order(moment, &last).is_gt();
            tally.check(within, || {
                Difference::new()
                    .argument("declared", moment.date)
                    .argument("first", first.date)
                    .argument("last", last.date)
                    .expected(first.date)
                    .expected(last.date)
                    .actual(moment.date)
                    .in_line(line, first.place)
                    .in_declaration(moment.place)
            });
        }
    }
    tally.judgement()
}

/// When a line was produced: as it says itself, and in any step but storage.
fn certified(line: &TradeLine) -> Vec<(DateTime, DateTime)> {
    let own =
        line.production.iter().filter_map(|period| Some((*date::earliest(period)?, *date::latest(period)?)));
    let steps = line.processes.iter().filter(|process| Step::of(process) != Some(Step::Storage));
    let steps = steps.filter_map(|process| {
        let period = process.period.as_ref()?;
        Some((*date::earliest(period)?, *date::latest(period)?))
    });
    own.chain(steps).collect()
}
