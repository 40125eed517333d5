//! What extractors answer when they have nothing to give, and what a decision answers.

use std::fmt;

use axum::response::{IntoResponse, Response};
use oauth1_provider::{AuthorizationError, GuardRefusal};
use oauth1_tower::{authorize_refusal, guard_response};

/// A guard's refusal: 401 (the layer adds the challenge) or 403, with its message.
#[derive(Clone, Debug)]
pub struct GuardRejection(pub(crate) GuardRefusal);

impl From<GuardRefusal> for GuardRejection {
    fn from(refusal: GuardRefusal) -> Self {
        Self(refusal)
    }
}

impl IntoResponse for GuardRejection {
    fn into_response(self) -> Response {
        guard_response(&self.0).into_response()
    }
}

impl fmt::Display for GuardRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// There is nothing to authorise: 400, or 503 if the store could not answer.
#[derive(Debug)]
pub struct AuthorizeRejection(pub(crate) AuthorizationError);

impl AuthorizeRejection {
    /// The HTTP status, 400 or 503.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status()
    }
}

impl From<AuthorizationError> for AuthorizeRejection {
    fn from(error: AuthorizationError) -> Self {
        Self(error)
    }
}

impl IntoResponse for AuthorizeRejection {
    fn into_response(self) -> Response {
        authorize_refusal(&self.0).into_response()
    }
}

impl fmt::Display for AuthorizeRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
