//! What `serve` does with clients that do nothing.

use std::{future::pending, time::Duration};

use oauth1_warp::serve;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use warp::Filter;

const A_DAY: Duration = Duration::from_secs(86_400);

/// Tokio's clock goes on by itself where all wait.
#[tokio::test(start_paused = true)]
async fn heads_that_do_not_come_end_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = warp::service(warp::any().map(|| "here"));
    tokio::spawn(serve(listener, service, pending()));
    let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    for (sent, answers) in [("GET / HTTP/1.1\r\nHost:", 0), (get, 1)] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut seen = String::new();
        let closed = timeout(A_DAY, stream.read_to_string(&mut seen)).await;
        closed.unwrap().unwrap();
        assert_eq!(seen.matches("HTTP/1.1 200 OK").count(), answers, "{seen}");
    }
}
