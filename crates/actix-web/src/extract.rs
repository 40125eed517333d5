//! Who calls, as extractors. They read what [`crate::OAuth`] found.
//!
//! Each is the provider's type of the same name, wrapped because actix-web wants extractors to be
//! of this crate, and dereferences to it.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};

use crate::{GuardRejection, guard::check};

oauth1_provider::adapter_extractors!("oauth1_actix_web");

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
