//! What a machine can say about a plugin's manifest and fixtures. Each
//! complaint has a stable code, says where and what to do.

use std::collections::{BTreeMap, BTreeSet};

use ecert_model::manifest::{Kind, Localised, Manifest, Match, Rule};
use serde::Serialize;
use serde_json::{Value, json};

use crate::fixtures::{EXPECTED, Fixtures};
use crate::reference::schema_problems;

/// The language that every text must have.
const ENGLISH: &str = "en";

/// How grave a complaint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Level {
    /// It must be mended.
    Error,
    /// It should be looked at.
    Warning,
}

/// Something to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Complaint {
    pub(super) level: Level,
    /// Stable code in kebab case.
    pub(super) code: &'static str,
    /// Where: a member of the manifest, or a fixture.
    pub(super) at: String,
    /// What is wrong and what to do.
    pub(super) text: String,
}

/// Everything there is to complain about, errors first.
pub(super) fn complaints(manifest: &Manifest, fixtures: &Fixtures) -> Vec<Complaint> {
    let mut lints = Lints { languages: languages(manifest), found: Vec::new() };
    lints.manifest(manifest);
    for rule in &manifest.rules {
        lints.rule(manifest, rule);
    }
    lints.cycles(manifest);
    lints.parameters(manifest);
    lints.tables(manifest);
    lints.fixtures(manifest, fixtures);
    lints.found.sort();
    lints.found
}

/// Every language that some title has.
fn languages(manifest: &Manifest) -> BTreeSet<String> {
    let rules = manifest.rules.iter().map(|rule| &rule.titles);
    let formats = manifest.formats.iter().map(|format| &format.titles);
    let all = rules.chain(formats).chain([&manifest.titles]);
    all.flat_map(|titles| titles.keys().cloned()).chain([ENGLISH.to_owned()]).collect()
}

struct Lints {
    languages: BTreeSet<String>,
    found: Vec<Complaint>,
}

impl Lints {
    fn error(&mut self, code: &'static str, at: &str, text: impl Into<String>) {
        self.found.push(Complaint { level: Level::Error, code, at: at.to_owned(), text: text.into() });
    }

    fn warn(&mut self, code: &'static str, at: &str, text: impl Into<String>) {
        self.found.push(Complaint { level: Level::Warning, code, at: at.to_owned(), text: text.into() });
    }

