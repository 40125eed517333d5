//! Who calls: what [`crate::OAuthLayer`] found.

use http::Extensions;
use oauth1_provider::Identity;

/// The identity of a request, from its extensions; `None` if it was not signed.
///
/// [`ConsumerIdentity::required`](oauth1_provider::ConsumerIdentity::required) and
/// [`UserIdentity::required`](oauth1_provider::UserIdentity::required) take one kind out of it, or
/// give the refusal for [`crate::guard_response`].
#[must_use]
pub fn identity(extensions: &Extensions) -> Option<&Identity> {
    extensions.get()
}
