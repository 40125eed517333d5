//! A small API behind OAuth 1.0a in poem, without an adapter. Usage:
//! `example-no-adapter ADDRESS KEY:SECRET..`

mod oauth;

use std::{error::Error, sync::Arc};

use example_common::{announce, consumers};
use oauth1_provider::{
    Identity, Manager, MemoryManager, MemoryReplayGuard, Provider, Response, is_consumer,
};
use poem::{
    EndpointExt, Request, Route, Server, handler,
    listener::{Acceptor, Listener, TcpListener},
    post,
};

use crate::oauth::{identified, into_poem};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:8080".into());
    let manager = Arc::new(MemoryManager::default());
    for consumer in consumers(arguments)? {
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
        .around(move |next, request| {
            let provider = Arc::clone(&provider);
            async move { Ok(identified(&provider, &*next, request).await) }
        });
    let acceptor = TcpListener::bind(address).into_acceptor().await?;
    for address in acceptor.local_addr() {
        announce(*address.as_socket_addr().ok_or("no socket address")?);
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
