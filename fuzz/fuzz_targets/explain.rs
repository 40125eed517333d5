//! Fuzz target: see `oauth1_fuzz::explain`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| oauth1_fuzz::explain(data));
