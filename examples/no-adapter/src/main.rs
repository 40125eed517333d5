//! A small API behind OAuth 1.0a in poem, without an adapter. Usage:
//! `example-no-adapter ADDRESS KEY:SECRET..`
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a program speaks to its terminal")]

mod oauth;

use std::{error::Error, sync::Arc};

use oauth1_provider::{
    Clock, Consumer, Identity, Manager, MemoryManager, MemoryReplayGuard, Provider, Response,
    SystemClock,
    core::{ConsumerKey, Secret},
    is_consumer,
};
use poem::{
    EndpointExt, Request, Route, Server, handler,
    listener::{Acceptor, Listener, TcpListener},
    post,
};

use crate::oauth::{OAuth, into_poem};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let now = SystemClock::default().now();
    let manager = Arc::new(MemoryManager::default());
    for pair in arguments {
        let (key, secret) = pair.split_once(':').ok_or("write KEY:SECRET")?;
        let consumer = Consumer::new(ConsumerKey::new(key)?, Secret::from(secret), key, now);
        manager.create(&consumer).await?;
    }
    // For a first start. What restarts keeps its nonces in a database, or starts its guard with
    // `MemoryReplayGuard::starting_at`, which refuses what is older than that.
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let provider = Arc::new(Provider::verify_only(manager, guard).build()?);

    let v1 = Route::new().at("/words", post(words));
    let routes = Route::new()
        .at("/words", post(words))
        .nest("/v1", v1)
        .with(OAuth(provider));
    let acceptor = TcpListener::bind(address).into_acceptor().await?;
    for address in acceptor.local_addr() {
        let address = address.as_socket_addr().ok_or("no socket address")?;
        println!("listening on http://{address}");
    }
    Ok(Server::new_with_acceptor(acceptor).run(routes).await?)
}

/// The guard by value, and the form that was verified, whole.
#[handler]
async fn words(request: &Request, body: String) -> poem::Response {
    let caller = request.data::<Identity>();
    if let Err(refusal) = is_consumer().check(caller) {
        return into_poem(Response::from(&refusal));
    }
    let key = caller.map(|caller| caller.consumer().key().as_str());
    let text = body.strip_prefix("text=").unwrap_or_default();
    let words = text.split('+').filter(|word| !word.is_empty()).count();
    let answer = format!("{} posted {words} words\n", key.unwrap_or_default());
    into_poem(Response::text(200, answer.trim_end()))
}
