//! A rule set for tests: it says of every declaration which version of it
//! judged, from within the sandbox.

use ecert_sdk::parameters::NoParameters;
use ecert_sdk::rules::{About, Check, Difference, Judgement, Rule, RuleSet};
use ecert_sdk::model::reports::Severity;

/// `plain`: it informs. `strict`: it stops a release. `traps`: it panics.
const BEHAVIOUR: &str = "BEHAVIOUR";

const NAME: &str = "marker";

/// The rule set.
pub struct Marker;

const JUDGED_BY: Rule<NoParameters> = Rule::of_declaration("judged-by", judged_by)
    .titles(&[("en", "Which version judged")])
    .messages(&[("en", "Judged by {version}.")])
    .arguments(&["version"])
    .severity(Severity::Information)
    .legal_basis("None: it is for tests");

fn judged_by(_: &Check<'_, NoParameters>) -> Judgement {
    assert!(BEHAVIOUR != "traps", "this version traps on purpose");
    let severity = if BEHAVIOUR == "strict" { Severity::Discrepancy } else { Severity::Information };
    Difference::new().argument("version", env!("CARGO_PKG_VERSION")).severity(severity).into()
}

impl RuleSet for Marker {
    type Parameters = NoParameters;

    fn about() -> About {
        About {
            name: NAME,
            version: env!("CARGO_PKG_VERSION"),
            titles: &[("en", "Marker")],
            rule_kind: "marker",
            scope: vec![],
            valid_from: None,
            valid_until: None,
            tables: &[],
        }
    }

    fn rules() -> &'static [Rule<NoParameters>] {
        const { &[JUDGED_BY] }
    }
}

ecert_sdk::export_rules!(Marker);
