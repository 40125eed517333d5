//! Sends requests that were signed before, over kept connections, as fast as they are answered.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant, SystemTime},
};

use oauth1_provider::core::{ConsumerKey, Nonce, Request, Secret, Signer, Timestamp, TokenKey};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    Result,
    server::{Running, SECRET, TOKEN},
};

const CONNECTIONS: usize = 32;
const FORM: &str = "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21";
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded";
/// How many requests each connection signs at a time; signing does not count.
const BATCH: usize = 256;

/// What was done in what time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) requests: u32,
    time: Duration,
    processor: Duration,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        f64::from(self.requests) / self.time.as_secs_f64()
    }

    /// Requests per second of the server's processor time: what one core that does nothing else
    /// would answer.
    pub(crate) fn per_processor_second(&self) -> f64 {
        f64::from(self.requests) / self.processor.as_secs_f64()
    }
}

/// Loads for so many seconds. While requests are signed, the clock stands still.
pub(crate) fn load(server: &Running, seconds: u64) -> Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(4)
        .build()?;
    let mut all = Load {
        requests: 0,
        time: Duration::ZERO,
        processor: Duration::ZERO,
    };
    let mut streams = Vec::new();
    for _ in 0..CONNECTIONS {
        let stream = runtime.block_on(TcpStream::connect(&server.address))?;
        stream.set_nodelay(true)?;
        streams.push(stream);
    }
    while all.time < Duration::from_secs(seconds) {
        let batches: Vec<Vec<Vec<u8>>> = (0..CONNECTIONS)
            .map(|_| (0..BATCH).map(|_| signed(&server.address)).collect())
            .collect::<Result<_>>()?;
        let (begin, spent) = (Instant::now(), server.processor_time()?);
        streams = runtime.block_on(send_all(streams, batches))?;
        all.time += begin.elapsed();
        all.processor += server.processor_time()?.saturating_sub(spent);
        all.requests += u32::try_from(CONNECTIONS * BATCH)?;
    }
    Ok(all)
}

async fn send_all(streams: Vec<TcpStream>, batches: Vec<Vec<Vec<u8>>>) -> Result<Vec<TcpStream>> {
    let tasks: Vec<_> = streams
        .into_iter()
        .zip(batches)
        .map(|(stream, batch)| tokio::spawn(send(stream, batch)))
        .collect();
    // Never asleep: to wake the client up would be on the server's account.
    let awake = tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });
    let mut streams = Vec::new();
    for task in tasks {
        streams.push(task.await??);
    }
    awake.abort();
    Ok(streams)
}

async fn send(mut stream: TcpStream, batch: Vec<Vec<u8>>) -> std::io::Result<TcpStream> {
    let mut answer = [0; 1024];
    for request in batch {
        stream.write_all(&request).await?;
        let mut length = 0;
        loop {
            let read = stream
                .read(answer.get_mut(length..).unwrap_or_default())
                .await?;
            length += read;
            let text = answer.get(..length).unwrap_or_default();
            // The answer is short, and ends with these two letters.
            if text.ends_with(b"ok") && text.starts_with(b"HTTP/1.1 200") {
                break;
            }
            if read == 0 {
                return Err(std::io::Error::other(String::from_utf8_lossy(text)));
            }
        }
    }
    Ok(stream)
}

/// A POST with a form body, by a consumer on behalf of a user, with a nonce of its own.
fn signed(address: &str) -> Result<Vec<u8>> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::UNIX_EPOCH.elapsed()?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nonce = Nonce::new(format!("{}-{count}", now.subsec_nanos()))?;
    let signer = Signer::new(ConsumerKey::new(TOKEN)?, Secret::from(SECRET))
        .with_token(TokenKey::new(TOKEN)?, Secret::from(SECRET));
    let request = Request::new("POST", "http", address, "/statuses/update", Some("trim=1"))
        .with_body(Some(CONTENT_TYPE.as_bytes()), FORM.as_bytes());
    let now = Timestamp::from_secs(now.as_secs());
    let header = signer.sign(&request, now, &nonce)?.authorization();
    let text = format!(
        "POST /statuses/update?trim=1 HTTP/1.1\r\nHost: {address}\r\nUser-Agent: load/1.0\r\n\
         Accept: */*\r\nAuthorization: {header}\r\nContent-Type: {CONTENT_TYPE}\r\n\
         Content-Length: {}\r\n\r\n{FORM}",
        FORM.len()
    );
    Ok(text.into_bytes())
}
