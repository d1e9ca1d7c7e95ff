//! The example messages, read by the real adapters, come out as their index
//! says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ecert_sdk::adapter::Adapter;
use ecert_sdk::commodity;
use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::declarations::Declaration;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;
use ecert_sdk::model::reports::Severity;
use ecert_sdk::tables::Row;
use ecert_sdk::testing::{Scenario, date};
use goods::establishments::TABLE;
use meat::Meat;
use serde_json::Value;
use uncefact_sps::UncefactSps;
use wco_declaration::WcoDeclaration;

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../examples")
}

fn text(path: &str) -> String {
    let path = examples().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read<A: Adapter>(file: &Value) -> Reading {
    let message = text(&format!("messages/{}", file["file"].as_str().expect("a file")));
    let recognised = A::recognise(message.as_bytes()).expect("a format it knows");
    A::read(message.as_bytes(), &recognised.format)
}

fn certificates(files: &Value) -> Vec<Certificate> {
    let documents =
        files.as_array().into_iter().flatten().flat_map(|file| read::<UncefactSps>(file).documents);
    let certificate = |document| match document {
        Document::Certificate(certificate) => Some(certificate),
        _ => None,
    };
    documents.filter_map(certificate).collect()
}

fn declaration(file: &Value) -> Declaration {
    let found = read::<WcoDeclaration>(file).documents.into_iter().find_map(|document| match document {
        Document::Declaration(declaration) => Some(declaration),
        _ => None,
    });
    found.expect("a declaration")
}

/// The case as the host would put it together, as far as these rules look:
/// items of the rule set's scope, and lines with their six digits.
fn scenario(declaration: Declaration, certificates: Vec<Certificate>) -> Scenario {
    let mut scenario = Scenario::of(declaration, certificates).parameters(&text("parameters/meat.json"));
    let case = &mut scenario.case;
    case.due.retain(|due| {
        let code = six_digits(case.declaration.items[due.item as usize].commodity.as_slice());
        code.is_some_and(|code| ["02", "1601", "1602"].iter().any(|prefix| code.starts_with(prefix)))
    });
    let mut pairings = Vec::new();
    for citation in &case.citations {
        let (Some(item), Some(certificate)) = (citation.item, citation.certificate) else { continue };
        let declared = six_digits(case.declaration.items[item as usize].commodity.as_slice());
        let lines = &case.certificates[certificate as usize].certificate.consignment.lines;
        for (line, certified) in (0..).zip(lines) {
            if six_digits(&certified.classifications) == declared {
                pairings.push((item, certificate, line));
            }
        }
    }
    let mut scenario = scenario.pair(&pairings);
    for row in text("tables/approved-establishments.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [country, number, activity, species, status, from, until] = cells[..] else { panic!("{row}") };
        let day = |text: &str| (!text.is_empty()).then(|| date(text));
        let cells = [activity, species, status].map(String::from).to_vec();
        let row = Row { cells, valid_from: day(from), valid_until: day(until) };
        scenario.tables.add_row(TABLE.name, &[country, number], row);
    }
    scenario
}

fn six_digits(classifications: &[ecert_sdk::model::parts::Classification]) -> Option<String> {
    let mut digits = commodity::digits(commodity::of(classifications)?.class_code.as_deref()?)?;
    digits.truncate(6);
    Some(digits)
}

/// Whether a file is in a format of this adapter; other formats are judged by
/// the host, with all adapters.
fn is_read_by<A: Adapter>(file: &Value) -> bool {
    let message = text(&format!("messages/{}", file["file"].as_str().expect("a file")));
    A::recognise(message.as_bytes()).is_some()
}

#[test]
fn every_example_comes_out_as_expected() {
    let index: Value = serde_json::from_str(&text("messages/index.json")).expect("an index");
    let mut judged = 0;
    for example in index["cases"].as_array().expect("cases") {
        for declared in example["declarations"].as_array().into_iter().flatten() {
            let id = &example["id"];
            let mut certificates_read = example["certificates"].as_array().into_iter().flatten();
            if !is_read_by::<WcoDeclaration>(declared) || !certificates_read.all(is_read_by::<UncefactSps>) {
                continue;
            }
            let scenario = scenario(declaration(declared), certificates(&example["certificates"]));
            if scenario.case.due.is_empty() {
                continue;
            }
            let expected: BTreeSet<&str> = declared["findings"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|finding| finding["ruleSet"] == "meat")
                .filter_map(|finding| finding["rule"].as_str())
                .collect();
            let result = scenario.judge::<Meat>();
            let found: BTreeSet<&str> = result.stopping().into_iter().collect();
            let messages: Vec<_> = found.iter().flat_map(|rule| result.messages(rule)).collect();
            assert_eq!(found, expected, "{id}: {messages:?}");
            let refused =
                result.report.findings.iter().any(|finding| finding.severity == Severity::Prohibition);
            assert!(!refused || declared["verdict"] == "refuse", "{id}");
            judged += 1;
        }
    }
    assert!(judged > 40, "only {judged} examples concern meat");
}
