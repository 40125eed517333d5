//! What extractors answer when they have nothing to give, and what a decision answers.

use axum::response::{IntoResponse, Response};
use oauth1_tower::{authorize_refusal, guard_response};

oauth1_provider::adapter_rejections!();

impl IntoResponse for GuardRejection {
    fn into_response(self) -> Response {
        guard_response(&self.0).into_response()
    }
}

impl IntoResponse for AuthorizeRejection {
    fn into_response(self) -> Response {
        authorize_refusal(&self.0).into_response()
    }
}
