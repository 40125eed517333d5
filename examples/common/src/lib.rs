//! What the small examples have in common: consumers from the command line, and the words
//! `listening on`.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

use std::{error::Error, net::SocketAddr};

use oauth1_provider::{
    Clock, Consumer, SystemClock,
    core::{ConsumerKey, Secret},
};

/// The consumers of arguments such as `KEY:SECRET`, with the default policy.
///
/// # Errors
/// If one is written in another way.
pub fn consumers(
    arguments: impl IntoIterator<Item = String>,
) -> Result<Vec<Consumer>, Box<dyn Error>> {
    let now = SystemClock::default().now();
    let consumer = |pair: String| {
        let (key, secret) = pair.split_once(':').ok_or("write KEY:SECRET")?;
        Ok(Consumer::new(
            ConsumerKey::new(key)?,
            Secret::from(secret),
            key,
            now,
        ))
    };
    arguments.into_iter().map(consumer).collect()
}

/// Prints where a service listens.
pub fn announce(address: SocketAddr) {
    println!("listening on http://{address}");
}
