//! What came of judging a scenario.

use ecert_model::manifest::Manifest;
use ecert_model::reports::{Finding, Report, Severity, Value, Verdict};

/// A report, with the manifest that explains it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub(super) manifest: Manifest,
    /// The report.
    pub report: Report,
}

impl Judged {
    fn rule(&self, id: &str) -> usize {
        self.manifest
            .rules
            .iter()
            .position(|rule| rule.id == id)
            .unwrap_or_else(|| panic!("{} has no rule `{id}`", self.manifest.name))
    }

    /// What a rule came to on each item, or once on the declaration.
    #[must_use]
    pub fn verdicts(&self, rule: &str) -> Vec<Verdict> {
        let rule = self.rule(rule);
        let of_rule = self.report.outcomes.iter().filter(|outcome| usize::from(outcome.rule) == rule);
        of_rule.map(|outcome| outcome.verdict).collect()
    }

    /// The findings of a rule.
    #[must_use]
    pub fn findings(&self, rule: &str) -> Vec<&Finding> {
        let rule = self.rule(rule);
        self.report.findings.iter().filter(|finding| usize::from(finding.rule) == rule).collect()
    }

    /// Rules with a finding that stops a release, each once, in order.
    #[must_use]
    pub fn stopping(&self) -> Vec<&str> {
        let stopping =
            self.report.findings.iter().filter(|finding| finding.severity >= Severity::Discrepancy);
        let mut rules: Vec<&str> =
            stopping.map(|finding| self.manifest.rules[usize::from(finding.rule)].id.as_str()).collect();
        rules.dedup();
        rules
    }

    /// What the findings of a rule say, in English.
    #[must_use]
    pub fn messages(&self, rule: &str) -> Vec<String> {
        let template = &self.manifest.rules[self.rule(rule)].messages["en"];
        let message = |finding: &&Finding| {
            let arguments = finding.arguments.iter();
            arguments.fold(template.clone(), |message, argument| {
                message.replace(&format!("{{{}}}", argument.name), &written(&argument.value))
            })
        };
        self.findings(rule).iter().map(message).collect()
    }

    /// Asserts that the rule passed wherever it was due.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn assert_passed(&self, rule: &str) -> &Self {
        self.assert_all(rule, Verdict::Passed)
    }

    /// Asserts that there was nothing to check for the rule.
    ///
    /// # Panics
    /// When there was.
    #[track_caller]
    pub fn assert_not_applicable(&self, rule: &str) -> &Self {
        self.assert_all(rule, Verdict::NotApplicable)
    }

    /// Asserts that the rule could not be checked for want of `need`.
    ///
    /// # Panics
    /// When it could, or something else was missing.
    #[track_caller]
    pub fn assert_not_evaluable(&self, rule: &str, need: &str) -> &Self {
        let needs = &self.manifest.rules[self.rule(rule)].needs;
        let position = needs.iter().position(|name| name == need);
        let position = position.unwrap_or_else(|| panic!("rule `{rule}` has no need `{need}`: {needs:?}"));
        self.assert_all(rule, Verdict::NotEvaluable(u16::try_from(position).expect("few needs")))
    }

    /// Asserts that the rule failed somewhere, and that what it says names all
    /// it should.
    ///
    /// # Panics
    /// When it did not fail, or when an argument is missing or not declared.
    #[track_caller]
    pub fn assert_failed(&self, rule: &str) -> &Self {
        let verdicts = self.verdicts(rule);
        assert!(verdicts.contains(&Verdict::Failed), "rule `{rule}` did not fail: {verdicts:?}");
        let declared = &self.manifest.rules[self.rule(rule)].arguments;
        for finding in self.findings(rule) {
            let given: Vec<&String> = finding.arguments.iter().map(|argument| &argument.name).collect();
            for name in &given {
                assert!(declared.contains(name), "rule `{rule}` does not declare its argument `{name}`");
            }
            for name in declared {
                assert!(given.contains(&name), "a finding of rule `{rule}` lacks the argument `{name}`");
            }
        }
        self
    }

    /// Asserts that the rule failed with this severity.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn assert_failed_as(&self, rule: &str, severity: Severity) -> &Self {
        self.assert_failed(rule);
        for finding in self.findings(rule) {
            assert_eq!(finding.severity, severity, "severity of a finding of rule `{rule}`");
        }
        self
    }

    /// Asserts that nothing was found that stops a release.
    ///
    /// # Panics
    /// When there was.
    #[track_caller]
    pub fn assert_released(&self) -> &Self {
        let stopping = self.stopping();
        let messages: Vec<_> = stopping.iter().flat_map(|rule| self.messages(rule)).collect();
        assert!(stopping.is_empty(), "{stopping:?}: {messages:?}");
        self
    }

    #[track_caller]
    fn assert_all(&self, rule: &str, expected: Verdict) -> &Self {
        let verdicts = self.verdicts(rule);
        assert!(
            !verdicts.is_empty() && verdicts.iter().all(|&verdict| verdict == expected),
            "rule `{rule}` should be {expected:?} but is {verdicts:?}: {:?}",
            self.messages(rule),
        );
        self
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Quantity(measure) => {
            let unit = measure.unit.as_ref().or(measure.unit_as_written.as_ref());
            unit.map_or(measure.value.to_string(), |unit| format!("{} {unit}", measure.value))
        }
        Value::Date(date) => date.to_string(),
        Value::Code(code) => code.value.clone(),
    }
}
