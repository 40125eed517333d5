//! Who calls, as extractors. They read what [`crate::OAuthLayer`] found.

use std::{convert::Infallible, marker::PhantomData};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use oauth1_provider::{
    ConsumerIdentity, Guard, GuardRefusal, Identity, UserIdentity, is_consumer, is_oauth_user,
};

use crate::GuardRejection;

/// A signed request's identity, of either kind; `Option<OAuthIdentity>` takes unsigned ones too.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct OAuthIdentity(pub Identity);

/// A consumer for itself; others are refused with 401 or 403.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct OAuthConsumer(pub ConsumerIdentity);

/// A consumer on behalf of a user; others are refused with 401 or 403.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct OAuthUser(pub UserIdentity);

/// Passes if the guard `G` does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Require<G>(PhantomData<G>);

/// A guard that has a name, for [`Require`].
///
/// ```
/// use oauth1_axum::{Require, RequiredGuard};
/// use oauth1_provider::{Guard, not_oauth};
///
/// struct BrowserOnly;
/// impl RequiredGuard for BrowserOnly {
///     fn guard() -> Guard {
///         not_oauth()
///     }
/// }
/// async fn handler(_: Require<BrowserOnly>) {}
/// ```
pub trait RequiredGuard {
    /// The guard.
    fn guard() -> Guard;
}

impl<S: Send + Sync> FromRequestParts<S> for OAuthIdentity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let identity = parts.extensions.get::<Identity>().cloned();
        identity
            .map(Self)
            .ok_or_else(|| GuardRejection(GuardRefusal::unauthorized()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for OAuthIdentity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Identity>().cloned().map(Self))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OAuthConsumer {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let identity = parts.extensions.get::<Identity>();
        is_consumer().check(identity).map_err(GuardRejection)?;
        match identity {
            Some(Identity::Consumer(consumer)) => Ok(Self(consumer.clone())),
            _ => Err(refused(&is_consumer())),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for OAuthConsumer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(match parts.extensions.get::<Identity>() {
            Some(Identity::Consumer(consumer)) => Some(Self(consumer.clone())),
            _ => None,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OAuthUser {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let identity = parts.extensions.get::<Identity>();
        is_oauth_user().check(identity).map_err(GuardRejection)?;
        match identity {
            Some(Identity::User(user)) => Ok(Self(user.clone())),
            _ => Err(refused(&is_oauth_user())),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for OAuthUser {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(match parts.extensions.get::<Identity>() {
            Some(Identity::User(user)) => Some(Self(user.clone())),
            _ => None,
        })
    }
}

impl<G: RequiredGuard, S: Send + Sync> FromRequestParts<S> for Require<G> {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        G::guard()
            .check(parts.extensions.get::<Identity>())
            .map_err(GuardRejection)?;
        Ok(Self(PhantomData))
    }
}

/// The extension is not there after all: fails closed, as for a request without OAuth.
fn refused(guard: &Guard) -> GuardRejection {
    let refusal = guard.check(None).err();
    GuardRejection(refusal.unwrap_or_else(GuardRefusal::forbidden))
}
