//! The authorise page's half of resource owner authorization
//! ([RFC 5849 section 2.2](https://www.rfc-editor.org/rfc/rfc5849#section-2.2)).

use std::sync::Arc;

use oauth1_provider::Provider;
use warp::{Filter, Rejection};

use crate::AuthorizeRejection;

/// The pending request token named by `oauth_token` in the query, for a filter behind the
/// authorise path. Unknown, expired and decided tokens are refused with 400.
#[must_use]
pub fn authorize(
    provider: &Arc<Provider>,
) -> impl Filter<Extract = (Authorize,), Error = Rejection> + Clone + use<> {
    let provider = Arc::clone(provider);
    let none = warp::any().map(String::new);
    let query = warp::query::raw().or(none).unify();
    query.and_then(move |query: String| {
        let provider = Arc::clone(&provider);
        async move {
            let found = Authorize::of_query(provider, Some(&query)).await;
            Ok::<_, Rejection>(found.map_err(AuthorizeRejection)?)
        }
    })
}

oauth1_provider::adapter_authorize! {
    /// A pending request token, with its consumer and without its secret. Made by [`authorize`].
    ///
    /// On GET, show [`Authorize::pending`]; on POST, call [`Authorize::approve`] or
    /// [`Authorize::deny`], and answer with [`crate::redirect`] or a page. The form body is left
    /// to the application: log-in and CSRF token are its own.
    Authorize or AuthorizeRejection
}
