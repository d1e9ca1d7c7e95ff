//! See `ecert_fuzz::values`.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| ecert_fuzz::values(text));
