//! Deviations from the RFC that named clients in the field need: off unless a consumer's policy
//! names them.

use std::{cmp::Ordering, fmt};

use crate::{
    Parsed, Transport,
    parameter::{Collected, Parameter},
};

/// A deviation from the RFC, by the name it has in configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Leniency {
    /// `repeated_query_parameters`: Canvas repeats the query's parameters in the form body and
    /// signs them once.
    RepeatedQueryParameters,
    /// `doubled_query_parameters`: WooCommerce's client for Node.js writes all parameters of the query
    /// twice and signs them once.
    DoubledQueryParameters,
    /// `twice_encoded_signature`: `oauth_signature` may be percent-encoded twice.
    TwiceEncodedSignature,
    /// `get_token_endpoints`: request and access tokens may be asked for by GET.
    GetTokenEndpoints,
    /// `about_blank_callback`: `about:blank` (LTI 1.1) stands for `oob`.
    AboutBlankCallback,
    /// `empty_consumer_secret`: the consumer has none (MAAS); its token's secret alone is the key.
    EmptyConsumerSecret,
}

impl Leniency {
    /// All of them, in a fixed order.
    pub const ALL: [Self; 6] = [
        Self::RepeatedQueryParameters,
        Self::DoubledQueryParameters,
        Self::TwiceEncodedSignature,
        Self::GetTokenEndpoints,
        Self::AboutBlankCallback,
        Self::EmptyConsumerSecret,
    ];

    /// By name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|leniency| leniency.as_str() == name)
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RepeatedQueryParameters => "repeated_query_parameters",
            Self::DoubledQueryParameters => "doubled_query_parameters",
            Self::TwiceEncodedSignature => "twice_encoded_signature",
            Self::GetTokenEndpoints => "get_token_endpoints",
            Self::AboutBlankCallback => "about_blank_callback",
            Self::EmptyConsumerSecret => "empty_consumer_secret",
        }
    }
}

impl fmt::Display for Leniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Parsed<'_> {
    /// Verifies from here on with those leniencies that concern signatures; the others are the
    /// provider's affair.
    #[must_use]
    #[inline]
    pub fn with_leniencies(self, leniencies: &[Leniency]) -> Self {
        if leniencies.is_empty() {
            return self;
        }
        self.with_some(leniencies)
    }

    #[cold]
    fn with_some(mut self, leniencies: &[Leniency]) -> Self {
        for leniency in leniencies {
            match leniency {
                Leniency::RepeatedQueryParameters => {
                    self.parts.protocol.collected.drop_repeated();
                }
                Leniency::DoubledQueryParameters => self.parts.protocol.collected.halve_query(),
                Leniency::TwiceEncodedSignature => self.parts.twice_encoded_signature = true,
                _ => {}
            }
        }
        self
    }
}

impl Collected<'_> {
    /// Of equal parameters in query and form body, the query's goes.
    fn drop_repeated(&mut self) {
        let is_in_body = |parameter: &&Parameter<'_>| parameter.transport == Transport::Body;
        let body: Vec<_> = self
            .others
            .as_slice()
            .iter()
            .filter(is_in_body)
            .copied()
            .collect();
        let mut rest = body.as_slice();
        self.others.retain(|parameter| {
            if parameter.transport != Transport::Query {
                return true;
            }
            // Both are sorted: one walk is enough.
            while let Some((first, tail)) = rest.split_first() {
                match first.order(parameter) {
                    Ordering::Less => rest = tail,
                    Ordering::Equal => return false,
                    Ordering::Greater => break,
                }
            }
            true
        });
    }

    /// Of the query's parameters every other one goes, if each is there twice. One that the client
    /// means to repeat is there four times then.
    fn halve_query(&mut self) {
        let in_query = |parameter: &Parameter<'_>| {
            parameter.transport == Transport::Query && !parameter.is_protocol
        };
        let all = self.others.as_slice().iter().copied();
        let all: Vec<_> = all.filter(in_query).collect();
        // They are sorted.
        let mut equal = all.chunk_by(|first, next| first.order(next).is_eq());
        if !equal.all(|group| group.len().is_multiple_of(2)) {
            return;
        }
        let mut stays = false;
        self.others.retain(|parameter| {
            stays ^= in_query(parameter);
            stays || !in_query(parameter)
        });
    }
}
