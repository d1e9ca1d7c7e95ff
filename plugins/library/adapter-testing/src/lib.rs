//! What the adapters' tests share: reading a message as a host would, small
//! certificates, the real messages, and what must hold for every message.

#![expect(clippy::missing_panics_doc, reason = "these are tests: they panic where something is wrong")]

pub mod any_certificate;
pub mod any_message;
pub mod examples;
pub mod samples;
pub mod sps;
pub mod told;

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::certificates::Certificate;
use ecert_sdk::model::documents::Document;
use ecert_sdk::model::readings::Reading;

/// How much of a message a host shows when it asks whose it is.
pub const HEAD: usize = 4096;

/// What the adapter takes a message for, and how surely.
#[must_use]
pub fn recognised<A: Adapter>(message: &[u8]) -> Option<(String, u8)> {
    let recognition = A::recognise(&message[..message.len().min(HEAD)])?;
    Some((recognition.format, recognition.confidence))
}

/// Reads a message as what it is recognised for, else as the adapter's first
/// format.
#[must_use]
pub fn read<A: Adapter>(message: &[u8]) -> Reading {
    let (format, _) = recognised::<A>(message).unwrap_or_else(|| (A::about().formats[0].id.into(), 0));
    A::read(message, &format)
}

/// Codes of the problems, in order.
#[must_use]
pub fn codes(reading: &Reading) -> Vec<&str> {
    reading.problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// The only document, which is a certificate.
#[must_use]
pub fn certificate(reading: &Reading) -> &Certificate {
    match reading.documents.as_slice() {
        [Document::Certificate(certificate)] => certificate,
        other => panic!("one certificate, not {other:?}; {:?}", reading.problems),
    }
}

/// A document as JSON without its places: equal for documents that say the
/// same.
#[must_use]
pub fn said(document: &Document) -> serde_json::Value {
    let mut said = serde_json::to_value(document).expect("a document");
    leave_places_out(&mut said);
    said
}

fn leave_places_out(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            members.remove("place");
            members.values_mut().for_each(leave_places_out);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(leave_places_out),
        _ => {}
    }
}

/// Writes a document, reads what was written, and compares. Files that came
/// with it are not written: their bytes are in the original alone.
#[track_caller]
pub fn assert_written_and_read_back<A: Adapter>(document: &Document, format: &str) {
    let written = A::write(document, format).unwrap_or_else(|problems| panic!("{problems:?}"));
    let reading = A::read(&written, format);
    let message = String::from_utf8_lossy(&written);
    assert_eq!(reading.unmapped, [], "{message}");
    let [again] = reading.documents.as_slice() else {
        panic!("{:?} of {message}", reading.problems);
    };
    let (said, again) = (said(document), said(again));
    if said != again {
        panic!("{} in {message}", first_difference("", &said, &again));
    }
}

/// Where two documents differ first.
fn first_difference(path: &str, one: &serde_json::Value, other: &serde_json::Value) -> String {
    use serde_json::Value;
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys = one.keys().chain(other.keys());
            let differs = |key: &&String| one.get(*key) != other.get(*key);
            let key = keys.clone().find(differs).map_or("", String::as_str);
            let of = |members: &serde_json::Map<String, Value>| members.get(key).cloned().unwrap_or_default();
            first_difference(&format!("{path}/{key}"), &of(one), &of(other))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let position = one.iter().zip(other).position(|(one, other)| one != other).unwrap_or_default();
            first_difference(&format!("{path}/{position}"), &one[position], &other[position])
        }
        _ => format!("{path}: {one} became {other}"),
    }
}

/// The bytes of a message that a place stands for.
#[must_use]
pub fn at<'m>(reading: &Reading, place: u32, message: &'m [u8]) -> &'m str {
    let entry = reading.places[place as usize];
    std::str::from_utf8(&message[entry.start as usize..entry.end as usize]).expect("whole characters")
}
