//! See `ecert_fuzz::xml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|message: &[u8]| ecert_fuzz::xml(message));