    fn manifest(&mut self, manifest: &Manifest) {
        self.texts("titles", &manifest.titles);
        if let (Some(from), Some(until)) = (manifest.valid_from, manifest.valid_until)
            && until < from
        {
            self.error("dates-out-of-order", "validUntil", format!("{until} is before validFrom, {from}"));
        }
        for format in &manifest.formats {
            let at = format!("formats.{}", format.id);
            self.texts(&format!("{at}.titles"), &format.titles);
            if format.media_types.is_empty() {
                self.error("media-type-missing", &at, "name the media types it travels as");
            }
            if !format.reads && !format.writes {
                self.error("format-unused", &at, "it is neither read nor written: say which");
            }
        }
        for (index, scope) in manifest.scope.iter().enumerate() {
            let at = format!("scope[{index}]");
            let upper = |code: &String| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
            for origin in scope.origins.iter().filter(|origin| !upper(origin)) {
                self.error(
                    "scope-origin",
                    &at,
                    format!("`{origin}` is no ISO 3166-1 country code such as NZ"),
                );
            }
            let digits = |p: &String| (1..=10).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit());
            for prefix in scope.hs_prefixes.iter().filter(|prefix| !digits(prefix)) {
                self.error("scope-prefix", &at, format!("`{prefix}` is no beginning of a commodity code"));
            }
            if *scope == Default::default() {
                self.warn("scope-empty", &at, "it covers everything, whatever the other alternatives say");
            }
        }
        if manifest.kind == Kind::RuleSet && manifest.scope.is_empty() {
            self.warn(
                "scope-open",
                "scope",
                "it covers all goods of all countries: name commodities or origins unless that is meant",
            );
        }
    }

    fn texts(&mut self, at: &str, texts: &Localised) {
        for language in self.languages.clone() {
            if texts.get(&language).is_none_or(|text| text.trim().is_empty()) {
                self.error("text-missing", at, format!("there is none in `{language}`: write one"));
            }
        }
    }

    fn rule(&mut self, manifest: &Manifest, rule: &Rule) {
        let at = format!("rules.{}", rule.id);
        self.texts(&format!("{at}.titles"), &rule.titles);
        self.texts(&format!("{at}.messages"), &rule.messages);
        if rule.legal_basis.trim().is_empty() {
            self.error("legal-basis-missing", &at, "say which law, protocol or standard it stands for");
        }
        if let (Some(from), Some(until)) = (rule.valid_from, rule.valid_until)
            && until < from
        {
            let text = format!("it ends on {until}, before it begins on {from}");
            self.error("dates-out-of-order", &at, text);
        }
        let declared: BTreeSet<&str> = rule.arguments.iter().map(String::as_str).collect();
        for (language, template) in &rule.messages {
            let at = format!("{at}.messages.{language}");
            let used: BTreeSet<&str> = placeholders(template).collect();
            for name in used.difference(&declared) {
                self.error("argument-undeclared", &at, format!("`{{{name}}}` is not among its arguments"));
            }
            for name in declared.difference(&used) {
                self.warn("argument-unused", &at, format!("the argument `{name}` does not occur in it"));
            }
        }
        for id in &rule.prerequisites {
            let known = manifest.rules.iter().any(|other| other.id == *id);
            if !known {
                self.error("prerequisite-unknown", &at, format!("it waits for `{id}`, which is no rule"));
            }
        }
    }

    /// Rules that wait for each other are never judged.
    fn cycles(&mut self, manifest: &Manifest) {
        let after: BTreeMap<&str, &[String]> =
            manifest.rules.iter().map(|rule| (rule.id.as_str(), rule.prerequisites.as_slice())).collect();
        for rule in &manifest.rules {
            let mut reached = BTreeSet::new();
            let mut open: Vec<&str> = rule.prerequisites.iter().map(String::as_str).collect();
            while let Some(id) = open.pop() {
                if reached.insert(id) {
                    open.extend(after.get(id).into_iter().flat_map(|ids| ids.iter().map(String::as_str)));
                }
            }
            if reached.contains(rule.id.as_str()) {
                let at = format!("rules.{}", rule.id);
                self.error("prerequisite-cycle", &at, "it waits, by way of its prerequisites, for itself");
            }
        }
    }

    /// The schema must be one, and the defaults it states must fit it.
    fn parameters(&mut self, manifest: &Manifest) {
        let Some(schema) = &manifest.parameters else { return };
        for problem in schema_problems(schema, &json!({})) {
            let text = format!("with no parameter set: {}", problem.text);
            self.error("parameter-schema", &format!("parameters{}", problem.pointer), text);
        }
        let Some(properties) = schema["properties"].as_object() else { return };
        for (name, property) in properties {
            let Some(default) = property.get("default") else { continue };
            for problem in schema_problems(schema, &json!({ name: default })) {
                let text = format!("its default does not fit: {}", problem.text);
                self.error("parameter-default", &format!("parameters.{name}"), text);
            }
        }
    }

    fn tables(&mut self, manifest: &Manifest) {
        for table in &manifest.tables {
            let at = format!("tables.{}", table.name);
            if table.keys.is_empty() {
                self.error("table-keys", &at, "name the columns that a row is found by");
            }
            if table.columns.is_empty() {
                self.warn("table-columns", &at, "it answers no column, only whether there is a row");
            }
            if table.matching == Match::LongestPrefix && table.keys.len() > 4 {
                self.warn("table-keys", &at, "a long key whose last column is matched by prefix is slow");
            }
        }
    }

    fn fixtures(&mut self, manifest: &Manifest, fixtures: &Fixtures) {
        if fixtures.fixtures.is_empty() {
            self.error("no-fixture", "fixtures", "write at least one: input, and what must come of it");
        }
        for fixture in fixtures.fixtures.iter().filter(|fixture| fixture.expected.is_none()) {
            let text = format!("it has no {EXPECTED}: `ecert plugin test --update` writes one");
            self.error("no-expectation", &format!("fixtures/{}", fixture.name), text);
        }
        for name in fixtures.tables.keys().filter(|name| manifest.tables.iter().all(|t| t.name != **name)) {
            let at = format!("fixtures/tables/{name}.csv");
            self.error(
                "table-undeclared",
                &at,
                "the manifest does not declare this table: it is never found",
            );
        }
        let expected = || fixtures.fixtures.iter().filter_map(|fixture| fixture.expected.as_ref());
        match manifest.kind {
            Kind::RuleSet => {
                let outcomes: BTreeSet<(&str, &str)> = expected().flat_map(outcomes).collect();
                for rule in &manifest.rules {
                    for (verdict, code) in
                        [("passed", "no-passing-fixture"), ("failed", "no-failing-fixture")]
                    {
                        if !outcomes.contains(&(rule.id.as_str(), verdict)) {
                            let text = format!("no fixture expects that it comes to `{verdict}`: write one");
                            self.error(code, &format!("rules.{}", rule.id), text);
                        }
                    }
                }
            }
            Kind::FormatAdapter => {
                let formats: BTreeSet<&str> =
                    expected().filter_map(|expected| expected["format"].as_str()).collect();
                for format in manifest.formats.iter().filter(|format| format.reads) {
                    if !formats.contains(format.id.as_str()) {
                        let at = format!("formats.{}", format.id);
                        self.warn("format-untried", &at, "no fixture is a message of this format: write one");
                    }
                }
                if expected().all(|expected| expected["problems"].as_array().is_none_or(Vec::is_empty)) {
                    let text = "no fixture expects a problem: write one with a message that is not in order";
                    self.warn("no-faulty-fixture", "fixtures", text);
                }
            }
        }
    }
}

/// Rules and what they come to, of an expectation.
fn outcomes(expected: &Value) -> impl Iterator<Item = (&str, &str)> {
    let subjects = expected["outcomes"].as_object().into_iter().flat_map(|subjects| subjects.values());
    let rules = subjects.filter_map(Value::as_object).flatten();
    rules.filter_map(|(rule, verdict)| Some((rule.as_str(), verdict.as_str()?)))
}

