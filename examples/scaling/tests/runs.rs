//! The simulation tells what arithmetic can check.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::process::Command;

fn figure(arguments: &[&str], name: &str) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-scaling"));
    let output = command.args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let words = line.unwrap().split_whitespace().next();
    words.unwrap().parse().unwrap()
}

/// One token at 100 requests a second is asked for once in five seconds.
#[test]
fn one_token_misses_once_per_time_to_live() {
    let one = ["--rate", "100", "--tokens", "1", "--seconds", "10"];
    assert_eq!(figure(&one, "cache hits").to_string(), "99.8");
    assert_eq!(figure(&one, "nonces kept").to_string(), "30000");
}

#[test]
fn sticky_tokens_are_found_more_often() {
    let spread = [
        "--rate",
        "4000",
        "--nodes",
        "4",
        "--tokens",
        "10000",
        "--seconds",
        "5",
    ];
    let sticky = [&spread[..], &["--sticky"]].concat();
    assert!(figure(&sticky, "cache hits") > figure(&spread, "cache hits"));
}
