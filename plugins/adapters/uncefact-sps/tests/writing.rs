//! What is written is read back to the same document.

use adapter_testing::any_certificate::any_document;
use adapter_testing::{assert_written_and_read_back, examples, samples};
use ecert_sdk::adapter::Adapter as _;
use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::declarations::Declaration;
use ecert_sdk::model::documents::Document;
use proptest::prelude::*;
use uncefact_sps::UncefactSps;

const FORMAT: &str = "uncefact-sps-17";

/// How many documents of a message were written and read back.
fn written_back(message: &[u8]) -> usize {
    if adapter_testing::recognised::<UncefactSps>(message).is_none() {
        return 0;
    }
    let documents = adapter_testing::read::<UncefactSps>(message).documents;
    for document in &documents {
        assert_written_and_read_back::<UncefactSps>(&examples::without_files(document.clone()), FORMAT);
    }
    documents.len()
}

#[test]
fn examples_are_written_and_read_back() {
    let messages = examples::messages("xml").into_iter().map(|path| std::fs::read(path).expect("a message"));
    let written: usize = messages.map(|message| written_back(&message)).sum();
    assert!(written > 50, "only {written} certificates");
}

#[test]
fn samples_are_written_and_read_back() {
    let paths = examples::files(&samples::folder().join("certificates"), "xml");
    let written = |path: &std::path::PathBuf| written_back(&std::fs::read(path).expect("a message"));
    assert_eq!(paths.iter().map(written).sum::<usize>(), 4);
}

#[test]
fn what_has_no_way_to_be_written_is_refused() {
    let codes = |document: &Document, format| -> Vec<String> {
        let problems = UncefactSps::write(document, format).expect_err("no message");
        problems.into_iter().map(|problem| problem.code).collect()
    };
    let declaration = Document::Declaration(Declaration::default());
    assert_eq!(codes(&declaration, FORMAT), ["not-expressible"]);
    let mut certificate = Certificate::default();
    assert_eq!(codes(&Document::Certificate(certificate.clone()), "uncefact-sps-8"), ["not-expressible"]);
    certificate.number.value = "A\u{1}".into();
    assert_eq!(codes(&Document::Certificate(certificate), FORMAT), ["not-expressible"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_document_is_written_and_read_back(document in any_document()) {
        assert_written_and_read_back::<UncefactSps>(&document, FORMAT);
    }
}
