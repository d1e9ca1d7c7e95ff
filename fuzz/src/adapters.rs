use ecert_sdk::adapter::Adapter;
use ippc_hub::IppcHub;
use sps_json::SpsJson;
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;
use wco_declaration::WcoDeclaration;

use crate::check;

/// Reads bytes by every adapter as every format it may be given as: no panic,
/// the same reading twice, and either a document or the reason why not.
pub fn adapters(message: &[u8]) {
    read::<IppcHub>(message);
    read::<SpsJson>(message);
    read::<TracesNt>(message);
    read::<UncefactSps>(message);
    read::<WcoDeclaration>(message);
}

fn read<A: Adapter>(message: &[u8]) {
    let recognised = A::recognise(message);
    assert_eq!(A::recognise(message), recognised);
    let recognised = recognised.map(|recognition| recognition.format);
    let formats = A::about().formats;
    assert!(recognised.as_deref().is_none_or(|id| formats.iter().any(|format| format.id == id)));
    for format in formats {
        if recognised.as_deref().is_none_or(|recognised| recognised == format.id) {
            let reading = A::read(message, format.id);
            check(message, &reading);
            assert!(
                !reading.documents.is_empty() || !reading.problems.is_empty(),
                "neither read nor refused"
            );
            assert_eq!(A::read(message, format.id), reading);
        }
    }
}
