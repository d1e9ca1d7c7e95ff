//! The project's example messages.

use std::path::{Path, PathBuf};

use ecert_sdk::model::documents::Document;
use ecert_sdk::model::parts::{AttachmentEncoding, ReferencedDocument};

/// The example messages with one extension of a file name, those left out that
/// cannot be read.
#[must_use]
pub fn messages(extension: &str) -> Vec<PathBuf> {
    let examples = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../examples/messages"));
    let mut found = files(examples, extension);
    found.retain(|path| !path.components().any(|step| step.as_os_str() == "bad"));
    found
}

/// All files below a folder with one extension, sorted.
#[must_use]
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The document without the files that came with it.
#[must_use]
pub fn without_files(mut document: Document) -> Document {
    let leave_out = |documents: &mut Vec<ReferencedDocument>| {
        for document in documents {
            document.attachments.retain(|it| it.encoding == AttachmentEncoding::External);
        }
    };
    match &mut document {
        Document::Certificate(certificate) => {
            leave_out(&mut certificate.referenced_documents);
            leave_out(&mut certificate.consignment.transport_documents);
            certificate.consignment.lines.iter_mut().for_each(|it| leave_out(&mut it.referenced_documents));
        }
        Document::Acknowledgement(answer) => leave_out(&mut answer.subjects),
        _ => {}
    }
    document
}