/// The names in braces of a message template.
fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{Content, Fixture, Input};

    fn manifest(change: impl FnOnce(&mut Value)) -> Manifest {
        let mut value = json!({
            "schema": 1, "name": "honey", "version": "1.0.0", "kind": "rule-set", "ruleKind": "honey",
            "titles": {"en": "Honey", "zh": "蜂蜜"}, "scope": [{"hsPrefixes": ["0409"]}],
            "parameters": {"type": "object", "properties": {"days": {"type": "integer", "default": 3}}},
            "rules": [{
                "id": "cool", "titles": {"en": "Cool", "zh": "低温"}, "severity": "discrepancy",
                "legalBasis": "Codex", "messages": {"en": "{t}", "zh": "{t}"}, "arguments": ["t"]
            }]
        });
        change(&mut value);
        serde_json::from_value(value).unwrap()
    }

    fn fixture(expected: Value) -> Fixture {
        let input = Input::Message { file: "message.xml".into(), content: Content::of(vec![]) };
        Fixture { name: "one".into(), input, expected: Some(expected) }
    }

    fn complete() -> Fixtures {
        let verdict = |verdict: &str| fixture(json!({"outcomes": {"items[0]": {"cool": verdict}}}));
        let mut fixtures = Fixtures::default();
        fixtures.fixtures = vec![verdict("passed"), verdict("failed")];
        fixtures
    }

    fn codes(manifest: &Manifest, fixtures: &Fixtures) -> Vec<String> {
        complaints(manifest, fixtures).iter().map(|found| format!("{} {}", found.code, found.at)).collect()
    }

    #[test]
    fn nothing_is_said_of_what_is_in_order() {
        assert_eq!(codes(&manifest(|_| {}), &complete()), [""; 0]);
    }

    #[test]
    fn every_complaint_says_where() {
        type Change = fn(&mut Value);
        let cases: [(Change, &str); 12] = [
            (|m| m["titles"] = json!({"en": "Honey"}), "text-missing titles"),
            (
                |m| m["rules"][0]["titles"] = json!({"en": "Cool", "zh": " "}),
                "text-missing rules.cool.titles",
            ),
            (|m| m["rules"][0]["legalBasis"] = json!(""), "legal-basis-missing rules.cool"),
            (|m| m["rules"][0]["arguments"] = json!([]), "argument-undeclared rules.cool.messages.en"),
            (|m| m["rules"][0]["arguments"] = json!(["t", "u"]), "argument-unused rules.cool.messages.en"),
            (|m| m["rules"][0]["prerequisites"] = json!(["cool"]), "prerequisite-cycle rules.cool"),
            (|m| m["rules"][0]["prerequisites"] = json!(["warm"]), "prerequisite-unknown rules.cool"),
            (|m| m["parameters"]["type"] = json!("thing"), "parameter-schema parameters"),
            (
                |m| m["parameters"]["properties"]["days"]["default"] = json!("x"),
                "parameter-default parameters.days",
            ),
            (|m| m["scope"] = json!([{"origins": ["nz"]}]), "scope-origin scope[0]"),
            (|m| m["scope"] = json!([]), "scope-open scope"),
            (|m| m["tables"] = json!([{"name": "t", "keys": [], "columns": ["a"]}]), "table-keys tables.t"),
        ];
        for (change, expected) in cases {
            let found = codes(&manifest(change), &complete());
            assert!(found.iter().any(|code| code == expected), "{expected}: {found:?}");
        }
        let dates = manifest(|m| {
            m["validFrom"] = json!("2026-02-01");
            m["validUntil"] = json!("2026-01-31");
        });
        assert_eq!(codes(&dates, &complete()), ["dates-out-of-order validUntil"]);
    }

    #[test]
    fn rules_need_a_passing_and_a_failing_fixture() {
        let mut fixtures = complete();
        fixtures.fixtures.truncate(1);
        assert_eq!(codes(&manifest(|_| {}), &fixtures), ["no-failing-fixture rules.cool"]);
        fixtures.fixtures[0].expected = None;
        assert_eq!(
            codes(&manifest(|_| {}), &fixtures),
            ["no-expectation fixtures/one", "no-failing-fixture rules.cool", "no-passing-fixture rules.cool"]
        );
    }

    #[test]
    fn an_adapter_needs_a_message_of_each_format() {
        let adapter = manifest(|m| {
            m["kind"] = json!("format-adapter");
            m["rules"] = json!([]);
            m["formats"] = json!([{"id": "slip", "titles": {"en": "Slip", "zh": "单据"}, "mediaTypes": ["text/xml"],
                "reads": true, "writes": false}]);
        });
        let mut fixtures = complete();
        assert_eq!(codes(&adapter, &fixtures), ["format-untried formats.slip", "no-faulty-fixture fixtures"]);
        fixtures.fixtures.push(fixture(json!({"format": "slip", "problems": [{"code": "x"}]})));
        assert_eq!(codes(&adapter, &fixtures), [""; 0]);
    }
}
