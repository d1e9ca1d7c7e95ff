//! The adapters of this family together: each message is surest to one of them,
//! and each reads what it takes for its own.

use std::path::{Path, PathBuf};

use adapter_testing::{any_message, codes, samples};
use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::readings::{ProblemSeverity, Reading};
use ippc_hub::IppcHub;
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;

type Reader = fn(&[u8]) -> Option<(u8, String, Reading)>;

fn read<A: Adapter>(message: &[u8]) -> Option<(u8, String, Reading)> {
    let (format, confidence) = adapter_testing::recognised::<A>(message)?;
    let reading = A::read(message, &format);
    Some((confidence, format, reading))
}

/// The reading of the adapter that is surest, as a host chooses it.
fn surest(message: &[u8]) -> Option<(String, Reading)> {
    let family: [Reader; 3] = [read::<UncefactSps>, read::<IppcHub>, read::<TracesNt>];
    let mut readings: Vec<_> = family.iter().filter_map(|read| read(message)).collect();
    readings.sort_by_key(|(confidence, ..)| std::cmp::Reverse(*confidence));
    if let [first, second, ..] = readings.as_slice() {
        assert_ne!(first.0, second.0, "{} and {} are equally sure", first.1, second.1);
    }
    readings.into_iter().next().map(|(_, format, reading)| (format, reading))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("bad") {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            found.push(path);
        }
    }
}

fn examples() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/messages")), &mut found);
    found
}

#[test]
fn examples_are_read_without_problems() {
    let mut read = 0;
    for path in examples() {
        let message = std::fs::read(&path).expect("a message");
        let Some((_, reading)) = surest(&message) else { continue };
        let grave = reading.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Warning);
        assert_eq!(grave.count(), 0, "{}: {:?}", path.display(), reading.problems);
        assert_eq!(reading.unmapped, [], "{}", path.display());
        assert_eq!(reading.documents.len(), 1, "{}", path.display());
        read += 1;
    }
    assert!(read > 50, "only {read} examples are certificates");
}

#[test]
fn samples_are_read_or_refused_for_a_reason() {
    let expected = [
        ("ippc-ephyto-ar-17.xml", "uncefact-sps-17", ""),
        ("ippc-hub-envelope-bo-malformed.xml", "uncefact-sps-17", "xml-undeclared-prefix"),
        ("traces-ched-v2-chedpp-xi.xml", "traces-ched-v2", ""),
        ("traces-cheda-horse-replacing.xml", "traces-ched-v1", "no-number"),
        ("traces-cheda-horse-submission.xml", "traces-ched-v1", "no-number"),
        ("traces-chedpp-de-malformed.xml", "uncefact-sps-17", "xml-undeclared-prefix"),
    ];
    let mut paths = Vec::new();
    files(&samples::folder().join("certificates"), &mut paths);
    paths.sort();
    let read = paths.iter().map(|path| {
        let (format, reading) = surest(&std::fs::read(path).expect("a message")).expect("a known format");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, format, codes(&reading).concat())
    });
    let expected =
        expected.map(|(name, format, codes)| (name.to_owned(), format.to_owned(), codes.to_owned()));
    assert_eq!(read.collect::<Vec<_>>(), expected);
}

#[test]
fn damaged_messages_are_read_steadily() {
    let examples = examples();
    let example = |name: &str| {
        let path = examples.iter().find(|path| path.ends_with(name)).expect(name);
        std::fs::read(path).expect("a message")
    };
    let (bare, traces) =
        (example("clean/oranges/certificate.xml"), example("clean/entry-document/certificate-2.xml"));
    let hub = include_bytes!("../../../adapters/ippc-hub/fixtures/escaped/message.xml");
    any_message::are_read_steadily::<UncefactSps>(&[&bare, &traces, hub]);
    any_message::are_read_steadily::<TracesNt>(&[&bare, &traces]);
    any_message::are_read_steadily::<IppcHub>(&[&bare, hub]);
}
