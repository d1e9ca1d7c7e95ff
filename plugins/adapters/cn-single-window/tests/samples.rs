//! Reads real messages, which are not part of the project.

use adapter_testing::samples;
use cn_single_window::{CnSingleWindow, JSON, XML};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::declarations::{Declaration, Direction};
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::ProblemSeverity;
use ecert_sdk::model::values::{Code, Measure};

/// The declaration of a file of which nothing is unmapped, and the codes of its
/// problems.
fn declaration(name: &str, format: &str) -> (Declaration, Vec<String>) {
    let message = samples::message(&format!("declarations/{name}"));
    let recognised = adapter_testing::recognised::<CnSingleWindow>(&message);
    assert_eq!(recognised.map(|(format, _)| format).as_deref(), Some(format));
    let mut reading = CnSingleWindow::read(&message, format);
    assert_eq!(reading.unmapped, []);
    assert!(reading.problems.iter().all(|problem| problem.severity != ProblemSeverity::Fatal));
    assert_eq!(CnSingleWindow::read(&message, format).problems, reading.problems);
    let problems = reading.problems.into_iter().map(|problem| problem.code).collect();
    match reading.documents.pop() {
        Some(Document::Declaration(declaration)) => (declaration, problems),
        other => panic!("{name}: {other:?}"),
    }
}

fn code(code: &Option<Code>) -> (&str, &str) {
    code.as_ref().map_or(("", ""), |code| (code.code_list.as_deref().unwrap_or(""), &code.value))
}

fn measure(measure: &Measure) -> String {
    let unit = measure.unit.as_deref().or(measure.unit_as_written.as_deref()).unwrap_or_default();
    format!("{} {unit}", measure.value)
}

#[test]
fn samples_export_in_xml() {
    let (declaration, problems) = declaration("cn-single-window-export.xml", XML);
    // The draft bears no number yet, and names China as the origin.
    assert_eq!(problems, ["no-number", "origin-not-exchanged", "origin-not-exchanged"]);
    assert_eq!(declaration.direction, Direction::Export);
    assert_eq!(code(&declaration.destination_country), ("CN-COUNTRY", "502"));
    assert_eq!(code(&declaration.transport[0].mode), ("CN-TRANSPORT-MODE", "2"));
    assert_eq!(declaration.exporter.as_ref().unwrap().names[0].value, "深圳市某进出口贸易有限公司");
    assert_eq!(declaration.entry_place.as_ref().unwrap().names[0].value, "美国洛杉矶");
    assert_eq!(declaration.net_weight.as_ref().map(measure).as_deref(), Some("2950.25000 KGM"));
    let telephones = &declaration.items[0];
    assert_eq!(code(&telephones.origin), ("CN-COUNTRY", "142"));
    assert_eq!(code(&telephones.destination_country), ("CN-COUNTRY", "502"));
    assert_eq!(telephones.quantities.iter().map(measure).collect::<Vec<_>>(), ["500.00000 台"]);
    assert_eq!(telephones.commodity.as_ref().unwrap().class_code.as_deref(), Some("8517120000"));
}

#[test]
fn samples_import_in_json() {
    let (declaration, problems) = declaration("cn-single-window-import.json", JSON);
    assert_eq!(problems, [""; 0]);
    assert_eq!(declaration.direction, Direction::Import);
    assert_eq!(declaration.lrn.as_ref().unwrap().value, "测试报文123");
    let polymers = &declaration.items[0];
    assert_eq!(code(&polymers.origin), ("ISO3166-1", "CHN"));
    assert_eq!(polymers.net_weight.as_ref().map(measure).as_deref(), Some("49.5 CN-UNIT:070"));
    assert_eq!(polymers.containers[0].value, "ZIMU1234567");
    assert_eq!(declaration.transport[0].identifiers[0].value, "043E");
    let currency = polymers.extensions.iter().find(|extension| extension.name == "TradeCurr").unwrap();
    assert_eq!((currency.scheme.as_str(), currency.value.as_str()), ("ISO4217", "CNY"));
}
