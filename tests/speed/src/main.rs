//! What OAuth costs each adapter. Usage: `adapter-speed [SECONDS [ROUNDS]]`, or
//! `adapter-speed memory [SECONDS]`; `scripts/speed` gives server and client a core each.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

mod client;
mod server;

use std::error::Error;

use crate::{
    client::{Load, load},
    server::{Running, Variant},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FRAMEWORKS: [&str; 3] = ["axum", "actix-web", "warp"];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve", framework, variant] => server::serve(framework, variant.parse()?),
        ["memory"] => memory(60),
        ["memory", seconds] => memory(seconds.parse()?),
        [] => compare(3, 9),
        [seconds] => compare(seconds.parse()?, 9),
        [seconds, rounds] => compare(seconds.parse()?, rounds.parse()?),
        _ => Err("see the first lines of its source".into()),
    }
}

/// Rounds take turns, so that a machine that slows down slows both.
fn compare(seconds: u64, rounds: usize) -> Result<()> {
    println!("framework  bare r/s  oauth r/s  ratio by time  ratio by server's processor time");
    for framework in FRAMEWORKS {
        let mut rounds: Vec<_> = (0..rounds)
            .map(|_| {
                let bare = measure(framework, Variant::Bare, seconds)?;
                let oauth = measure(framework, Variant::OAuth, seconds)?;
                Ok((bare, oauth))
            })
            .collect::<Result<_>>()?;
        let by_time = |(bare, oauth): &(Load, Load)| oauth.per_second() / bare.per_second();
        let by_processor = |(bare, oauth): &(Load, Load)| {
            oauth.per_processor_second() / bare.per_processor_second()
        };
        let time = spread(&rounds, by_time);
        let processor = spread(&rounds, by_processor);
        rounds.sort_by(|a, b| by_processor(a).total_cmp(&by_processor(b)));
        let Some((bare, oauth)) = rounds.get(rounds.len() / 2) else {
            return Err("no rounds".into());
        };
        println!(
            "{framework:9}  {:8.0}  {:9.0}  {time}  {processor}",
            bare.per_second(),
            oauth.per_second(),
        );
    }
    Ok(())
}

/// Median, least and most.
fn spread(rounds: &[(Load, Load)], ratio: impl Fn(&(Load, Load)) -> f64) -> String {
    let mut ratios: Vec<f64> = rounds.iter().map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let at = |index: usize| ratios.get(index).copied().unwrap_or_default();
    let last = ratios.len().saturating_sub(1);
    format!(
        "{:.2} ({:.2} to {:.2})",
        at(ratios.len() / 2),
        at(0),
        at(last)
    )
}

fn measure(framework: &str, variant: Variant, seconds: u64) -> Result<Load> {
    let server = Running::start(framework, variant)?;
    // Caches, branch predictors, connections.
    load(&server, seconds.div_ceil(3))?;
    load(&server, seconds)
}

/// Nonces are counted, not kept: all other memory has to stay as it is.
fn memory(seconds: u64) -> Result<()> {
    println!("framework  resident after 1/6, 2/6, .. of {seconds} s, in KiB");
    for framework in FRAMEWORKS {
        let server = Running::start(framework, Variant::OAuthWithoutNonces)?;
        let mut line = format!("{framework:9}");
        let mut requests = 0;
        for _ in 0..6 {
            requests += load(&server, seconds.div_ceil(6))?.requests;
            line.push_str(&format!("  {}", server.resident_kib()?));
        }
        println!("{line}  ({requests} requests)");
    }
    Ok(())
}
