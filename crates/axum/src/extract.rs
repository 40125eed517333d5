//! Who calls, as extractors. They read what [`crate::OAuthLayer`] found.
//!
//! Each is the provider's type of the same name, wrapped because axum wants extractors to be of
//! this crate, and dereferences to it.

use std::{convert::Infallible, marker::PhantomData, ops::Deref};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use oauth1_provider::Guard;
use oauth1_tower::identity;

use crate::GuardRejection;

/// A signed request's identity, of either kind; others are refused with 401. `Option<Identity>`
/// takes unsigned requests too.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct Identity(pub oauth1_provider::Identity);

/// A consumer for itself; others are refused with 401 or 403, or none as
/// `Option<ConsumerIdentity>`.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct ConsumerIdentity(pub oauth1_provider::ConsumerIdentity);

/// A consumer on behalf of a user; others are refused with 401 or 403, or none as
/// `Option<UserIdentity>`.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an extractor is taken apart by pattern"
)]
pub struct UserIdentity(pub oauth1_provider::UserIdentity);

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

impl Deref for Identity {
    type Target = oauth1_provider::Identity;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for ConsumerIdentity {
    type Target = oauth1_provider::ConsumerIdentity;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for UserIdentity {
    type Target = oauth1_provider::UserIdentity;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let found = identity(&parts.extensions);
        Ok(Self(oauth1_provider::Identity::required(found)?.clone()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Identity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(identity(&parts.extensions).cloned().map(Self))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ConsumerIdentity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let found = identity(&parts.extensions);
        let consumer = oauth1_provider::ConsumerIdentity::required(found)?;
        Ok(Self(consumer.clone()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for ConsumerIdentity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        let found = identity(&parts.extensions);
        let consumer = oauth1_provider::ConsumerIdentity::optional(found);
        Ok(consumer.cloned().map(Self))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for UserIdentity {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let found = identity(&parts.extensions);
        let user = oauth1_provider::UserIdentity::required(found)?;
        Ok(Self(user.clone()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for UserIdentity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        let user = oauth1_provider::UserIdentity::optional(identity(&parts.extensions));
        Ok(user.cloned().map(Self))
    }
}

impl<G: RequiredGuard, S: Send + Sync> FromRequestParts<S> for Require<G> {
    type Rejection = GuardRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, GuardRejection> {
        let extensions = &parts.extensions;
        G::guard().check_request(identity(extensions), extensions)?;
        Ok(Self(PhantomData))
    }
}
