//! Prints cases with our base string and signature, one JSON text a line. Usage:
//! `differential-cases COUNT SEED`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

use std::error::Error;

use oauth1_differential::{Sequence, case, ours};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| arguments.next().map_or(Ok(default), |text| text.parse());
    let (count, seed) = (number(1_000)?, number(1)?);
    let mut sequence = Sequence::new(seed);
    for _ in 0..count {
        let case = case(&mut sequence);
        let (base_string, signature) = ours::base_string_and_signature(&case)?;
        println!(
            "{}",
            json!({ "case": case, "base_string": base_string, "signature": signature })
        );
    }
    Ok(())
}
