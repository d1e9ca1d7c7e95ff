//! Short declarations, and what becomes of them. Whole ones are fixtures.

use std::path::{Path, PathBuf};

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::readings::{Problem, ProblemSeverity, Reading};
use wco_declaration::{FORMAT, WcoDeclaration};

fn read(message: &str) -> Reading {
    WcoDeclaration::read(message.as_bytes(), FORMAT)
}

/// Problems as people see them: line, severity, code, text.
fn told(reading: &Reading) -> Vec<String> {
    let line = |problem: &Problem| reading.places[problem.place as usize].line;
    let tell = |problem: &Problem| {
        format!("{}: {:?} {}: {}", line(problem), problem.severity, problem.code, problem.text)
    };
    reading.problems.iter().map(tell).collect()
}

fn codes(message: &str) -> Vec<String> {
    read(message).problems.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn what_is_no_declaration_gives_problems() {
    assert_eq!(codes("<Invoice/>"), ["not-a-declaration"]);
    assert_eq!(codes("<MetaData><Other/></MetaData>"), ["not-a-declaration"]);
    assert_eq!(codes("not XML").len(), 1);
    assert_eq!(codes("").len(), 1);
    let empty =
        r#"<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><TypeCode>IMA</TypeCode></Declaration>"#;
    assert_eq!(codes(empty), ["no-number", "declaration-without-items"]);
    assert!(read(empty).documents.is_empty());
}

#[test]
fn a_request_to_cancel_needs_no_items() {
    let request = r#"<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>13</FunctionCode>
        <FunctionalReferenceID>FIX-3</FunctionalReferenceID><TypeCode>IMD</TypeCode></Declaration>"#;
    let reading = read(request);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.documents.len(), 1);
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    let sure = |head: &str| WcoDeclaration::recognise(head.as_bytes()).map(|found| found.confidence);
    assert_eq!(sure(r#"<Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">"#), Some(100));
    assert_eq!(sure("<MetaData>\n<WCOTypeName>RES</WCOTypeName>"), Some(90));
    assert_eq!(sure("<SPSCertificate/>"), None);
    assert_eq!(sure(""), None);
}

/// Whatever is cut off or left out, reading ends with problems or documents.
#[test]
fn mutilated_messages_never_panic() {
    let message = include_str!("../fixtures/complete/message.xml");
    for end in (0..message.len()).step_by(7) {
        let reading = WcoDeclaration::read(&message.as_bytes()[..end], FORMAT);
        assert!(reading.documents.is_empty(), "{end} bytes of a declaration are none");
        assert_eq!(reading.problems.len(), 1);
    }
    let lines: Vec<&str> = message.lines().collect();
    for left_out in 0..lines.len() {
        let others = lines.iter().enumerate().filter(|(line, _)| *line != left_out);
        let rest: Vec<&str> = others.map(|(_, line)| *line).collect();
        let reading = read(&rest.join("\n"));
        assert!(!reading.documents.is_empty() || !reading.problems.is_empty(), "without line {left_out}");
    }
    for number in ["", "-", "1e9", "99999999999999999999", "NULL", "1,5", "٣"] {
        let odd =
            message.replace(">1000.5<", &format!(">{number}<")).replace(">1100<", &format!(">{number}<"));
        assert_eq!(read(&odd).documents.len(), 1, "{number}");
    }
}

/// The declarations among the bad examples give the codes that the index names.
#[test]
fn bad_examples_give_their_codes() {
    let entity = include_str!("../../../../examples/messages/bad/entity/declaration.xml");
    assert_eq!(codes(entity), ["xml-doctype"]);
    let empty = include_str!("../../../../examples/messages/bad/no-number-no-items/declaration.xml");
    assert_eq!(codes(empty), ["no-number", "declaration-without-items"]);
}

/// Every declaration of this format among the example messages, the bad ones
/// apart.
#[test]
fn example_declarations_are_read_whole() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../examples/messages");
    let mut files = Vec::new();
    for kind in ["clean", "lawful", "discrepancy", "bench"] {
        declarations_below(&examples.join(kind), &mut files);
    }
    assert!(files.len() > 80, "only {} example declarations", files.len());
    for file in files {
        let message = std::fs::read(&file).unwrap();
        if WcoDeclaration::recognise(&message).is_none() {
            continue;
        }
        let reading = WcoDeclaration::read(&message, FORMAT);
        let grave = reading.problems.iter().any(|problem| problem.severity >= ProblemSeverity::Error);
        assert!(!grave, "{}: {:?}", file.display(), told(&reading));
        assert_eq!(reading.unmapped, [], "{}", file.display());
        assert_eq!(reading.documents.len(), 1, "{}", file.display());
    }
}

fn declarations_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() {
            declarations_below(&path, files);
        } else if name.starts_with("declaration") {
            files.push(path);
        }
    }
}
