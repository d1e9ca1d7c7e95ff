//! Judging a case.

use ecert_model::cases::Case;
use ecert_model::manifest::GoverningDate;
use ecert_model::reports::{Finding, Outcome, Report, Severity, Verdict};
use ecert_model::values::Date;

use super::check::View;
use super::{Check, Difference, ItemCheck, Judgement, Rule, RuleSet, Test};
use crate::parameters::{self, Common};
use crate::tables::Tables;

/// Judges every due item, and the declaration, by every rule of the set that
/// is in force on the date that governs it.
///
/// # Panics
/// When a parameter text does not fit the manifest's schema. Going on with
/// defaults could release what a parameter was to stop; the host takes the
/// panic for a trap and sends the declaration to review.
#[must_use]
pub fn run<R: RuleSet>(case: &Case, tables: &dyn Tables) -> Report {
    let rules = R::rules();
    let parameters: Vec<_> = case.parameters.iter().map(|text| read_parameters::<R>(text)).collect();
    let mut runner = Runner {
        rules,
        view: View::new(case, tables),
        parameters: if parameters.is_empty() { vec![Default::default()] } else { parameters },
        stopped: Vec::with_capacity(rules.len()),
        report: Report { outcomes: Vec::with_capacity(rules.len() * case.due.len()), findings: Vec::new() },
    };
    for index in 0..rules.len() {
        runner.judge(index);
    }
    runner.report
}

fn read_parameters<R: RuleSet>(text: &str) -> (R::Parameters, Common) {
    match parameters::read(text) {
        Ok(parameters) => parameters,
        Err(error) => {
            crate::log::warn(&format!("the parameters do not fit their schema: {error}"));
            panic!("the parameters do not fit their schema");
        }
    }
}

/// Where a rule stands in the way of those that come after it.
enum Stopped {
    /// For each due item.
    Items(Vec<bool>),
    /// Everywhere.
    Everywhere(bool),
}

impl Stopped {
    fn at(&self, position: usize) -> bool {
        match self {
            Self::Items(items) => items[position],
            Self::Everywhere(stopped) => *stopped,
        }
    }

    fn anywhere(&self) -> bool {
        match self {
            Self::Items(items) => items.contains(&true),
            Self::Everywhere(stopped) => *stopped,
        }
    }
}

struct Runner<'a, P: 'static> {
    rules: &'static [Rule<P>],
    view: View<'a>,
    /// Parameters as the case counts them.
    parameters: Vec<(P, Common)>,
    /// One entry for each rule judged so far.
    stopped: Vec<Stopped>,
    report: Report,
}

impl<P: 'static> Runner<'_, P> {
    fn judge(&mut self, index: usize) {
        let stopped = match self.rules[index].test {
            Test::Item(test) => {
                let positions = 0..self.view.items.len();
                Stopped::Items(positions.map(|position| self.judge_item(index, position, test)).collect())
            }
            Test::Declaration(test) => Stopped::Everywhere(self.judge_declaration(index, test)),
        };
        self.stopped.push(stopped);
    }

