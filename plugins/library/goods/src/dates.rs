//! Dates of slaughter, production and freezing, of issue, and of expiry.

use ecert_sdk::date;
use ecert_sdk::manifest::GoverningDate;
use ecert_sdk::model::values::{Date, DateTime, Decimal};
use ecert_sdk::rules::{Difference, ItemCheck, Judgement, Line, Rule};

use crate::HS_2022;
use crate::coded;
use crate::parameters::Parameters;
use crate::process::{Span, Step, spans};

/// Slaughter comes before cutting or manufacture, these before freezing.
pub const fn in_order<P>() -> Rule<P> {
    Rule::of_item("process-dates-in-order", judge_order::<P>)
        .titles(&[
            ("en", "Catch or slaughter, production and freezing follow each other"),
            ("zh", "捕捞或屠宰、加工与冷冻日期先后相符"),
        ])
        .messages(&[
            ("en", "{later} is dated {later_date}, before {earlier} on {earlier_date}."),
            ("zh", "{later}日期为 {later_date}，早于{earlier}日期 {earlier_date}。"),
        ])
        .arguments(&["earlier", "earlier_date", "later", "later_date"])
        .needs(&["certificate-line", "process-dates"])
        .legal_basis("Sanitary certification: particulars of slaughter, production and freezing must agree")
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

/// What is certified was done before it was certified.
pub const fn before_issue<P>() -> Rule<P> {
    Rule::of_item("processed-before-issue", judge_issue::<P>)
        .titles(&[
            ("en", "Production was over when the certificate was issued"),
            ("zh", "签证前已完成生产加工"),
        ])
        .messages(&[
            ("en", "{step} ended on {date}, after certificate {number} was issued on {issued}."),
            ("zh", "{step}于 {date} 结束，晚于证书 {number} 的签发日期 {issued}。"),
        ])
        .arguments(&["step", "date", "number", "issued"])
        .needs(&["certificate-line", "process-dates", "issue-date"])
        .legal_basis("Sanitary certification: an official may only certify what is known at the time")
        .governed_by(GoverningDate::Issue)
        .in_force(HS_2022, None)
}

/// The goods still keep for some time when they arrive.
pub const fn expiry<P: AsRef<Parameters>>() -> Rule<P> {
    Rule::of_item("expiry-after-arrival", judge_expiry::<P>)
        .titles(&[
            ("en", "The goods keep for the required time after arrival"),
            ("zh", "到货时剩余保质期符合要求"),
        ])
        .messages(&[
            ("en", "The goods expire on {expiry}; after arrival on {arrival}, {days} days must be left."),
            ("zh", "货物于 {expiry} 到期；到货日期为 {arrival}，须至少剩余 {days} 天。"),
        ])
        .arguments(&["expiry", "arrival", "days"])
        .needs(&["expiry", "arrival"])
        .legal_basis(
            "Food law: food past its use-by date is unsafe; importing countries set a remaining shelf life",
        )
        .governed_by(GoverningDate::Arrival)
        .in_force(HS_2022, None)
}

fn judge_order<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let mut compared = false;
    let mut differences = Vec::new();
    for line in &lines {
        let spans = ordered_spans(line);
        for (position, later) in spans.iter().enumerate() {
            let earlier = spans[..position].iter().filter(|earlier| must_precede(earlier.step, later.step));
            for earlier in earlier {
                compared = true;
                if let Some((before, after)) = contradiction(earlier, later) {
                    differences.push(
                        Difference::new()
                            .argument("earlier", coded("step", earlier.step.name()))
                            .argument("earlier_date", before.date)
                            .argument("later", coded("step", later.step.name()))
                            .argument("later_date", after.date)
                            .expected(before.date)
                            .actual(after.date)
                            .in_certificate(line.cited.index, before.place)
                            .in_certificate(line.cited.index, after.place),
                    );
                    // One contradiction a line says enough.
                    break;
                }
            }
        }
    }
    if compared { Judgement::of(differences) } else { Judgement::NotEvaluable("process-dates") }
}

/// Steps that follow each other: goods may come into store between any two.
fn ordered_spans(line: &Line<'_>) -> Vec<Span> {
    let mut spans = spans(line.line);
    spans.retain(|span| span.step != Step::Storage);
    spans
}

