//! A framework-neutral answer.

use std::fmt;

use oauth1_core::Challenge;

use crate::{AuthorizationError, GuardRefusal, ProblemReporting, Refusal};

/// Status, headers and body, ready for any framework. `Debug` hides the body: it may be a secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Response {
    /// A form-encoded answer with credentials in it (sections 2.1 and 2.3).
    pub(crate) fn credentials(pairs: &[(&str, &str)]) -> Self {
        let mut body = String::new();
        for (name, value) in pairs {
            if !body.is_empty() {
                body.push('&');
            }
            body.push_str(name);
            body.push('=');
            body.push_str(&oauth1_core::percent::encode(value.as_bytes()));
        }
        Self {
            status: 200,
            headers: vec![
                (
                    "content-type",
                    "application/x-www-form-urlencoded".to_owned(),
                ),
                ("cache-control", "no-store".to_owned()),
                ("pragma", "no-cache".to_owned()),
            ],
            body,
        }
    }

    /// A short text.
    #[must_use]
    pub fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            headers: vec![
                ("content-type", "text/plain; charset=utf-8".to_owned()),
                ("cache-control", "no-store".to_owned()),
            ],
            body: format!("{text}\n"),
        }
    }

    pub(crate) fn redirect(uri: &str) -> Self {
        Self {
            status: 303,
            headers: vec![
                ("location", uri.to_owned()),
                ("cache-control", "no-store".to_owned()),
                ("referrer-policy", "no-referrer".to_owned()),
            ],
            body: String::new(),
        }
    }

    /// The answer to a request that was not accepted: one line of code for all of them.
    #[must_use]
    pub fn refusal(
        refusal: &Refusal,
        challenge: &Challenge,
        problem_reporting: ProblemReporting,
    ) -> Self {
        match refusal {
            Refusal::Denied(denied) => {
                if let Some(response) = problem_reporting.response(denied, challenge) {
                    return response;
                }
                let mut response = Self::text(denied.status(), denied.message());
                if denied.status() == 401 {
                    response
                        .headers
                        .push(("www-authenticate", challenge.as_str().to_owned()));
                }
                response
            }
            Refusal::Unavailable(_) => {
                let mut response = Self::text(503, "temporarily unavailable");
                response.headers.push(("retry-after", "1".to_owned()));
                response
            }
        }
    }
}

/// Its message as plain text, 401 or 403; an adapter adds the challenge to every 401.
impl From<&GuardRefusal> for Response {
    fn from(refusal: &GuardRefusal) -> Self {
        Self::text(refusal.status, refusal.message)
    }
}

/// Its message as plain text, 400 or 503.
impl From<&AuthorizationError> for Response {
    fn from(error: &AuthorizationError) -> Self {
        let mut response = Self::text(error.status(), &error.to_string());
        if response.status == 503 {
            response.headers.push(("retry-after", "1".to_owned()));
        }
        response
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
