use asycuda_sad::AsycudaSad;
use ched_clearance_json::ChedClearanceJson;
use cn_single_window::CnSingleWindow;
use eaeu_certificate::EaeuCertificate;
use ecert_sdk::adapter::Adapter;
use ippc_hub::IppcHub;
use sps_json::SpsJson;
use traces_nt::TracesNt;
use uncefact_sps::UncefactSps;
use wco_declaration::WcoDeclaration;

use crate::check;

/// How much of a message a host shows when it asks whose it is.
const HEAD: usize = 4096;

/// Reads bytes by every adapter as every format it may be given as: no panic,
/// the same reading twice, and either a document or the reason why not.
pub fn adapters(message: &[u8]) {
    let _ = confidences(message);
}

/// How sure each adapter is that a message is its own; all have read it.
pub fn confidences(message: &[u8]) -> Vec<(&'static str, u8)> {
    let confidences = [
        read::<AsycudaSad>(message),
        read::<ChedClearanceJson>(message),
        read::<CnSingleWindow>(message),
        read::<EaeuCertificate>(message),
        read::<IppcHub>(message),
        read::<SpsJson>(message),
        read::<TracesNt>(message),
        read::<UncefactSps>(message),
        read::<WcoDeclaration>(message),
    ];
    confidences.into_iter().flatten().collect()
}

fn read<A: Adapter>(message: &[u8]) -> Option<(&'static str, u8)> {
    let head = &message[..message.len().min(HEAD)];
    let recognition = A::recognise(head);
    assert_eq!(A::recognise(head), recognition);
    let recognised = recognition.as_ref().map(|recognition| recognition.format.as_str());
    let formats = A::about().formats;
    assert!(recognised.is_none_or(|id| formats.iter().any(|format| format.id == id)));
    for format in formats {
        if recognised.is_none_or(|recognised| recognised == format.id) {
            let reading = A::read(message, format.id);
            check(message, &reading);
            assert!(
                !reading.documents.is_empty() || !reading.problems.is_empty(),
                "neither read nor refused"
            );
            assert_eq!(A::read(message, format.id), reading);
        }
    }
    recognition.map(|recognition| (A::about().name, recognition.confidence))
}
