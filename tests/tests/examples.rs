//! Every example message through the real host and the real plugins.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ecert_tests::examples::{self, COUNTRIES, Case, Finding};
use ecert_tests::{Client, Host, Setup, file, root};
use serde_json::{Value, json};

/// Who delivers and lodges.
struct Senders {
    hub: Client,
    forwarder: Client,
    customs: Client,
}

impl Senders {
    fn of(host: &Host) -> Self {
        Self {
            hub: host.client("partner", &COUNTRIES),
            forwarder: host.client("partner", &["PA"]),
            customs: host.client("operator", &[]),
        }
    }
}

#[test]
fn every_example_comes_to_its_verdict() {
    all_examples(Setup::default());
}

#[test]
fn postgres_every_example_comes_to_its_verdict() {
    let server = ecert_tests::postgres::Database::create("examples");
    all_examples(Setup { database: Some(server.url()), ..Setup::default() });
}

fn all_examples(setup: Setup) {
    let host = setup.furnished();
    let senders = Senders::of(&host);
    let mut wrong = String::new();
    let mut kinds_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in examples::index().cases {
        let Outcome { differences, verifications } = run(&senders, &case);
        if !differences.is_empty() {
            let _ = writeln!(wrong, "{} ({}):\n{differences}", case.id, case.kind);
        }
        for subject in verifications.iter().flat_map(|record| subjects(record, &case.kind)) {
            kinds_of.entry(subject).or_default().insert(case.kind.clone());
        }
    }
    assert!(wrong.is_empty(), "these examples come out otherwise than expected:\n{wrong}");
    for subject in rule_sets().chain(partners()) {
        let kinds = kinds_of.entry(subject.clone()).or_default();
        let all = ["lawful", "discrepancy"].iter().all(|&kind| kinds.contains(kind));
        assert!(all, "{subject} has only cases of the kinds {kinds:?}");
    }
}

/// What a case stands for: the partners whose certificates it cites, and the
/// rule sets that judged it; where something is wrong, those that found it.
fn subjects(record: &Value, kind: &str) -> Vec<String> {
    let texts = |list: &str, member: &str| -> Vec<String> {
        let entries = record[list].as_array().into_iter().flatten();
        entries.filter_map(|entry| entry[member].as_str().map(ToOwned::to_owned)).collect()
    };
    let rule_sets =
        if kind == "discrepancy" { texts("findings", "source") } else { texts("ruleSets", "name") };
    [rule_sets, texts("certificates", "country")].concat()
}

fn rule_sets() -> impl Iterator<Item = String> {
    let folders = std::fs::read_dir(root().join("plugins/rules")).expect("the rule sets");
    folders.map(|folder| folder.expect("a folder").file_name().to_string_lossy().into_owned())
}

/// The partners of the agreements.
fn partners() -> impl Iterator<Item = String> {
    let agreements: Vec<Value> =
        serde_json::from_slice(&file("examples/agreements.json")).expect("agreements");
    agreements.into_iter().map(|terms| terms["partner"].as_str().expect("a partner").to_owned())
}

/// A second publication of everything, so that newer versions and other tables
/// are in force than those that judged.
fn move_on(host: &Host) {
    for name in ["certificate-consistency", "meat"] {
        let address = format!("/v1/plugins/{name}/0.1.0/retirement");
        let _ = host.admin.json("POST", &address, &json!({"reason": "its time is over"})).expect(200);
    }
    for table in ["requirements", "approved-establishments", "issuing-authorities"] {
        let headers = [("content-type", "application/json")];
        let _ = host.admin.send("PUT", &format!("/v1/tables/{table}"), &headers, b"[]").expect(200);
    }
}

fn all_replay(setup: Setup) {
    let mut host = setup.furnished();
    let senders = Senders::of(&host);
    for case in examples::index().cases {
        let _ = run(&senders, &case);
    }
    let ids = verifications(&host);
    assert!(ids.len() >= 170, "only {} verifications", ids.len());
    let all_identical = |host: &Host| {
        for id in &ids {
            let replay = host.admin.json("POST", &format!("/v1/verifications/{id}/replay"), &json!({}));
            let replay = replay.expect(200).json();
            assert_eq!(replay["outcome"], "identical", "{replay:#}");
            assert_eq!(replay["recorded"], replay["replayed"]);
            assert_eq!(replay["differences"], Value::Null);
        }
    };
    all_identical(&host);
    move_on(&host);
    all_identical(&host);
    assert!(host.stop());
    host.restart();
    all_identical(&host);
}

