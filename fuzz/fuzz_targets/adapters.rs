//! Reads any bytes by every adapter, whatever they are recognised as: no
//! panic, every place in the place table, every entry inside the message.
#![no_main]

use ecert_sdk::adapter::Adapter;
use ecert_sdk::model::readings::Reading;
use uncefact_sps::UncefactSps;
use wco_declaration::WcoDeclaration;

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    read::<UncefactSps>(message);
    read::<WcoDeclaration>(message);
});

fn read<A: Adapter>(message: &[u8]) {
    let recognised = A::recognise(message).map(|recognition| recognition.format);
    for format in A::about().formats {
        if recognised.as_deref().is_none_or(|recognised| recognised == format.id) {
            check(message, &A::read(message, format.id));
        }
    }
}

fn check(message: &[u8], reading: &Reading) {
    for problem in &reading.problems {
        assert!((problem.place as usize) < reading.places.len().max(1), "{problem:?}");
    }
    for place in &reading.places {
        assert!(place.start <= place.end && place.end as usize <= message.len(), "{place:?}");
        assert!((place.parent as usize) < reading.places.len(), "{place:?}");
        assert!((place.name as usize) < reading.names.len(), "{place:?}");
    }
}
