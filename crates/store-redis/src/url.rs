//! URLs: see the crate's page.

use std::time::Duration;

use redis::{ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};

use crate::{ConnectError, RedisOptions};

/// What a URL names.
pub(crate) struct Target {
    pub(crate) topology: Topology,
    pub(crate) tls: bool,
    /// At least one.
    pub(crate) hosts: Vec<(String, u16)>,
    /// User, password and database.
    pub(crate) settings: RedisConnectionInfo,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Topology {
    Single,
    Sentinel { service: String },
    Cluster,
}

/// Reads a URL; what stands behind its `?` is put into `options`.
pub(crate) fn parse(url: &str, options: &mut RedisOptions) -> Result<Target, ConnectError> {
    let (scheme, rest) = url
        .split_once("://")
        .ok_or(ConnectError::Url("no scheme"))?;
    let (base, kind) = scheme.split_once('+').unwrap_or((scheme, ""));
    let tls = match base {
        "redis" | "valkey" => false,
        "rediss" | "valkeys" => true,
        _ => return Err(ConnectError::Url("the scheme must be redis or rediss")),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    read_query(query, options)?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (topology, database, port) = match kind {
        "" => (Topology::Single, path, 6379),
        "sentinel" => {
            let (service, database) = path.split_once('/').unwrap_or((path, ""));
            if service.is_empty() {
                return Err(ConnectError::Url("no /SERVICE for the sentinels"));
            }
            let service = service.to_owned();
            (Topology::Sentinel { service }, database, 26379)
        }
        "cluster" => (Topology::Cluster, path, 6379),
        _ => return Err(ConnectError::Url("neither +sentinel nor +cluster")),
    };
    let (user, hosts) = match authority.rsplit_once('@') {
        Some((user, hosts)) => (format!("{user}@"), hosts),
        None => (String::new(), authority),
    };
    if topology == Topology::Single && hosts.contains(',') {
        return Err(ConnectError::Url("several hosts: +sentinel or +cluster?"));
    }
    if topology == Topology::Cluster && !database.is_empty() {
        return Err(ConnectError::Url("a Cluster has no numbered databases"));
    }
    let (hosts, settings) = read_hosts(hosts, &user, database, port)?;
    Ok(Target {
        topology,
        tls,
        hosts,
        settings,
    })
}

/// Each host is read as a URL of its own, by the Redis client.
fn read_hosts(
    hosts: &str,
    user: &str,
    database: &str,
    usual_port: u16,
) -> Result<(Vec<(String, u16)>, RedisConnectionInfo), ConnectError> {
    let mut settings = RedisConnectionInfo::default();
    let mut addresses = Vec::new();
    for host in hosts.split(',') {
        // An IPv6 address stands in brackets.
        let behind = host.rsplit_once(']').map_or(host, |(_, behind)| behind);
        let port = if behind.contains(':') {
            String::new()
        } else {
            format!(":{usual_port}")
        };
        let one = format!("redis://{user}{host}{port}/{database}");
        let info = one.into_connection_info().map_err(ConnectError::Settings)?;
        let ConnectionAddr::Tcp(name, port) = info.addr() else {
            return Err(ConnectError::Url("no host"));
        };
        addresses.push((name.clone(), *port));
        settings = info.redis_settings().clone();
    }
    Ok((addresses, settings))
}

fn read_query(query: &str, options: &mut RedisOptions) -> Result<(), ConnectError> {
    let number = |value: &str| value.parse().map_err(|_| ConnectError::Url("no number"));
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let given = options.clone();
        *options = match (name.as_ref(), value.as_ref()) {
            ("prefix", prefix) => given.with_prefix(prefix),
            ("replicas", replicas) => given.with_replicas(number(replicas)?),
            ("replica_timeout", timeout) => {
                given.with_replica_timeout(Duration::from_millis(number(timeout)?.into()))
            }
            ("after_restart", "trust") => given.with_trust_after_restart(),
            ("after_restart", "past") => given.with_past_refused_after_restart(),
            ("tls_ca", file) => given
                .with_tls_authorities(std::fs::read(file).map_err(ConnectError::TlsAuthorities)?),
            _ => return Err(ConnectError::Url("an unknown setting behind the ?")),
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> (Target, RedisOptions) {
        let mut options = RedisOptions::default();
        let target = parse(url, &mut options).unwrap();
        (target, options)
    }

    #[test]
    fn one_server_with_everything() {
        let url = "rediss://me:p%40ss@[::1]:7000/3?prefix=x&replicas=2&replica_timeout=70&after_restart=trust";
        let (target, options) = parsed(url);
        assert_eq!(target.topology, Topology::Single);
        assert!(target.tls && options.trust_after_restart);
        assert_eq!(target.hosts, [("::1".to_owned(), 7000)]);
        assert_eq!(target.settings.username(), Some("me"));
        assert_eq!(target.settings.password(), Some("p@ss"));
        assert_eq!(target.settings.db(), 3);
        assert_eq!(
            (options.prefix.as_slice(), options.replicas),
            (&b"x"[..], 2)
        );
        assert_eq!(options.replica_timeout, Duration::from_millis(70));
    }

    #[test]
    fn sentinels_and_clusters_name_several_hosts_with_their_usual_ports() {
        let (target, _) = parsed("redis+sentinel://:secret@a,b:1/main/2");
        let service = "main".to_owned();
        assert_eq!(target.topology, Topology::Sentinel { service });
        assert_eq!(target.hosts, [("a".to_owned(), 26379), ("b".to_owned(), 1)]);
        assert_eq!(target.settings.db(), 2);
        assert_eq!(target.settings.password(), Some("secret"));
        let (target, options) = parsed("valkeys+cluster://a,[::2]");
        assert_eq!(target.topology, Topology::Cluster);
        assert_eq!(
            target.hosts,
            [("a".to_owned(), 6379), ("::2".to_owned(), 6379)]
        );
        assert!(target.tls && !options.trust_after_restart);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for url in [
            "",
            "localhost",
            "http://a",
            "redis+ring://a",
            "redis://a,b",
            "redis+sentinel://a",
            "redis+cluster://a/1",
            "redis://a?replica=1",
            "redis://a?replicas=some",
            "redis://a?after_restart=hope",
            "rediss://a?tls_ca=/nowhere/at/all",
        ] {
            let refused = parse(url, &mut RedisOptions::default()).is_err();
            assert!(refused, "{url}");
        }
    }
}
