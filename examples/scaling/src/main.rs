//! A simulation: cache hit rates and nonces of a fleet under a Zipf load of tokens.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

mod counted;

use std::{error::Error, sync::Arc, time::Duration};

use clap::Parser;
use oauth1_provider::{
    CacheOptions, CachedStore, FixedClock, Store,
    core::{ConsumerKey, Timestamp, TokenKey},
};
use rand::{SeedableRng, distr::Distribution, rngs::StdRng};
use rand_distr::Zipf;

use crate::counted::AnyToken;

/// Simulates one node of a fleet for a while, and tells what the fleet needs.
#[derive(Parser)]
struct Load {
    /// Requests per second of the whole fleet.
    #[arg(long, default_value_t = 1_000.0)]
    rate: f64,
    /// Nodes that share them.
    #[arg(long, default_value_t = 1.0)]
    nodes: f64,
    /// Access tokens in use.
    #[arg(long, default_value_t = 1_000_000.0)]
    tokens: f64,
    /// Exponent of the Zipf law: 0 is an even load, 1 is usual for users of an API.
    #[arg(long, default_value_t = 1.0)]
    exponent: f64,
    /// Time to live of a cache entry, in seconds.
    #[arg(long, default_value_t = 5)]
    ttl: u64,
    /// Entries of a cache at most.
    #[arg(long, default_value_t = 100_000)]
    entries: usize,
    /// Each token goes to one node.
    #[arg(long)]
    sticky: bool,
    /// Simulated seconds; the first time to live warms the cache and does not count.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// How long a nonce is kept, in seconds: the window into the past.
    #[arg(long, default_value_t = 300.0)]
    kept: f64,
    /// Bytes of a nonce in the guard: see docs/benchmarks.md.
    #[arg(long, default_value_t = 16.0)]
    nonce_bytes: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let load = Load::parse();
    let node = simulate(&load).await?;
    let hits = 1.0 - node.asked / node.requests;
    println!(
        "requests        {:>14.0} /s, {:.0} /s a node",
        load.rate,
        load.rate / load.nodes
    );
    println!("cache hits      {:>14.2} %", hits * 100.0);
    let misses = load.rate * (1.0 - hits);
    println!(
        "database reads  {misses:>14.0} /s, {:.0} /s a node",
        misses / load.nodes
    );
    let nonces = load.rate * load.kept;
    println!("nonces written  {:>14.0} /s", load.rate);
    println!("nonces kept     {nonces:>14.0}");
    println!(
        "their memory    {:>14.1} MiB",
        nonces * load.nonce_bytes / f64::from(1 << 20)
    );
    Ok(())
}

/// What one node did while it was counted.
struct Node {
    requests: f64,
    asked: f64,
}

async fn simulate(load: &Load) -> Result<Node, Box<dyn Error>> {
    let store = Arc::new(AnyToken::default());
    let clock = Arc::new(FixedClock::new(Timestamp::from_secs(0)));
    let mut options = CacheOptions::default();
    options.clock = Arc::clone(&clock) as _;
    options.time_to_live = Duration::from_secs(load.ttl);
    options.entries = load.entries;
    let cache = CachedStore::with_options(Arc::clone(&store) as _, options);
    let consumer = ConsumerKey::new("app")?;
    // A node to which tokens stick sees its share of them; every n-th keeps the law's shape.
    let tokens = if load.sticky {
        load.tokens / load.nodes
    } else {
        load.tokens
    };
    let law = Zipf::new(tokens.max(1.0), load.exponent)?;
    let mut random = StdRng::seed_from_u64(5_849);
    let mut node = Node {
        requests: 0.0,
        asked: 0.0,
    };
    let per_second = load.rate / load.nodes;
    let mut owed = 0.0;
    for second in 0..load.ttl + load.seconds {
        clock.set(Timestamp::from_secs(second));
        owed += per_second;
        let before = store.asked();
        let mut requests = 0.0;
        while owed >= 1.0 {
            owed -= 1.0;
            requests += 1.0;
            let token = TokenKey::new(format!("{:.0}", law.sample(&mut random)))?;
            cache.access_token(&consumer, &token).await?;
        }
        if second >= load.ttl {
            node.requests += requests;
            node.asked += store.asked() - before;
        }
    }
    Ok(node)
}
