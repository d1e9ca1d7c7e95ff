//! How rules are run.

use ecert_model::cases::{Case, PairingBasis};
use ecert_model::manifest::GoverningDate;
use ecert_model::reports::{Severity, Verdict};
use ecert_model::values::Date;

use super::{About, Check, Difference, ItemCheck, Judgement, Rule, RuleSet};
use crate::parameters::NoParameters;
use crate::testing::{Judged, Scenario, assert_rules_manifest, code, identifier};

const ON_2026: Option<Date> = Some(Date { year: 2026, month: 1, day: 1 });
const ON_2027: Option<Date> = Some(Date { year: 2027, month: 1, day: 1 });

const TITLES: crate::Texts = &[("en", "A rule"), ("zh", "规则")];

const fn rule(id: &'static str, test: fn(&ItemCheck<'_, NoParameters>) -> Judgement) -> Rule<NoParameters> {
    Rule::of_item(id, test).titles(TITLES).messages(TITLES).legal_basis("a test")
}

/// Fails on items whose origin is `BR`, in a way that depends on the region.
fn origin(check: &ItemCheck<'_, NoParameters>) -> Judgement {
    match check.item().origin.as_ref().map(|origin| origin.value.as_str()) {
        None => Judgement::NotEvaluable("origin"),
        Some("BR") => Difference::new().into(),
        Some("AR") => Difference::new().severity(Severity::Warning).into(),
        Some(_) => Judgement::Passed,
    }
}

fn passes(_: &ItemCheck<'_, NoParameters>) -> Judgement {
    Judgement::Passed
}

fn has_items(check: &Check<'_, NoParameters>) -> Judgement {
    Judgement::when(check.items().next().is_some())
}

struct Example;

impl RuleSet for Example {
    type Parameters = NoParameters;

    fn about() -> About {
        About {
            name: "example",
            version: "0.1.0",
            titles: TITLES,
            rule_kind: "example",
            scope: Vec::new(),
            valid_from: None,
            valid_until: None,
            tables: &[],
        }
    }

    fn rules() -> &'static [Rule<NoParameters>] {
        const {
            &[
                rule("origin", origin).needs(&["species", "origin"]),
                rule("after", passes).after(&["origin"]),
                rule("after-that", passes).after(&["after"]),
                rule("old", passes).in_force(None, ON_2026),
                rule("new", passes).in_force(ON_2026, None).governed_by(GoverningDate::Dispatch),
                rule("future", passes).in_force(ON_2027, None),
                Rule::of_declaration("whole", has_items)
                    .titles(TITLES)
                    .messages(TITLES)
                    .legal_basis("a test")
                    .after(&["origin"]),
            ]
        }
    }
}

fn with_origins(origins: &[Option<&str>]) -> Judged {
    let scenario = Scenario::consistent().change(|declaration, _| {
        let item = declaration.items[0].clone();
        declaration.items = origins
            .iter()
            .map(|origin| {
                let mut item = item.clone();
                item.origin = origin.map(code);
                item
            })
            .collect();
    });
    scenario.judge::<Example>()
}

#[test]
fn the_manifest_is_derived() {
    let manifest = assert_rules_manifest::<Example>();
    assert_eq!(manifest.rules[1].prerequisites, ["origin"]);
}

#[test]
fn outcomes_stand_by_rule_then_item() {
    let judged = with_origins(&[Some("NZ"), None]);
    let order: Vec<_> = judged.report.outcomes.iter().map(|outcome| (outcome.rule, outcome.item)).collect();
    assert_eq!(order[..4], [(0, Some(0)), (0, Some(1)), (1, Some(0)), (1, Some(1))]);
    assert_eq!(order.last(), Some(&(6, None)));
    assert_eq!(judged.verdicts("origin"), [Verdict::Passed, Verdict::NotEvaluable(1)]);
}

#[test]
fn a_failure_stops_what_depends_on_it_on_that_item_only() {
    let judged = with_origins(&[Some("BR"), Some("NZ")]);
    let stopped = [Verdict::NotApplicable, Verdict::Passed];
    assert_eq!(judged.verdicts("after"), stopped);
    assert_eq!(judged.verdicts("after-that"), stopped, "through the rule between");
    judged.assert_not_applicable("whole");
}

#[test]
fn what_is_lawful_or_not_evaluable_stops_nothing() {
    let judged = with_origins(&[Some("AR"), None]);
    judged.assert_passed("after").assert_passed("whole");
}

#[test]
fn the_date_that_governs_decides_what_is_in_force() {
    // Decided on 31 March 2026, dispatched on 10 February.
    let judged = with_origins(&[Some("NZ")]);
    judged.assert_not_applicable("old").assert_passed("new").assert_not_applicable("future");
}

#[test]
fn parameters_change_severities() {
    let scenario = Scenario::consistent()
        .change(|declaration, _| declaration.items[0].origin = Some(code("BR")))
        .parameters(r#"{"severities": {"origin": "prohibition"}}"#);
    scenario.judge::<Example>().assert_failed_as("origin", Severity::Prohibition);
}

#[test]
#[should_panic(expected = "parameters do not fit")]
fn parameters_that_do_not_fit_are_never_passed_over() {
    let _ = Scenario::consistent().parameters(r#"{"severities": 3}"#).judge::<Example>();
}

fn indexes(case: &Case) -> (Vec<u32>, usize, usize, bool) {
    let view = super::check::View::new(case, &crate::tables::NoTables);
    let check =
        ItemCheck { check: Check { view: &view, parameters: &NoParameters {} }, view: &view.items[0] };
    (
        check.certificates().map(|cited| cited.index).collect(),
        check.lines().count(),
        check.all_lines().count(),
        check.is_ambiguous(),
    )
}

#[test]
fn an_entry_document_brings_the_certificates_it_cites() {
    let mut scenario = Scenario::consistent();
    let mut entry = scenario.case.certificates[0].clone();
    entry.certificate.role = ecert_model::certificates::CertificateRole::EntryDocument;
    entry.certificate.number = identifier("CHED-1");
    entry.certificate.cites = vec![identifier("nzl2026 test1")];
    scenario.case.certificates.push(entry);
    let scenario = scenario
        .change(|declaration, _| declaration.items[0].documents[0].number = Some(identifier("CHED-1")))
        .pair(&[(0, 0, 0), (0, 1, 0)]);
    assert_eq!(indexes(&scenario.case), (vec![1, 0], 1, 2, false));
}

#[test]
fn suggestions_and_indexes_out_of_range_are_no_lines() {
    let scenario = Scenario::consistent().pair(&[(0, 0, 0), (0, 0, 9), (0, 7, 0)]);
    assert_eq!(indexes(&scenario.case), (vec![0], 1, 1, false));
    let ambiguous = scenario.adjust(|case| case.pairings[0].basis = PairingBasis::Ambiguous);
    assert_eq!(indexes(&ambiguous.case), (vec![0], 0, 0, true));
}
