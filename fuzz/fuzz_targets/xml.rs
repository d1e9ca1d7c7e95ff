//! Reads any bytes as XML; whatever they are, it must end without a panic and
//! with every place inside the message.
#![no_main]

use ecert_sdk::xml::{Document, Limits, failed_reading};

libfuzzer_sys::fuzz_target!(|message: &[u8]| {
    let reading = match Document::parse(message, &Limits::default()) {
        Ok(document) => document.finish(vec![], vec![]),
        Err(error) => failed_reading(&error),
    };
    for place in reading.places {
        assert!(place.start <= place.end && place.end as usize <= message.len());
    }
});
