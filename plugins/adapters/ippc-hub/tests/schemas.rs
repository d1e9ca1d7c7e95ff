//! What is written for the hub is valid against the schemas in its WSDL, which
//! are not part of the project; `xmllint` (of libxml2) says so.

use std::path::{Path, PathBuf};
use std::process::Command;

use adapter_testing::any_certificate::any_document;
use adapter_testing::{examples, samples};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::documents::Document;
use ippc_hub::IppcHub;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;

const FORMATS: [&str; 2] = ["ippc-hub", "ippc-ephyto"];

/// A schema that names the files of all others: they import each other by
/// namespace alone.
fn driver(folder: &Path) -> PathBuf {
    let imports: String = examples::files(&samples::folder().join("schemas/sps-ippc-hub"), "xsd")
        .iter()
        .map(|path| {
            let schema = std::fs::read_to_string(path).expect("a schema");
            let (_, rest) = schema.split_once("targetNamespace=\"").expect("a target namespace");
            let namespace = rest.split('"').next().unwrap_or_default();
            format!("<xs:import namespace=\"{namespace}\" schemaLocation=\"{}\"/>\n", path.display())
        })
        .collect();
    let driver = folder.join("driver.xsd");
    let schema =
        format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{imports}</xs:schema>\n");
    std::fs::write(&driver, schema).expect("the folder can be written to");
    driver
}

/// Writes documents in both formats and has them validated together.
#[track_caller]
fn assert_valid(name: &str, documents: &[Document]) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder for what is written");
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--schema"]).arg(driver(&folder));
    for (number, document) in documents.iter().enumerate() {
        for format in FORMATS {
            let written = IppcHub::write(document, format).unwrap_or_else(|problems| panic!("{problems:?}"));
            let path = folder.join(format!("{number}-{format}.xml"));
            std::fs::write(&path, written).expect("the folder can be written to");
            xmllint.arg(path);
        }
    }
    let output = xmllint.output().unwrap_or_else(|error| panic!("xmllint: {error}; install libxml2-utils"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}",
        said.lines().filter(|it| it.contains("error")).collect::<Vec<_>>().join("\n")
    );
}

/// Documents of messages, by whichever adapter knows them, that name what the
/// envelope must: a number, a sender and a receiver.
fn documents(paths: &[PathBuf]) -> Vec<Document> {
    let read = |path: &PathBuf| {
        let message = std::fs::read(path).expect("a message");
        let traces = adapter_testing::recognised::<TracesNt>(&message).is_some();
        let known = traces || adapter_testing::recognised::<UncefactSps>(&message).is_some();
        match known {
            true if traces => adapter_testing::read::<TracesNt>(&message).documents,
            true => adapter_testing::read::<UncefactSps>(&message).documents,
            false => Vec::new(),
        }
    };
    paths.iter().flat_map(read).filter(|document| IppcHub::write(document, FORMATS[0]).is_ok()).collect()
}

#[test]
fn samples_examples_are_valid_for_the_hub() {
    let documents = documents(&examples::messages("xml"));
    assert!(documents.len() > 50, "only {} certificates", documents.len());
    assert_valid("examples", &documents);
}

#[test]
fn samples_are_valid_for_the_hub() {
    let documents = documents(&examples::files(&samples::folder().join("certificates"), "xml"));
    assert!(documents.len() >= 2, "only {} certificates", documents.len());
    assert_valid("samples", &documents);
}

#[test]
fn samples_any_document_is_valid_for_the_hub() {
    let mut runner = TestRunner::deterministic();
    let any = any_document();
    let documents: Vec<_> =
        std::iter::repeat_with(|| any.new_tree(&mut runner).expect("a document").current())
            .map(with_whole_status)
            .filter(|document| IppcHub::write(document, FORMATS[0]).is_ok())
            .take(60)
            .collect();
    assert_valid("any", &documents);
}

/// The hub knows statuses by UNCL 4405 alone.
fn with_whole_status(mut document: Document) -> Document {
    if let Document::Acknowledgement(answer) = &mut document {
        answer.status.value = "39".into();
    }
    document
}
