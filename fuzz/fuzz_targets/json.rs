//! See `ecert_fuzz::json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|message: &[u8]| ecert_fuzz::json(message));
