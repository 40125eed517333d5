//! Consumers (the RFC's "clients") and what each may do.

use std::time::Duration;

use oauth1_core::{
    BodyHashPolicy, Callback, ConsumerKey, Leniency, SignatureMethod, Timestamp, Transport, Window,
};

use crate::{Credential, Realms};

/// An application that calls the API: its key, its credential and its policy.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[doc(alias = "client")]
pub struct Consumer {
    key: ConsumerKey,
    credential: Credential,
    /// The credential before the last rotation, while it is still accepted.
    pub previous: Option<PreviousCredential>,
    /// The name that users see.
    pub name: String,
    /// Which callbacks it may use.
    pub callbacks: Vec<CallbackRule>,
    /// What it may do.
    pub policy: Policy,
    created: Timestamp,
    /// Why it is disabled, if it is.
    pub disabled: Option<String>,
}

impl Consumer {
    /// With a shared secret or a public key, the default policy, and no callbacks.
    pub fn new(
        key: ConsumerKey,
        credential: impl Into<Credential>,
        name: impl Into<String>,
        now: Timestamp,
    ) -> Self {
        Self {
            key,
            credential: credential.into(),
            previous: None,
            name: name.into(),
            callbacks: Vec::new(),
            policy: Policy::default(),
            created: now,
            disabled: None,
        }
    }

    /// With a policy.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// With callbacks that it may use.
    #[must_use]
    pub fn with_callbacks(mut self, callbacks: impl IntoIterator<Item = CallbackRule>) -> Self {
        self.callbacks = callbacks.into_iter().collect();
        self
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &ConsumerKey {
        &self.key
    }

    /// Its current credential.
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// When it was created.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.created
    }

    /// Replaces the credential; the old one is accepted until `overlap_until`.
    pub fn rotate(&mut self, credential: impl Into<Credential>, overlap_until: Timestamp) {
        let credential = std::mem::replace(&mut self.credential, credential.into());
        self.previous = Some(PreviousCredential {
            credential,
            until: overlap_until,
        });
    }

    /// The credentials live at `now`: one, or two during a rotation.
    pub fn live_credentials(&self, now: Timestamp) -> impl Iterator<Item = &Credential> {
        let previous = self
            .previous
            .as_ref()
            .filter(|previous| now < previous.until);
        std::iter::once(&self.credential).chain(previous.map(|previous| &previous.credential))
    }

    /// Within which its timestamps are accepted.
    pub(crate) fn window<'w>(&'w self, default: &'w Window) -> &'w Window {
        self.policy.window.as_ref().unwrap_or(default)
    }

    /// Whether it may use this callback.
    #[must_use]
    pub fn allows_callback(&self, callback: &Callback) -> bool {
        match callback {
            Callback::OutOfBand => self.policy.out_of_band,
            other => self.callbacks.iter().any(|rule| rule.allows(other)),
        }
    }
}

/// A credential that was rotated out and is still accepted for a while.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a pair with names")]
pub struct PreviousCredential {
    /// The old credential.
    pub credential: Credential,
    /// Refused from here on.
    pub until: Timestamp,
}

/// Which callbacks a consumer may use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackRule {
    /// This one, byte for byte.
    Exact(Callback),
    /// Any http or https callback on a loopback host (`localhost`, `127.x.x.x`, `[::1]`), any port.
    Loopback,
}

impl CallbackRule {
    /// Whether it allows `callback`.
    #[must_use]
    pub fn allows(&self, callback: &Callback) -> bool {
        match self {
            Self::Exact(registered) => registered == callback,
            Self::Loopback => is_loopback(callback.as_str()),
        }
    }
}

fn is_loopback(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((host, port)) => (host, port),
            None => return false,
        },
        None => authority
            .find(':')
            .map_or((authority, ""), |at| authority.split_at(at)),
    };
    let port_is_fine = match port.strip_prefix(':') {
        Some(digits) => digits.bytes().all(|b| b.is_ascii_digit()),
        None => port.is_empty(),
    };
    let host_is_loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    let scheme_is_fine = ["http", "https"]
        .iter()
        .any(|fine| scheme.eq_ignore_ascii_case(fine));
    scheme_is_fine && port_is_fine && host_is_loopback
}

/// What a consumer may do. The default is the safe choice throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// Signature methods, of those the provider accepts. Default: all of these.
    pub methods: Vec<SignatureMethod>,
    /// Transports. Default: all three.
    pub transports: Vec<Transport>,
    /// May call for itself, without a token. Default true.
    pub two_legged: bool,
    /// May use `oob` instead of a callback. Default false.
    pub out_of_band: bool,
    /// Lifetime of its access tokens; `None`, the default, is without end.
    pub access_token_lifetime: Option<Duration>,
    /// Realms that it may ask for, of those the provider knows; `None`, the default, is all.
    pub realms: Option<Realms>,
    /// Deviations from the RFC that it needs. Default: none.
    pub leniencies: Vec<Leniency>,
    /// Whether `oauth_body_hash` counts. Default: verified where it is there.
    pub body_hash: BodyHashPolicy,
    /// A timestamp window of its own; `None`, the default, is the provider's.
    pub window: Option<Window>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            methods: SignatureMethod::ALL.to_vec(),
            transports: vec![Transport::Header, Transport::Body, Transport::Query],
            two_legged: true,
            out_of_band: false,
            access_token_lifetime: None,
            realms: None,
            leniencies: Vec::new(),
            body_hash: BodyHashPolicy::default(),
            window: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use oauth1_core::Secret;

    use super::*;

    #[test]
    fn loopback_callbacks_cannot_be_faked() {
        for (uri, loopback) in [
            ("http://localhost/cb", true),
            ("http://127.0.0.1:8000/cb?x=1", true),
            ("https://[::1]:1/", true),
            ("http://127.9.9.9", true),
            ("HTTP://LocalHost/", true),
            ("http://localhost.evil.example/", false),
            ("http://127.0.0.1.evil.example/", false),
            ("http://evil.example/?localhost", false),
            ("http://localhost:x@evil/", false),
            ("myapp://localhost/", false),
            ("http://[::1/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(uri), loopback, "{uri}");
        }
    }

    #[test]
    fn two_secrets_live_during_a_rotation() {
        let at = Timestamp::from_secs;
        let key = ConsumerKey::new("k").unwrap();
        let mut consumer = Consumer::new(key, Secret::from("old"), "n", at(1));
        consumer.rotate(Secret::from("new"), at(10));
        let live = |now| {
            consumer
                .live_credentials(at(now))
                .filter_map(Credential::shared_secret)
                .map(Secret::expose)
                .collect::<Vec<_>>()
        };
        assert_eq!(live(9), ["new", "old"]);
        assert_eq!(live(10), ["new"]);
    }
}
