//! `oauth1 demo`: the flows on embedded SQLite, for trying and for testing clients. What it
//! shares with the examples of the adapters is `oauth1-demo`.

/// That of the example in axum, by a symbolic link: the demo is that example.
mod router;

use std::future::IntoFuture;

use oauth1_demo::{Demo, Options, quoted};
use tokio::net::TcpListener;

use crate::error::Error;

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| Error::new(format!("cannot listen on {}: {error}", options.listen)))?;
    // The other shell may stand in any folder.
    let program = std::env::current_exe().unwrap_or_else(|_| "oauth1".into());
    let program = quoted(&program.to_string_lossy());
    let router = router::router(demo.clone());
    demo.announce(listener.local_addr()?, &program);
    let serve = |stop| {
        let server = axum::serve(listener, router);
        server.with_graceful_shutdown(stop).into_future()
    };
    Ok(demo.run(serve).await?)
}
