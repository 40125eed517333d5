//! Who calls, as filters. They read what [`crate::OAuthLayer`] found.

use std::{convert::Infallible, future::ready};

use oauth1_provider::{ConsumerIdentity, GuardRefusal, Identity, UserIdentity};
use warp::{Filter, Rejection};

use crate::GuardRejection;

/// A signed request's identity, of either kind; others are refused with 401.
#[must_use]
pub fn identity() -> impl Filter<Extract = (Identity,), Error = Rejection> + Copy {
    required(|found| Identity::required(found).cloned())
}

/// A consumer for itself; others are refused with 401 or 403.
#[must_use]
pub fn consumer() -> impl Filter<Extract = (ConsumerIdentity,), Error = Rejection> + Copy {
    required(|found| ConsumerIdentity::required(found).cloned())
}

/// A consumer on behalf of a user; others are refused with 401 or 403.
#[must_use]
pub fn user() -> impl Filter<Extract = (UserIdentity,), Error = Rejection> + Copy {
    required(|found| UserIdentity::required(found).cloned())
}

/// A signed request's identity; `None` for others.
#[must_use]
pub fn optional_identity() -> impl Filter<Extract = (Option<Identity>,), Error = Infallible> + Copy
{
    warp::ext::optional::<Identity>()
}

/// A consumer for itself; `None` for others.
#[must_use]
pub fn optional_consumer()
-> impl Filter<Extract = (Option<ConsumerIdentity>,), Error = Infallible> + Copy {
    optional_identity()
        .map(|found: Option<Identity>| ConsumerIdentity::optional(found.as_ref()).cloned())
}

/// A consumer on behalf of a user; `None` for others.
#[must_use]
pub fn optional_user() -> impl Filter<Extract = (Option<UserIdentity>,), Error = Infallible> + Copy
{
    optional_identity()
        .map(|found: Option<Identity>| UserIdentity::optional(found.as_ref()).cloned())
}

fn required<T: Send + 'static>(
    take: impl Fn(Option<&Identity>) -> Result<T, GuardRefusal> + Copy + Send + Sync + 'static,
) -> impl Filter<Extract = (T,), Error = Rejection> + Copy {
    optional_identity().and_then(move |found: Option<Identity>| {
        let taken = take(found.as_ref());
        ready(taken.map_err(|refusal| Rejection::from(GuardRejection::from(refusal))))
    })
}
