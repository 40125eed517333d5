//! An API behind OAuth 1.0a, in axum: the endpoints and resources of `oauth1 demo`.

mod router;

use std::future::IntoFuture;

use oauth1_demo::{Demo, Error, Options, PROGRAM};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let options = Options::from_command_line();
    let demo = Demo::open(&options).await?;
    let listener = TcpListener::bind(options.listen).await?;
    let router = router::router(demo.clone());
    demo.announce(listener.local_addr()?, PROGRAM);
    let serve = |stop| {
        let server = axum::serve(listener, router);
        server.with_graceful_shutdown(stop).into_future()
    };
    demo.run(serve).await
}
