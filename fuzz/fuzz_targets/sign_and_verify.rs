//! Fuzz target: see `oauth1_fuzz::sign_and_verify`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| oauth1_fuzz::sign_and_verify(data));
