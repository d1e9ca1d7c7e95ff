//! What the adapters' tests share: reading a message as a host would, small
//! certificates, the real messages, and what must hold for every message.

#![expect(clippy::missing_panics_doc, reason = "these are tests: they panic where something is wrong")]

pub mod any_message;
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

/// The bytes of a message that a place stands for.
#[must_use]
pub fn at<'m>(reading: &Reading, place: u32, message: &'m [u8]) -> &'m str {
    let entry = reading.places[place as usize];
    std::str::from_utf8(&message[entry.start as usize..entry.end as usize]).expect("whole characters")
}
