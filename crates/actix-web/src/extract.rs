//! Who calls, as extractors. They read what [`crate::OAuth`] found.
//!
//! Each is the provider's type of the same name, wrapped because actix-web wants extractors to be
//! of this crate, and dereferences to it.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    ops::Deref,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use oauth1_provider::Guard;

use crate::{GuardRejection, guard::check};

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
/// use oauth1_actix_web::{Require, RequiredGuard};
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

impl FromRequest for Identity {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let found = oauth1_provider::Identity::required(extensions.get());
        ready(found.cloned().map(Self).map_err(GuardRejection))
    }
}

impl FromRequest for ConsumerIdentity {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let found = oauth1_provider::ConsumerIdentity::required(extensions.get());
        ready(found.cloned().map(Self).map_err(GuardRejection))
    }
}

impl FromRequest for UserIdentity {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        let found = oauth1_provider::UserIdentity::required(extensions.get());
        ready(found.cloned().map(Self).map_err(GuardRejection))
    }
}

impl<G: RequiredGuard> FromRequest for Require<G> {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = check(&G::guard(), request);
        ready(checked.map(|()| Self(PhantomData)).map_err(GuardRejection))
    }
}
