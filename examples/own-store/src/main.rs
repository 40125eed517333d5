//! An API on a store of one's own. Usage: `example-own-store ADDRESS FILE [KEY:SECRET]`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

use std::{error::Error, sync::Arc};

use axum::{Router, routing::any};
use example_own_store::Journal;
use oauth1_axum::{Identity, OAuthLayer, token_endpoints};
use oauth1_provider::{
    CallbackRule, Clock, Consumer, Manager, Policy, Provider, SystemClock,
    core::{ConsumerKey, Secret},
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let file = arguments.next().unwrap_or_else(|| "oauth1.journal".into());
    let journal = Arc::new(Journal::open(file).await?);
    if let Some(pair) = arguments.next() {
        let (key, secret) = pair.split_once(':').ok_or("write KEY:SECRET")?;
        let now = SystemClock::default().now();
        let mut policy = Policy::default();
        policy.out_of_band = true;
        let consumer = Consumer::new(ConsumerKey::new(key)?, Secret::from(secret), key, now)
            .with_policy(policy)
            .with_callbacks([CallbackRule::Loopback]);
        // It may be there from an earlier start.
        journal.create(&consumer).await?;
    }
    let (manager, store, replay_guard) = (Arc::clone(&journal), Arc::clone(&journal), journal);
    let provider = Arc::new(Provider::builder(manager, store, replay_guard).build()?);
    let router = Router::new()
        .route("/whoami", any(whoami))
        .merge(token_endpoints(&provider))
        .layer(OAuthLayer::new(provider));
    let listener = TcpListener::bind(&address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

async fn whoami(caller: Identity) -> String {
    let consumer = &caller.consumer().name;
    caller.user().map_or_else(
        || consumer.clone(),
        |user| format!("{} by {consumer}", user.as_str()),
    )
}
