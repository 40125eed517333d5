//! Who calls, as extractors. They read what [`crate::OAuthLayer`] found.
//!
//! Each is the provider's type of the same name, wrapped because axum wants extractors to be of
//! this crate, and dereferences to it.

use std::{convert::Infallible, marker::PhantomData};

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::request::Parts,
};
use oauth1_tower::identity;

use crate::GuardRejection;

oauth1_provider::adapter_extractors!("oauth1_axum");

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