/// All verifications of a host.
fn verifications(host: &Host) -> Vec<String> {
    let listed = host.admin.get("/v1/verifications?limit=500").expect(200).json();
    let id = |entry: &Value| entry["id"].as_str().unwrap_or_default().to_owned();
    listed["items"].as_array().expect("a list").iter().map(id).collect()
}

#[test]
fn every_example_replays_byte_for_byte() {
    all_replay(Setup::default());
}

#[test]
fn postgres_every_example_replays_byte_for_byte() {
    let server = ecert_tests::postgres::Database::create("replays");
    all_replay(Setup { database: Some(server.url()), ..Setup::default() });
}

/// What became of a case.
struct Outcome {
    /// How it differs from what is expected.
    differences: String,
    verifications: Vec<Value>,
}

/// Runs a case.
fn run(senders: &Senders, case: &Case) -> Outcome {
    let mut differences = String::new();
    let mut verifications = Vec::new();
    for certificate in &case.certificates {
        let sender = if certificate.sender.is_some() { &senders.forwarder } else { &senders.hub };
        let answer = sender.message("/v1/certificates", &certificate.file);
        if answer.status != 201 {
            let _ = writeln!(differences, "  {}: {} {}", certificate.file, answer.status, answer.text());
        }
    }
    for declaration in &case.declarations {
        let answer = senders.customs.message("/v1/declarations", &declaration.file);
        if answer.status != 200 {
            let _ = writeln!(differences, "  {}: {} {}", declaration.file, answer.status, answer.text());
            continue;
        }
        let verification = answer.json();
        let verdict = verification["verdict"].as_str().unwrap_or("none");
        if verdict != declaration.verdict {
            let _ =
                writeln!(differences, "  {}: {verdict}, expected {}", declaration.file, declaration.verdict);
        }
        let mut expected = declaration.findings.clone();
        expected.sort();
        let found = findings(&verification, case.kind == "lawful");
        if found != expected && !(case.kind == "lawful" && found.is_empty()) {
            let _ = writeln!(differences, "    found {found:?}\n    expected {expected:?}");
        }
        verifications.push(verification);
    }
    for message in &case.messages {
        let answer = senders.hub.message("/v1/certificates", &message.file);
        let codes = problem_codes(&answer.json());
        if answer.status != 422 || codes != message.problems {
            let _ = writeln!(differences, "  {}: {} {}", message.file, answer.status, answer.text());
        }
    }
    Outcome { differences, verifications }
}

/// The findings of the rule sets; of a lawful case, whoever found it, those
/// that an officer would have to look at.
fn findings(record: &Value, lawful: bool) -> Vec<Finding> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut findings = Vec::new();
    for finding in record["findings"].as_array().into_iter().flatten() {
        let (rule_set, severity) = (text(&finding["source"]), text(&finding["severity"]));
        let grave = matches!(severity.as_str(), "discrepancy" | "prohibition");
        if if lawful { !grave } else { rule_set == "host" } {
            continue;
        }
        let item = finding["item"].as_u64().and_then(|index| usize::try_from(index).ok());
        let item = item.and_then(|index| record["declaration"]["items"][index]["sequence"].as_u64());
        let item = item.and_then(|sequence| u32::try_from(sequence).ok());
        findings.push(Finding { rule_set, rule: text(&finding["rule"]), severity, item });
    }
    findings.sort();
    findings
}

fn problem_codes(problem: &Value) -> Vec<String> {
    let problems = problem["problems"].as_array().filter(|problems| !problems.is_empty());
    let code = |value: &Value| value["code"].as_str().unwrap_or_default().to_owned();
    problems.map_or_else(|| vec![code(problem)], |problems| problems.iter().map(code).collect())
}
