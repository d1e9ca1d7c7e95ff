//! See `ecert_fuzz::adapters`.
#![no_main]

libfuzzer_sys::fuzz_target!(|message: &[u8]| ecert_fuzz::adapters(message));
