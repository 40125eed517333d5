//! Lets pass whom a guard lets pass.

use std::{any::Any, future::ready};

use oauth1_provider::{Guard, Identity, Verdict};
use warp::{Filter, Rejection};

use crate::{GuardRejection, optional_identity};

/// Lets pass whom a [`Guard`] lets pass; others are refused with 401 or 403.
#[must_use]
pub fn require(guard: Guard) -> impl Filter<Extract = (), Error = Rejection> + Clone {
    optional_identity()
        .and_then(move |found: Option<Identity>| {
            let checked = guard.check(found.as_ref());
            ready(checked.map_err(|refusal| Rejection::from(GuardRejection::from(refusal))))
        })
        .untuple_one()
}

/// Lets pass whom a [`Guard`] lets pass that may look at what the application's own log-in has
/// extracted, by [`request_guard`]; it is extracted then.
///
/// ```
/// use oauth1_provider::any_of;
/// use oauth1_warp::{request_guard, require_with};
/// use warp::Filter;
///
/// #[derive(Clone)]
/// struct Visitor(Option<String>);
///
/// let visitor = warp::cookie::optional("session").map(Visitor); // and look it up
/// let admin = request_guard("admins only", |visitor: &Visitor| visitor.0.is_some());
/// let page = warp::path!("admin").and(require_with(admin, visitor)).map(|_| "hello");
/// ```
pub fn require_with<F, T>(
    guard: Guard,
    own: F,
) -> impl Filter<Extract = (T,), Error = Rejection> + Clone
where
    F: Filter<Extract = (T,)> + Clone + Send + Sync + 'static,
    F::Error: Into<Rejection>,
    T: Any + Send,
{
    optional_identity()
        .and(own.boxed())
        .and_then(move |found: Option<Identity>, own: T| {
            let checked = guard.check_request(found.as_ref(), &own);
            ready(match checked {
                Ok(()) => Ok(own),
                Err(refusal) => Err(Rejection::from(GuardRejection::from(refusal))),
            })
        })
}

/// The application's own condition, such as its log-in's permissions, on what a filter extracts
/// for [`require_with`]; with the message of its refusal. It combines with other guards; in
/// [`require`], and with anything else, it refuses.
pub fn request_guard<T: Any, V: Into<Verdict>>(
    message: &'static str,
    check: impl Fn(&T) -> V + Send + Sync + 'static,
) -> Guard {
    Guard::of_request(message, check)
}
