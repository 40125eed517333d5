//! Fuzz target: see `oauth1_fuzz::callback`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| oauth1_fuzz::callback(data));
