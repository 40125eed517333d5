//! [`RedisReplayGuard`].

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use oauth1_provider::{Remembered, ReplayEntry, ReplayGuard, StoreError, core::Timestamp};
use tokio::time::timeout;

use crate::{
    ConnectError, RedisOptions,
    cluster::Cluster,
    error::Failure,
    key::key,
    node::{Answer, Node, Record},
    server::{Hosts, Server},
    url::{Topology, parse},
};

/// How long a check takes at most.
const LONGEST: Duration = Duration::from_secs(2);
/// How much longer than needed a nonce is kept, in seconds: clocks of several providers differ.
const CLOCKS_DIFFER: u64 = 10;

/// A [`ReplayGuard`] on Redis: see the crate's page. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RedisReplayGuard {
    servers: Servers,
    prefix: Arc<[u8]>,
}

#[derive(Clone, Debug)]
enum Servers {
    One(Node),
    Cluster(Arc<Cluster>),
}

impl RedisReplayGuard {
    /// Connects by URL, within a tokio runtime that lives as long as the guard.
    ///
    /// # Errors
    /// [`ConnectError`] if the URL is wrong, or Redis out of reach or not fit.
    pub async fn connect(url: &str) -> Result<Self, ConnectError> {
        Self::connect_with(url, RedisOptions::default()).await
    }

    /// The same, with settings; those in the URL go before.
    ///
    /// # Errors
    /// [`ConnectError`] if the URL is wrong, or Redis out of reach or not fit.
    pub async fn connect_with(url: &str, mut options: RedisOptions) -> Result<Self, ConnectError> {
        let target = parse(url, &mut options)?;
        let hosts = Hosts::new(&target, &options);
        let prefix = options.prefix.clone().into();
        if target.topology == Topology::Cluster {
            let cluster = Cluster::connect(hosts, &target.hosts, options).await?;
            return Ok(Self {
                servers: Servers::Cluster(Arc::new(cluster)),
                prefix,
            });
        }
        let mut servers = Server::all_of(&target, &hosts).map_err(ConnectError::Settings)?;
        let server = servers.pop().ok_or(ConnectError::Url("no host"))?;
        let (node, link) = Node::start(server, options);
        link.connected().await?;
        Ok(Self {
            servers: Servers::One(node),
            prefix,
        })
    }
}

#[async_trait]
impl ReplayGuard for RedisReplayGuard {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let keep = entry.keep_until.as_secs();
        let record = Record {
            key: key(&self.prefix, entry),
            timestamp: entry.timestamp,
            now: entry.now,
            // `keep_until` is inclusive.
            seconds: keep.saturating_sub(entry.now.as_secs()) + 1 + CLOCKS_DIFFER,
            asking: false,
        };
        let remember = async {
            match &self.servers {
                Servers::One(node) => node.remember(record).await,
                Servers::Cluster(cluster) => cluster.remember(record).await,
            }
        };
        match timeout(LONGEST, remember).await {
            Ok(Ok(Answer::Found(found))) => Ok(found),
            Ok(Ok(Answer::Elsewhere { .. })) => Err(Failure::NoNode.into()),
            Ok(Err(failure)) => Err(failure.into()),
            Err(_) => Err(Failure::TimedOut.into()),
        }
    }

    /// Nothing: Redis forgets by itself.
    async fn purge(&self, _now: Timestamp, _limit: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}
