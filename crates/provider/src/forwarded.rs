//! Forwarded headers: what trusted proxies tell of the URL that the client saw.
//!
//! `Forwarded` is [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239); `X-Forwarded-*` is usage.

mod element;

use std::{borrow::Cow, net::IpAddr};

use ipnet::IpNet;

use self::element::{Element, address, elements};
use crate::{
    RequestHead,
    public_url::{is_authority, is_port, is_prefix, scheme_of},
};

/// The proxies whose forwarded headers are believed, and which headers they are.
///
/// In a chain of proxies the headers are read from the right, the nearest proxy's first: one more
/// is believed as long as the address it came from is a trusted one.
///
/// # Security
/// A proxy has to overwrite, or append to, the headers that it is trusted for. Which ones these
/// are is said here, because those that a proxy does not know it hands on as anybody wrote them:
/// the other kind is never read.
///
/// ```
/// use oauth1_provider::TrustedProxies;
///
/// let proxies = TrustedProxies::sending_x_forwarded(["10.0.0.0/8".parse()?, "::1/128".parse()?]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    standard: bool,
}

impl TrustedProxies {
    /// Proxies in these networks that send `Forwarded`: its `proto` and `host`.
    pub fn sending_forwarded(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self {
            networks: networks.into_iter().collect(),
            standard: true,
        }
    }

    /// Proxies in these networks that send `X-Forwarded-Proto`, `-Host` and `-Port` (all
    /// optional), `-Prefix` if they strip one, and `-For` if they stand in a chain.
    pub fn sending_x_forwarded(networks: impl IntoIterator<Item = IpNet>) -> Self {
        Self {
            networks: networks.into_iter().collect(),
            standard: false,
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// What they tell of a request; nothing if its peer is none of them.
    pub(crate) fn forwarded<'a>(
        &self,
        head: &'a impl RequestHead,
    ) -> Result<Forwarded<'a>, Malformed> {
        match head.peer() {
            Some(peer) if self.trusts(peer) && self.standard => self.standard(head),
            Some(peer) if self.trusts(peer) => self.usual(head),
            _ => Ok(Forwarded::default()),
        }
    }

    fn standard<'a>(&self, head: &'a impl RequestHead) -> Result<Forwarded<'a>, Malformed> {
        let all = elements(head.header("forwarded"))?;
        let believed = self.believed(&all, all.iter().map(Element::node));
        let scheme = believed.iter().find_map(|element| element.proto.as_deref());
        let host = believed.iter().find_map(|element| element.host.clone());
        Ok(Forwarded {
            scheme: scheme.map(scheme_or_malformed).transpose()?,
            host: host.map(host_or_malformed).transpose()?,
            ..Forwarded::default()
        })
    }

    fn usual<'a>(&self, head: &'a impl RequestHead) -> Result<Forwarded<'a>, Malformed> {
        let senders = list(head, "x-forwarded-for")?;
        let senders = || senders.iter().map(|text| address(text));
        let values = |name| -> Result<Vec<&'a str>, Malformed> {
            let all = list(head, name)?;
            Ok(self.believed(&all, senders()).to_vec())
        };
        let first = |name| Ok(values(name)?.first().copied());
        let scheme = first("x-forwarded-proto")?;
        let host = first("x-forwarded-host")?.map(Cow::Borrowed);
        let port = first("x-forwarded-port")?;
        if port.is_some_and(|port| !is_port(port)) {
            return Err(Malformed("x-forwarded-port"));
        }
        // Each proxy of a chain strips its own.
        let mut prefix = String::new();
        for value in values("x-forwarded-prefix")? {
            let value = value.trim_end_matches('/');
            if !is_prefix(value) {
                return Err(Malformed("x-forwarded-prefix"));
            }
            prefix.push_str(value);
        }
        Ok(Forwarded {
            scheme: scheme.map(scheme_or_malformed).transpose()?,
            host: host.map(host_or_malformed).transpose()?,
            port,
            prefix,
        })
    }

    /// The values of trusted proxies: the last one, and one more for each trusted address that
    /// stands at the end of the list of addresses.
    fn believed<'v, T>(
        &self,
        values: &'v [T],
        senders: impl DoubleEndedIterator<Item = Option<IpAddr>>,
    ) -> &'v [T] {
        let further = senders
            .rev()
            .take_while(|sender| sender.is_some_and(|sender| self.trusts(sender)))
            .count();
        let start = values.len().saturating_sub(further + 1);
        values.get(start..).unwrap_or_default()
    }
}

/// What trusted proxies told of the URL that the client saw.
#[derive(Debug, Default)]
pub(crate) struct Forwarded<'a> {
    pub(crate) scheme: Option<&'static str>,
    host: Option<Cow<'a, str>>,
    port: Option<&'a str>,
    pub(crate) prefix: String,
}

impl<'a> Forwarded<'a> {
    /// With the host of the request itself where they told none. A port that stands alone counts
    /// where the host has none.
    pub(crate) fn authority(&self, own: &'a str) -> Cow<'a, str> {
        let host = self.host.clone().unwrap_or(Cow::Borrowed(own));
        let after_address = host.rsplit(']').next().unwrap_or_default();
        match self.port {
            Some(port) if !host.is_empty() && !after_address.contains(':') => {
                Cow::Owned(format!("{host}:{port}"))
            }
            _ => host,
        }
    }
}

/// A header of a trusted proxy that says nothing: what was signed is unknown.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed {0} header")]
pub(crate) struct Malformed(pub(crate) &'static str);

fn scheme_or_malformed(text: &str) -> Result<&'static str, Malformed> {
    scheme_of(text).ok_or(Malformed("forwarded protocol"))
}

fn host_or_malformed(text: Cow<'_, str>) -> Result<Cow<'_, str>, Malformed> {
    if is_authority(&text) {
        Ok(text)
    } else {
        Err(Malformed("forwarded host"))
    }
}

/// All values of a header, which is a list; empty ones are none.
fn list<'a>(head: &'a impl RequestHead, name: &'static str) -> Result<Vec<&'a str>, Malformed> {
    let mut all = Vec::new();
    for line in head.header(name) {
        let line = std::str::from_utf8(line).map_err(|_| Malformed(name))?;
        all.extend(
            line.split(',')
                .map(str::trim)
                .filter(|text| !text.is_empty()),
        );
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
