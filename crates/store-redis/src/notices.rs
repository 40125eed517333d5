//! Notices of changes from process to process, by publish/subscribe.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use oauth1_provider::{
    Change, ChangeListener, StoreError, UserId,
    core::{ConsumerKey, TokenKey},
};
use redis::{RedisError, aio::MultiplexedConnection};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    ConnectError, RedisOptions,
    error::Failure,
    server::{Hosts, STEP, Server},
    url::parse,
};

/// How many notices may wait to be published; beyond, they are dropped.
const QUEUE: usize = 1_024;
/// After so long without a notice, the connection is tried.
const QUIET: Duration = Duration::from_secs(5);
/// Between attempts to connect again.
const PAUSE: Duration = Duration::from_millis(200);

/// Tells the caches of other processes what changed, so that a revocation takes effect there at
/// once instead of within their time to live. The URLs are those of
/// [`RedisReplayGuard`](crate::RedisReplayGuard).
///
/// ```no_run
/// # use std::sync::Arc;
/// # use oauth1_provider::{CacheOptions, CachedManager, CachedStore, Manager, Store};
/// # use oauth1_store_redis::RedisNotices;
/// # async fn example(manager: Arc<dyn Manager>, store: Arc<dyn Store>)
/// # -> Result<(), Box<dyn std::error::Error>> {
/// let notices = Arc::new(RedisNotices::connect("redis://127.0.0.1:6379").await?);
/// let mut options = CacheOptions::default();
/// options.listener = Some(notices.clone());
/// let manager = Arc::new(CachedManager::with_options(manager, options.clone()));
/// let store = Arc::new(CachedStore::with_options(store, options));
/// let (forgetful_manager, forgetful_store) = (manager.clone(), store.clone());
/// notices.listen(move |change| {
///     forgetful_manager.forget(change);
///     forgetful_store.forget(change);
/// }).await?;
/// # Ok(())
/// # }
/// ```
///
/// Notices are not kept: what is sent while a process is cut off from Redis never reaches it, and
/// the time to live is all it has. A notice holds a consumer key, token key or user, no secret.
#[derive(Clone, Debug)]
pub struct RedisNotices {
    sender: mpsc::Sender<Notice>,
    servers: Arc<[Server]>,
    channel: Arc<[u8]>,
}

/// What is to be published, and who wants to know that it was.
#[derive(Debug)]
struct Notice {
    text: Vec<u8>,
    published: Option<oneshot::Sender<Result<(), Failure>>>,
}

impl RedisNotices {
    /// Connects by URL, within a tokio runtime that lives as long as the notices.
    ///
    /// # Errors
    /// [`ConnectError`] if the URL is wrong or Redis out of reach.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        let mut options = RedisOptions::default();
        let target = parse(url, &mut options)?;
        let hosts = Hosts::new(&target, &options);
        let servers = Server::all_of(&target, &hosts).map_err(ConnectError::Settings)?;
        let servers: Arc<[Server]> = servers.into();
        let channel = [options.prefix.as_slice(), b"changes"].concat();
        let connection = connect(&servers).await?;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (given, name) = (Arc::clone(&servers), channel.clone());
        tokio::spawn(publish(given, name, connection, receiver));
        Ok(Self {
            sender,
            servers,
            channel: channel.into(),
        })
    }

    /// Publishes a change and waits until Redis has it: for a program that makes a change and ends.
    ///
    /// # Errors
    /// [`StoreError`] if Redis did not take it: other processes see the change within their time
    /// to live.
    pub async fn publish(&self, change: &Change) -> Result<(), StoreError> {
        let Some(text) = write(change) else {
            return Ok(());
        };
        let (published, done) = oneshot::channel();
        let notice = Notice {
            text,
            published: Some(published),
        };
        let sent = self.sender.send(notice).await;
        sent.map_err(|_| Failure::Stopped)?;
        Ok(done.await.map_err(|_| Failure::Stopped)??)
    }

    /// Calls `forget` with every change that any process publishes, this one included, until the
    /// runtime ends. Comes back when the first subscription stands; it is renewed when lost.
    ///
    /// # Errors
    /// [`ConnectError`] if Redis is out of reach.
    pub async fn listen(
        &self,
        forget: impl Fn(&Change) + Send + Sync + 'static,
    ) -> Result<(), ConnectError> {
        let (servers, channel) = (Arc::clone(&self.servers), Arc::clone(&self.channel));
        let mut subscription = Some(subscribe(&servers, &channel).await?);
        tokio::spawn(async move {
            loop {
                if let Some(standing) = subscription.take() {
                    receive(standing, &forget).await;
                    tracing::warn!("lost the notices of changes; subscribing again");
                }
                match subscribe(&servers, &channel).await {
                    Ok(again) => subscription = Some(again),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                }
            }
        });
        Ok(())
    }
}

