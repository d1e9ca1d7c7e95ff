//! What a certificate says about a subject, wherever its dialect puts it.

use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::declarations::SupportingDocument;
use ecert_sdk::model::parts::Note;
use ecert_sdk::model::values::{Extension, Place};
use ecert_sdk::rules::{ItemCheck, Line};

use crate::same_words;

/// A code or a text about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated<'a> {
    /// What it says.
    pub value: &'a str,
    /// Where.
    pub place: Place,
}

/// What a line says about a subject, in notes and extensions of any of these
/// names; where it says nothing, what the consignment says, else the
/// certificate.
pub fn about<'a>(line: &Line<'a>, subjects: &[&str]) -> Vec<Stated<'a>> {
    let certificate = line.cited.certificate;
    let levels = [
        (&line.line.notes, &line.line.extensions),
        (&certificate.consignment.notes, &certificate.consignment.extensions),
        (&certificate.notes, &certificate.extensions),
    ];
    let said = levels.into_iter().map(|(notes, extensions)| found(notes, extensions, subjects));
    said.into_iter().find(|said| !said.is_empty()).unwrap_or_default()
}

/// What a certificate says about a subject outside its lines.
pub fn of_certificate<'a>(certificate: &'a Certificate, subjects: &[&str]) -> Vec<Stated<'a>> {
    let consignment = &certificate.consignment;
    let mut all = found(&certificate.notes, &certificate.extensions, subjects);
    all.extend(found(&consignment.notes, &consignment.extensions, subjects));
    all
}

fn found<'a>(notes: &'a [Note], extensions: &'a [Extension], subjects: &[&str]) -> Vec<Stated<'a>> {
    let is_one = |name: &str| subjects.iter().any(|subject| same_words(subject, name));
    let notes =
        notes.iter().filter(|note| note.subject.as_ref().is_some_and(|subject| is_one(&subject.value)));
    let said = notes.flat_map(|note| {
        let codes = note.content_codes.iter().map(|code| Stated { value: &code.value, place: code.place });
        codes.chain(note.contents.iter().map(|text| Stated { value: &text.value, place: text.place }))
    });
    let kept = extensions.iter().filter(|one| is_one(&one.name));
    said.chain(kept.map(|one| Stated { value: &one.value, place: one.place })).collect()
}

/// The supporting documents of an item, and of the declaration as a whole,
/// whose type is one of these, with or without the letter of its category
/// (`N853`, `853`).
pub fn documents<'a, P>(check: &ItemCheck<'a, P>, types: &[String]) -> Vec<&'a SupportingDocument> {
    let bare =
        |code: &str| code.trim().trim_start_matches(|sign: char| sign.is_ascii_alphabetic()).to_owned();
    let is_one = |document: &&SupportingDocument| {
        document.type_code.as_ref().is_some_and(|own| {
            types.iter().any(|code| same_words(code, &own.value) || *code == bare(&own.value))
        })
    };
    check.item().documents.iter().chain(&check.declaration().documents).filter(is_one).collect()
}
