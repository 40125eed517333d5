//! An API on a store of one's own. Usage: `example-own-store ADDRESS FILE [KEY:SECRET]..`

use std::{error::Error, sync::Arc};

use axum::{Router, routing::get};
use example_common::{announce, consumers};
use example_own_store::Journal;
use oauth1_axum::{Identity, OAuthLayer, UnreadBodyLayer, token_endpoints};
use oauth1_provider::{Manager, Provider};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let file = arguments.next().unwrap_or_else(|| "oauth1.journal".into());
    let journal = Arc::new(Journal::open(file).await?);
    for mut consumer in consumers(arguments)? {
        consumer.policy.out_of_band = true;
        // It may be there from an earlier start.
        journal.create(&consumer).await?;
    }
    let (manager, store, replay_guard) = (Arc::clone(&journal), Arc::clone(&journal), journal);
    let provider = Arc::new(Provider::builder(manager, store, replay_guard).build()?);
    let router = Router::new()
        .route("/whoami", get(whoami))
        .merge(token_endpoints(&provider))
        .layer(OAuthLayer::new(provider))
        .layer(UnreadBodyLayer::new());
    let listener = TcpListener::bind(address).await?;
    announce(listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}

async fn whoami(caller: Identity) -> String {
    caller.consumer().name.clone()
}