/// Cutting and manufacture have no order between them.
fn must_precede(earlier: Step, later: Step) -> bool {
    !(earlier == Step::Cutting && later == Step::Manufacture)
}

/// Dates that show that the later step cannot have followed the earlier one:
/// it began before the other began, or was over before the other was.
fn contradiction(earlier: &Span, later: &Span) -> Option<(DateTime, DateTime)> {
    if date::order(&later.last, &earlier.first).is_lt() {
        return Some((earlier.first, later.last));
    }
    if date::order(&later.first, &earlier.first).is_lt() {
        return Some((earlier.first, later.first));
    }
    date::order(&later.last, &earlier.last).is_lt().then_some((earlier.last, later.last))
}

fn judge_issue<P>(check: &ItemCheck<'_, P>) -> Judgement {
    let lines: Vec<Line<'_>> = check.lines().collect();
    if lines.is_empty() {
        return Judgement::NotEvaluable("certificate-line");
    }
    let mut missing = None;
    let mut compared = false;
    let mut differences = Vec::new();
    for line in &lines {
        let Some(issued) = line.cited.certificate.issued else {
            missing = Some("issue-date");
            continue;
        };
        let steps = finished(line);
        if steps.is_empty() {
            missing = missing.or(Some("process-dates"));
        }
        for (step, last) in steps {
            compared = true;
            if date::order(&last, &issued).is_gt() {
                differences.push(
                    Difference::new()
                        .argument("step", coded("step", step))
                        .argument("date", last.date)
                        .argument("number", &line.cited.certificate.number.value)
                        .argument("issued", issued.date)
                        .expected(issued.date)
                        .actual(last.date)
                        .in_certificate(line.cited.index, last.place)
                        .in_certificate(line.cited.index, issued.place),
                );
            }
        }
    }
    match missing {
        Some(need) if !compared => Judgement::NotEvaluable(need),
        _ => Judgement::of(differences),
    }
}

/// When each step of a line was over, and its production where the kind is not
/// known. Storage goes on after issue.
fn finished(line: &Line<'_>) -> Vec<(&'static str, DateTime)> {
    let steps = spans(line.line).into_iter().filter(|span| span.step != Step::Storage);
    let steps = steps.map(|span| (span.step.name(), span.last));
    let production =
        line.line.production.iter().filter_map(|period| Some(("production", *date::latest(period)?)));
    steps.chain(production).collect()
}

fn judge_expiry<P: AsRef<Parameters>>(check: &ItemCheck<'_, P>) -> Judgement {
    let certified = check.lines().filter_map(|line| Some((Some(line.cited.index), line.line.expiry?)));
    let declared = check.item().expiry.map(|expiry| (None, expiry));
    let Some((certificate, expiry)) = certified.chain(declared).min_by_key(|(_, expiry)| expiry.date) else {
        return Judgement::NotEvaluable("expiry");
    };
    let Some(arrival) = arrival(check) else { return Judgement::NotEvaluable("arrival") };
    let days = check.parameters().as_ref().minimum_days_left;
    let Some(left) = date::days_between(arrival, expiry.date) else {
        return Judgement::NotEvaluable("expiry");
    };
    if left >= i64::from(days) {
        return Judgement::Passed;
    }
    let mut difference = Difference::new()
        .argument("expiry", expiry.date)
        .argument("arrival", arrival)
        .argument("days", Decimal { coefficient: i64::from(days), scale: 0 })
        .actual(expiry.date);
    if let Some(earliest) = date::plus_days(arrival, i64::from(days)) {
        difference = difference.expected(earliest);
    }
    match certificate {
        Some(index) => difference.in_certificate(index, expiry.place),
        None => difference.in_declaration(expiry.place),
    }
    .into()
}

/// The day the goods arrive: as known of the case, else as a certificate
/// expects it.
pub fn arrival<P>(check: &ItemCheck<'_, P>) -> Option<Date> {
    let expected = || check.lines().find_map(|line| line.cited.certificate.consignment.arrival);
    check.dates().arrival.or_else(|| expected().map(|arrival| arrival.date))
}
