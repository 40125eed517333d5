//! Fuzz target: see `oauth1_fuzz::query`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| oauth1_fuzz::query(data));
