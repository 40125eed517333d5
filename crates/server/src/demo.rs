//! `oauth1 demo`: the flows on embedded SQLite, for trying and for testing clients. What it
//! shares with the examples of the adapters is `oauth1-demo`.

mod connections;
/// That of the example in axum, by a symbolic link: the demo is that example.
mod router;

use oauth1_demo::{Demo, quoted};
use tokio::net::TcpListener;

use crate::{cli, error::Error};

pub(crate) async fn run(cli::Demo { options, limits }: cli::Demo) -> Result<(), Error> {
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|error| Error::new(format!("cannot listen on {}: {error}", options.listen)))?;
    // The other shell may stand in any folder.
    let program = std::env::current_exe().unwrap_or_else(|_| "oauth1".into());
    let program = quoted(&program.to_string_lossy());
    let router = router::router(demo.clone());
    demo.announce(listener.local_addr()?, &program);
    let serve = |stop| connections::serve(listener, router, limits, stop);
    Ok(demo.run(serve).await?)
}
