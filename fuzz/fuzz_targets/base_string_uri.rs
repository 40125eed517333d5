//! Fuzz target: see `oauth1_fuzz::base_string_uri`.
#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| oauth1_fuzz::base_string_uri(data));
