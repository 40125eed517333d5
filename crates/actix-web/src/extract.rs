//! Who calls, as extractors. They read what [`crate::OAuth`] found.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
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

impl FromRequest for OAuthIdentity {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let identity = request.extensions().get::<Identity>().cloned();
        ready(
            identity
                .map(Self)
                .ok_or_else(|| GuardRejection(GuardRefusal::unauthorized())),
        )
    }
}

impl FromRequest for OAuthConsumer {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        ready(match extensions.get::<Identity>() {
            Some(Identity::Consumer(consumer)) => Ok(Self(consumer.clone())),
            other => Err(refused(&is_consumer(), other)),
        })
    }
}

impl FromRequest for OAuthUser {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = request.extensions();
        ready(match extensions.get::<Identity>() {
            Some(Identity::User(user)) => Ok(Self(user.clone())),
            other => Err(refused(&is_oauth_user(), other)),
        })
    }
}

impl<G: RequiredGuard> FromRequest for Require<G> {
    type Error = GuardRejection;
    type Future = Ready<Result<Self, GuardRejection>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = G::guard().check(request.extensions().get::<Identity>());
        ready(checked.map(|()| Self(PhantomData)).map_err(GuardRejection))
    }
}

/// What the guard says; should it let pass what cannot be given, that is refused all the same.
fn refused(guard: &Guard, identity: Option<&Identity>) -> GuardRejection {
    let refusal = guard.check(identity).err();
    GuardRejection(refusal.unwrap_or_else(GuardRefusal::forbidden))
}
