//! From XML to JSON and back nothing is lost, nor is anything that the model
//! can hold.

use adapter_testing::any_certificate::any_document;
use adapter_testing::{assert_written_and_read_back, examples, samples};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::declarations::Declaration;
use ecert_sdk::model::documents::Document;
use proptest::prelude::*;
use sps_json::{FORMAT, SpsJson};
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;

/// How many documents of a message were written and read back.
fn written_back<A: Adapter>(message: &[u8]) -> usize {
    if adapter_testing::recognised::<A>(message).is_none() {
        return 0;
    }
    let documents = adapter_testing::read::<A>(message).documents;
    for document in &documents {
        assert_written_and_read_back::<SpsJson>(&examples::without_files(document.clone()), FORMAT);
    }
    documents.len()
}

#[test]
fn examples_in_xml_are_written_as_json() {
    let messages = examples::messages("xml").into_iter().map(|path| std::fs::read(path).expect("a message"));
    let written: usize = messages
        .map(|message| written_back::<UncefactSps>(&message) + written_back::<TracesNt>(&message))
        .sum();
    assert!(written > 50, "only {written} certificates");
}

#[test]
fn samples_are_written_as_json() {
    for extension in ["xml", "json"] {
        for path in examples::files(&samples::folder().join("certificates"), extension) {
            let message = std::fs::read(path).expect("a message");
            written_back::<UncefactSps>(&message);
            written_back::<TracesNt>(&message);
            written_back::<SpsJson>(&message);
        }
    }
}

#[test]
fn what_the_standard_has_not_is_refused() {
    let refused =
        SpsJson::write(&Document::Declaration(Declaration::default()), FORMAT).expect_err("no message");
    assert_eq!(refused[0].code, "not-expressible");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn any_document_is_written_and_read_back(document in any_document()) {
        assert_written_and_read_back::<SpsJson>(&document, FORMAT);
    }
}
