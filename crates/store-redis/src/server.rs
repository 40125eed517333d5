//! How a server is reached, and what it says about itself.

use std::{fmt, time::Duration};

use oauth1_provider::core::Timestamp;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo,
    RedisResult, TlsCertificates,
    aio::MultiplexedConnection,
    cmd,
    sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType},
};
use rustls::crypto::{CryptoProvider, ring};
use tokio::sync::Mutex;

use crate::{
    RedisOptions,
    error::Failure,
    url::{Target, Topology},
};

/// How long a connection may take to be made, and an answer to come.
pub(crate) const STEP: Duration = Duration::from_secs(1);

/// Makes clients for hosts: all take the same user, password and authorities.
#[derive(Clone)]
pub(crate) struct Hosts {
    settings: RedisConnectionInfo,
    tls: Option<TlsCertificates>,
}

impl Hosts {
    pub(crate) fn new(target: &Target, options: &RedisOptions) -> Self {
        if target.tls && CryptoProvider::get_default().is_none() {
            // Somebody else's, chosen meanwhile, is as good.
            let _ = ring::default_provider().install_default();
        }
        let certificates = || TlsCertificates {
            client_tls: None,
            root_cert: options.tls_ca.clone(),
        };
        Self {
            settings: target.settings.clone(),
            tls: target.tls.then(certificates),
        }
    }

    fn address(&self, host: &str, port: u16) -> ConnectionAddr {
        let host = host.to_owned();
        match &self.tls {
            None => ConnectionAddr::Tcp(host, port),
            Some(_) => ConnectionAddr::TcpTls {
                host,
                port,
                insecure: false,
                tls_params: None,
            },
        }
    }

    pub(crate) fn client(&self, host: &str, port: u16) -> RedisResult<Client> {
        let info = self
            .address(host, port)
            .into_connection_info()?
            .set_redis_settings(self.settings.clone());
        match &self.tls {
            None => Client::open(info),
            Some(certificates) => Client::build_with_tls(info, certificates.clone()),
        }
    }

    /// Of the master that sentinels name. They take the same user and password.
    pub(crate) fn sentinel(
        &self,
        sentinels: &[(String, u16)],
        service: &str,
    ) -> RedisResult<SentinelClient> {
        let addresses = sentinels
            .iter()
            .map(|(host, port)| self.address(host, *port));
        let mut builder =
            SentinelClientBuilder::new(addresses, service, SentinelServerType::Master)?
                .set_client_to_redis_db(self.settings.db());
        if let Some(certificates) = &self.tls {
            builder = builder
                .set_client_to_redis_tls_mode(redis::TlsMode::Secure)
                .set_client_to_redis_certificates(certificates.clone())
                .set_client_to_sentinel_certificates(certificates.clone());
        }
        if let Some(user) = self.settings.username() {
            builder = builder
                .set_client_to_redis_username(user)
                .set_client_to_sentinel_username(user);
        }
        if let Some(password) = self.settings.password() {
            builder = builder
                .set_client_to_redis_password(password)
                .set_client_to_sentinel_password(password);
        }
        builder.build()
    }
}

/// Where to connect to.
pub(crate) enum Server {
    At(Client),
    Sentinel(Mutex<SentinelClient>),
}

impl Server {
    /// All that a URL names: one, or the nodes of a Cluster.
    pub(crate) fn all_of(target: &Target, hosts: &Hosts) -> RedisResult<Vec<Self>> {
        if let Topology::Sentinel { service } = &target.topology {
            let client = hosts.sentinel(&target.hosts, service)?;
            return Ok(vec![Self::Sentinel(Mutex::new(client))]);
        }
        let clients = target.hosts.iter();
        clients
            .map(|(host, port)| hosts.client(host, *port).map(Self::At))
            .collect()
    }

    pub(crate) async fn connect(&self, wait: Duration) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(STEP))
            .set_response_timeout(Some(STEP + wait));
        let client = self.client().await?;
        client
            .get_multiplexed_async_connection_with_config(&config)
            .await
    }

    pub(crate) async fn client(&self) -> RedisResult<Client> {
        match self {
            Self::At(client) => Ok(client.clone()),
            Self::Sentinel(sentinel) => sentinel.lock().await.async_get_client().await,
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(client) => client.get_connection_info().addr().fmt(f),
            Self::Sentinel(_) => f.write_str("what the sentinels name"),
        }
    }
}

/// Asks a server about itself, and refuses one that forgets nonces or takes none. Gives how long
/// it has been running.
pub(crate) async fn uptime(connection: &mut MultiplexedConnection) -> Result<Duration, Failure> {
    let info: String = cmd("INFO").query_async(connection).await?;
    let seconds = read_info(&info)?;
    Ok(Duration::from_secs(seconds))
}

fn read_info(info: &str) -> Result<u64, Failure> {
    let field = |name: &str| {
        info.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value.trim())
            .ok_or(Failure::NotUnderstood)
    };
    if field("maxmemory")? != "0" && field("maxmemory_policy")? != "noeviction" {
        return Err(Failure::Evicts);
    }
    if field("role")? != "master" || field("loading")? != "0" {
        return Err(Failure::NotReady);
    }
    let uptime = field("uptime_in_seconds")?.parse();
    uptime.map_err(|_| Failure::NotUnderstood)
}

/// The latest second in which an earlier run of the server could have answered: nothing is known
/// of requests with timestamps up to this, and `ahead`.
pub(crate) fn birth(now: Timestamp, uptime: Duration) -> Timestamp {
    let before = uptime.as_secs();
    Timestamp::from_secs(now.as_secs().saturating_sub(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_forgets_or_takes_nothing_is_refused() {
        let info = |memory, policy, role, loading| {
            read_info(&format!(
                "# Server\r\nuptime_in_seconds:70\r\nloading:{loading}\r\nmaxmemory:{memory}\r\n\
                 maxmemory_policy:{policy}\r\nrole:{role}\r\n"
            ))
        };
        assert_eq!(info("0", "allkeys-lru", "master", 0).unwrap(), 70);
        assert_eq!(info("9", "noeviction", "master", 0).unwrap(), 70);
        let evicts = info("9", "volatile-ttl", "master", 0);
        assert!(matches!(evicts, Err(Failure::Evicts)));
        assert!(matches!(
            info("0", "noeviction", "slave", 0),
            Err(Failure::NotReady)
        ));
        assert!(matches!(
            info("0", "noeviction", "master", 1),
            Err(Failure::NotReady)
        ));
        assert!(matches!(
            read_info("role:master"),
            Err(Failure::NotUnderstood)
        ));
    }
}
