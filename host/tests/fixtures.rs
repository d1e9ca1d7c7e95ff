//! Components prove themselves by the fixtures they bring, in the sandbox.

mod support;

use ecert::fixtures::{Fixture, Fixtures, Input, prove};
use ecert_model::values::Date;
use serde_json::{Value, json};
use support::{Bench, case, judging};

/// A rule set with this body of `verify`, and a fixture that expects this.
fn component(body: &str, expected: Value) -> Vec<u8> {
    let mut case = case();
    case.dates.decision = Date { year: 2026, month: 3, day: 31 };
    case.dates.received = case.dates.decision;
    let input = Input::Case { case: Box::new(case), tables: Default::default() };
    let mut fixtures = Fixtures::default();
    fixtures.fixtures.push(Fixture { name: "two-items".into(), input, expected: Some(expected) });
    fixtures.embed(judging(body)).unwrap()
}

fn proved(body: &str, expected: Value) -> Result<usize, String> {
    let bench = Bench::new();
    let component = component(body, expected);
    let plugin = bench.load(&component).unwrap();
    assert_eq!(plugin.inspection().fixtures, 1);
    prove(&bench.engine, &plugin, &component).map_err(|error| error.to_string())
}

/// Address of an empty report.
const EMPTY: &str = "i32.const 512";

#[test]
fn a_component_that_answers_as_expected_passes() {
    assert_eq!(proved(EMPTY, json!({"outcomes": {}, "findings": []})), Ok(1));
}

#[test]
fn what_differs_is_told_with_fixture_and_field() {
    let expected = json!({"outcomes": {"items[0]": {"one": "passed"}, "declaration": {"two": "failed"}}});
    assert_eq!(
        proved(EMPTY, expected),
        Err("the fixture `two-items` does not pass: findings: expected nothing, actual [] (and 2 more differences)"
            .into())
    );
    let expected = json!({"findings": [], "outcomes": {"items[0]": {"one": "passed"}}});
    assert_eq!(
        proved(EMPTY, expected),
        Err("the fixture `two-items` does not pass: outcomes.items[0]: expected {\"one\":\"passed\"}, actual nothing"
            .into())
    );
}

#[test]
fn a_fixture_is_bound_by_the_limits_of_live_traffic() {
    let refused = proved("(loop $forever br $forever) unreachable", json!({})).unwrap_err();
    assert!(refused.starts_with("the fixture `two-items` does not pass: it used up its "), "{refused}");
    let refused = proved("unreachable", json!({})).unwrap_err();
    assert!(refused.contains("it trapped"), "{refused}");
}

#[test]
fn a_component_without_fixtures_proves_nothing_and_is_not_refused() {
    let bench = Bench::new();
    let component = judging(EMPTY);
    let plugin = bench.load(&component).unwrap();
    assert_eq!(prove(&bench.engine, &plugin, &component).unwrap(), 0);
}
