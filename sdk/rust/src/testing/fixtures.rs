//! Fixtures of a rule set, made of scenarios.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ecert_model::cases::{Case, CaseDates, Citation, CitedCertificate, DueItem, Pairing};
use ecert_model::certificates::Certificate;
use ecert_model::declarations::Declaration;
use ecert_model::manifest::Manifest;
use ecert_model::reports::Verdict;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Judged, Scenario};
use crate::rules::RuleSet;

/// When it is set, [`assert_fixtures`] writes the files instead of comparing
/// them.
const WRITE: &str = "ECERT_WRITE_FIXTURES";

/// A scenario that is kept as a fixture, in a folder of its own.
pub struct Fixture {
    /// Name of the folder.
    pub name: String,
    /// What is judged.
    pub scenario: Scenario,
    /// The one rule that fails; none where all are well.
    pub fails: Option<&'static str>,
}

impl Fixture {
    /// One that no rule finds anything wrong with.
    #[must_use]
    pub fn clean(name: &str, scenario: Scenario) -> Self {
        Self { name: name.into(), scenario, fails: None }
    }

    /// One that fails a rule, and that rule alone; it bears the rule's name.
    #[must_use]
    pub fn fails(rule: &'static str, scenario: Scenario) -> Self {
        Self { name: rule.into(), scenario, fails: Some(rule) }
    }

    /// Another name, where several fail the same rule.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: name.into(), ..self }
    }
}

/// Asserts that each scenario comes out as its fixture says, that every rule
/// passes in one of them and fails in another, and that the files below
/// `folder/fixtures` hold just these cases and tables.
///
/// With `ECERT_WRITE_FIXTURES=1` in the environment the files are written;
/// `ecert plugin test --update` then adds what the sandbox answers. A scenario
/// is changed in one respect from another that is clean, so reviewing the
/// fixtures means reviewing the scenarios.
///
/// # Panics
/// When something is not so, or a file cannot be read or written.
pub fn assert_fixtures<R: RuleSet>(folder: &str, fixtures: &[Fixture]) {
    let folder = Path::new(folder).join("fixtures");
    let (mut passed, mut failed) = (BTreeSet::new(), BTreeSet::new());
    let mut manifest = None;
    for fixture in fixtures {
        let scenario = placed(&fixture.scenario);
        let judged = scenario.judge::<R>();
        judge(fixture, &judged);
        for rule in &judged.manifest.rules {
            let verdicts = judged.verdicts(&rule.id);
            if verdicts.contains(&Verdict::Passed) {
                passed.insert(rule.id.clone());
            }
            if verdicts.contains(&Verdict::Failed) {
                failed.insert(rule.id.clone());
            }
        }
        keep(&folder.join(&fixture.name), &scenario, &judged.manifest);
        manifest = Some(judged.manifest);
    }
    let manifest = manifest.expect("at least one fixture");
    let all: BTreeSet<String> = manifest.rules.iter().map(|rule| rule.id.clone()).collect();
    let lacking = |seen: &BTreeSet<String>| all.difference(seen).cloned().collect::<Vec<_>>();
    assert_eq!(lacking(&passed), [""; 0], "rules that no fixture passes");
    assert_eq!(lacking(&failed), [""; 0], "rules that no fixture fails");
}

fn judge(fixture: &Fixture, judged: &Judged) {
    let Fixture { name, fails, .. } = fixture;
    let failing =
        judged.manifest.rules.iter().filter(|rule| judged.verdicts(&rule.id).contains(&Verdict::Failed));
    let failing: Vec<&str> = failing.map(|rule| rule.id.as_str()).collect();
    let messages: Vec<String> = failing.iter().flat_map(|rule| judged.messages(rule)).collect();
    assert_eq!(failing, fails.as_slice(), "fixture {name}: {messages:?}");
    if let Some(rule) = fails {
        judged.assert_failed(rule);
    }
}

/// The scenario with places, as if each document had been read from a message,
/// so that findings say what they are about.
fn placed(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.case.declaration = numbered::<Declaration>(&scenario.case.declaration);
    for cited in &mut scenario.case.certificates {
        cited.certificate = numbered::<Certificate>(&cited.certificate);
    }
    scenario
}

fn numbered<T: Serialize + DeserializeOwned>(document: &T) -> T {
    let mut value = serde_json::to_value(document).expect("documents are JSON");
    number(&mut value, &mut 0);
    serde_json::from_value(value).expect("a place more or less changes nothing else")
}

fn number(value: &mut Value, last: &mut u32) {
    match value {
        Value::Object(members) => {
            *last += 1;
            members.insert("place".into(), (*last).into());
            members.iter_mut().for_each(|(_, member)| number(member, last));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| number(element, last)),
        _ => {}
    }
}

/// A case as it stands in a file: parameters are objects.
#[derive(Serialize, Deserialize)]
struct CaseFile {
    dates: CaseDates,
    declaration: Declaration,
    certificates: Vec<CitedCertificate>,
    citations: Vec<Citation>,
    pairings: Vec<Pairing>,
    due: Vec<DueItem>,
    parameters: Vec<Value>,
}

fn keep(folder: &Path, scenario: &Scenario, manifest: &Manifest) {
    let Case { declaration, certificates, citations, pairings, due, parameters, dates } =
        scenario.case.clone();
    let parameters =
        parameters.iter().map(|text| serde_json::from_str(text).expect("parameters are JSON")).collect();
    let file = CaseFile { dates, declaration, certificates, citations, pairings, due, parameters };
    let text = serde_json::to_string_pretty(&file).expect("a case is JSON");
    keep_file(&folder.join("case.json"), &(text + "\n"));
    for (name, rows) in scenario.tables.all() {
        let table = manifest.tables.iter().find(|table| table.name == name);
        let table = table.unwrap_or_else(|| panic!("the rule set does not look up `{name}`"));
        let mut text =
            table.keys.iter().chain(&table.columns).map(String::as_str).collect::<Vec<_>>().join(",");
        text.push_str(",validFrom,validUntil\n");
        for (key, row) in rows {
            let cells = key.iter().chain(&row.cells).map(|cell| quoted(cell));
            let day = |day: Option<_>| {
                day.map_or_else(String::new, |day: ecert_model::values::Date| day.to_string())
            };
            let cells = cells.chain([day(row.valid_from), day(row.valid_until)]);
            let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join(","));
        }
        keep_file(&folder.join(format!("tables/{name}.csv")), &text);
    }
}

/// A cell by RFC 4180.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into() }
}

fn keep_file(file: &Path, text: &str) {
    if std::env::var_os(WRITE).is_some() {
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("a folder that can be made");
        fs::write(file, text).expect("a file that can be written");
    }
    let kept = fs::read_to_string(file).unwrap_or_default();
    assert!(kept == text, "{} is not what its scenario makes: set {WRITE}=1 to write it", file.display());
}