impl ChangeListener for RedisNotices {
    fn changed(&self, change: &Change) {
        let notice = |text| Notice {
            text,
            published: None,
        };
        let sent = write(change).map(|text| self.sender.try_send(notice(text)));
        if matches!(sent, Some(Err(_))) {
            tracing::warn!("too many notices of changes: one is dropped");
        }
    }
}

async fn connect(servers: &[Server]) -> Result<MultiplexedConnection, Failure> {
    let mut failure = Failure::NoNode;
    for server in servers {
        match timeout(STEP, server.connect(Duration::ZERO)).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) => failure = error.into(),
            Err(_) => failure = Failure::TimedOut,
        }
    }
    Err(failure)
}

/// Publishes what comes, trying twice.
async fn publish(
    servers: Arc<[Server]>,
    channel: Vec<u8>,
    connection: MultiplexedConnection,
    mut notices: mpsc::Receiver<Notice>,
) {
    let mut connection = Some(connection);
    while let Some(Notice { text, published }) = notices.recv().await {
        let mut done = Err(Failure::NoNode);
        for _ in 0..2 {
            done = publish_once(&servers, &channel, &mut connection, &text).await;
            if done.is_ok() {
                break;
            }
        }
        if let Err(failure) = &done {
            tracing::warn!(%failure, "could not publish a change");
        }
        if let Some(published) = published {
            // Nobody may be waiting any more.
            let _ = published.send(done);
        }
    }
}

/// Over the open connection, if there is one, else over a new one; keeps it if it is good.
async fn publish_once(
    servers: &[Server],
    channel: &[u8],
    connection: &mut Option<MultiplexedConnection>,
    notice: &[u8],
) -> Result<(), Failure> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => connect(servers).await?,
    };
    let mut publish = redis::cmd("PUBLISH");
    publish.arg(channel).arg(notice);
    publish.query_async::<i64>(&mut open).await?;
    *connection = Some(open);
    Ok(())
}

async fn subscribe(servers: &[Server], channel: &[u8]) -> Result<redis::aio::PubSub, Failure> {
    let mut failure = Failure::NoNode;
    for server in servers {
        let subscribe = async {
            let mut subscription = server.client().await?.get_async_pubsub().await?;
            subscription.subscribe(channel).await?;
            Ok::<_, RedisError>(subscription)
        };
        match timeout(STEP, subscribe).await {
            Ok(Ok(subscription)) => return Ok(subscription),
            Ok(Err(error)) => failure = error.into(),
            Err(_) => failure = Failure::TimedOut,
        }
    }
    Err(failure)
}

/// Until the connection ends or does not answer.
async fn receive(subscription: redis::aio::PubSub, forget: &(impl Fn(&Change) + Send + Sync)) {
    let (mut sink, mut stream) = subscription.split();
    loop {
        match timeout(QUIET, stream.next()).await {
            Ok(Some(message)) => {
                if let Some(change) = read(message.get_payload_bytes()) {
                    forget(&change);
                }
            }
            Ok(None) => return,
            Err(_) => match timeout(STEP, sink.ping::<redis::Value>()).await {
                Ok(Ok(_)) => {}
                _ => return,
            },
        }
    }
}

/// A letter and a name. What a newer version knows besides is left to the time to live.
fn write(change: &Change) -> Option<Vec<u8>> {
    let (kind, name) = match change {
        Change::Consumer(key) => (b'C', key.as_str()),
        Change::Token(key) => (b'T', key.as_str()),
        Change::TokensOfUser(user) => (b'u', user.as_str()),
        Change::TokensOfConsumer(key) => (b'c', key.as_str()),
        _ => return None,
    };
    Some([&[kind], name.as_bytes()].concat())
}

fn read(notice: &[u8]) -> Option<Change> {
    let (kind, name) = notice.split_first()?;
    let name = std::str::from_utf8(name).ok()?;
    match kind {
        b'C' => ConsumerKey::new(name).ok().map(Change::Consumer),
        b'T' => TokenKey::new(name).ok().map(Change::Token),
        b'u' => UserId::new(name).ok().map(Change::TokensOfUser),
        b'c' => ConsumerKey::new(name).ok().map(Change::TokensOfConsumer),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_are_read_as_they_were_written_and_others_are_none() {
        for change in [
            Change::Consumer(ConsumerKey::new("a").unwrap()),
            Change::Token(TokenKey::new("töken").unwrap()),
            Change::TokensOfUser(UserId::new("u").unwrap()),
            Change::TokensOfConsumer(ConsumerKey::new("a").unwrap()),
        ] {
            assert_eq!(read(&write(&change).unwrap()), Some(change));
        }
        for notice in [&b""[..], b"C", b"T", b"x1", b"C\xff"] {
            assert_eq!(read(notice), None);
        }
    }
}
