//! Reads every certificate among the project's examples: the adapter and the
//! examples must not drift apart.

use std::path::{Path, PathBuf};

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::readings::ProblemSeverity;
use uncefact_sps::UncefactSps;

fn certificates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the examples") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("bad") {
            certificates(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "xml") {
            found.push(path);
        }
    }
}

#[test]
fn examples_are_read_without_problems() {
    let mut found = Vec::new();
    certificates(
        &PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/messages")),
        &mut found,
    );
    let mut read = 0;
    for path in found {
        let message = std::fs::read(&path).expect("a message");
        let Some(recognition) = UncefactSps::recognise(&message[..message.len().min(4096)]) else { continue };
        let reading = UncefactSps::read(&message, &recognition.format);
        let grave = reading.problems.iter().filter(|problem| problem.severity > ProblemSeverity::Warning);
        assert_eq!(grave.count(), 0, "{}: {:?}", path.display(), reading.problems);
        assert_eq!(reading.unmapped, [], "{}", path.display());
        assert_eq!(reading.documents.len(), 1, "{}", path.display());
        read += 1;
    }
    assert!(read > 50, "only {read} examples are certificates");
}