    /// Judges an item; answers whether that stands in the way of later rules.
    fn judge_item(
        &mut self,
        index: usize,
        position: usize,
        test: fn(&ItemCheck<'_, P>) -> Judgement,
    ) -> bool {
        let rule = &self.rules[index];
        let item = self.view.items[position].item;
        let number = self.view.items[position].parameters as usize;
        let (own, common) = &self.parameters[number.min(self.parameters.len() - 1)];
        let check = ItemCheck {
            check: Check { view: &self.view, parameters: own },
            view: &self.view.items[position],
        };
        if self.prerequisites(rule).any(|earlier| earlier.at(position)) {
            self.record(index, Some(item), Verdict::NotApplicable);
            return true;
        }
        let severity = effective(rule, common);
        if severity == Some(None) || !rule.is_in_force(|date| item_date(date, &check)) {
            self.record(index, Some(item), Verdict::NotApplicable);
            return false;
        }
        let judgement = test(&check);
        self.conclude(index, Some(item), judgement, severity.flatten())
    }

    /// Judges the declaration; answers whether that stands in the way of later
    /// rules.
    fn judge_declaration(&mut self, index: usize, test: fn(&Check<'_, P>) -> Judgement) -> bool {
        let rule = &self.rules[index];
        let number = self.view.items.first().map_or(0, |item| item.parameters as usize);
        let (own, common) = &self.parameters[number.min(self.parameters.len() - 1)];
        let check = Check { view: &self.view, parameters: own };
        if self.prerequisites(rule).any(Stopped::anywhere) {
            self.record(index, None, Verdict::NotApplicable);
            return true;
        }
        let severity = effective(rule, common);
        if severity == Some(None) || !rule.is_in_force(|date| declaration_date(date, &check)) {
            self.record(index, None, Verdict::NotApplicable);
            return false;
        }
        let judgement = test(&check);
        self.conclude(index, None, judgement, severity.flatten())
    }

    fn prerequisites(&self, rule: &Rule<P>) -> impl Iterator<Item = &Stopped> {
        let earlier = &self.rules[..self.stopped.len()];
        rule.prerequisites.iter().filter_map(move |&id| {
            let position = earlier.iter().position(|rule| rule.id == id)?;
            Some(&self.stopped[position])
        })
    }

    fn record(&mut self, index: usize, item: Option<u32>, verdict: Verdict) {
        self.report.outcomes.push(Outcome { rule: index as u16, item, verdict });
    }

    fn conclude(
        &mut self,
        index: usize,
        item: Option<u32>,
        judgement: Judgement,
        severity: Option<Severity>,
    ) -> bool {
        let rule = &self.rules[index];
        let (verdict, differences) = match judgement {
            Judgement::Passed => (Verdict::Passed, Vec::new()),
            Judgement::NotApplicable => (Verdict::NotApplicable, Vec::new()),
            Judgement::NotEvaluable(need) => (Verdict::NotEvaluable(rule.need(need)), Vec::new()),
            Judgement::Failed(differences) => (Verdict::Failed, differences),
        };
        self.record(index, item, verdict);
        let mut stops = false;
        for difference in differences {
            let severity = severity.or(difference.severity).unwrap_or(rule.severity);
            stops |= severity >= Severity::Discrepancy;
            self.report.findings.push(finding(index as u16, item, severity, difference));
        }
        stops
    }
}

impl<P: 'static> Rule<P> {
    fn need(&self, name: &str) -> u16 {
        let position = self.needs.iter().position(|&need| need == name);
        debug_assert!(position.is_some(), "rule {} does not declare its need `{name}`", self.id);
        position.unwrap_or(0) as u16
    }

    /// Whether the rule is in force; the date is worked out only for a rule
    /// with bounds.
    fn is_in_force(&self, date: impl FnOnce(GoverningDate) -> Date) -> bool {
        if self.valid_from.is_none() && self.valid_until.is_none() {
            return true;
        }
        let date = order(date(self.governed_by));
        self.valid_from.is_none_or(|from| order(from) <= date)
            && self.valid_until.is_none_or(|until| date <= order(until))
    }
}

/// What the parameters say of a rule's severity: nothing, off, or which.
fn effective<P>(rule: &Rule<P>, common: &Common) -> Option<Option<Severity>> {
    if common.severities.is_empty() {
        return None;
    }
    common.severities.get(rule.id).map(|severity| severity.severity())
}

fn finding(rule: u16, item: Option<u32>, severity: Severity, difference: Difference) -> Finding {
    Finding {
        rule,
        item,
        severity,
        arguments: difference.arguments,
        expected: difference.expected,
        actual: difference.actual,
        certificate_places: difference.certificate_places,
        declaration_places: difference.declaration_places,
    }
}

/// The governing date for an item. The earliest counts where there are
/// several, the decision date where there is none.
fn item_date<P>(date: GoverningDate, check: &ItemCheck<'_, P>) -> Date {
    let known = match date {
        GoverningDate::Issue => {
            earliest(check.certificates().filter_map(|cited| Some(cited.certificate.issued?.date)))
        }
        GoverningDate::Production => {
            let declared = check.item().production.iter().filter_map(|period| period.start.or(period.end));
            let certified = check.lines().flat_map(|line| {
                let processes = line.line.processes.iter().filter_map(|process| process.period.as_ref());
                line.line.production.iter().chain(processes).filter_map(|period| period.start.or(period.end))
            });
            earliest(declared.chain(certified).map(|moment| moment.date))
        }
        _ => return declaration_date(date, check),
    };
    known.unwrap_or(check.dates().decision)
}

fn declaration_date<P>(date: GoverningDate, check: &Check<'_, P>) -> Date {
    let dates = check.dates();
    let known = match date {
        GoverningDate::Decision => None,
        GoverningDate::Dispatch => dates.dispatch,
        GoverningDate::Arrival => dates.arrival,
        GoverningDate::Issue | GoverningDate::Production => {
            earliest(check.items().map(|item| item_date(date, &item)))
        }
    };
    known.unwrap_or(dates.decision)
}

fn earliest(dates: impl Iterator<Item = Date>) -> Option<Date> {
    dates.min_by_key(|&date| order(date))
}

fn order(date: Date) -> (u16, u8, u8) {
    (date.year, date.month, date.day)
}
