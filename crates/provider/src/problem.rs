//! OAuth Problem Reporting 1.0: why a request was refused, told to the client.

use oauth1_core::{Challenge, percent};

use crate::{Denied, Response};

/// How much of a refusal's reason the client is told.
///
/// # Security
/// Whoever is told more than nothing can find out which consumer keys and tokens exist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemReporting {
    /// Nothing: unknown consumer, unknown token and wrong signature are told alike.
    #[default]
    Off,
    /// The code: `oauth_problem`.
    Code,
    /// The code with its parameters, such as `oauth_parameters_absent` and
    /// `oauth_acceptable_timestamps`, and `oauth_problem_advice` for people.
    Full,
}

impl ProblemReporting {
    /// The answer with the report in body and WWW-Authenticate; `None` if there is none to give.
    pub(crate) fn response(self, denied: &Denied, challenge: &Challenge) -> Option<Response> {
        let mut pairs = vec![("oauth_problem", denied.code().as_str().to_owned())];
        match self {
            Self::Off => return None,
            Self::Code => {}
            Self::Full => {
                pairs.extend(denied.details().iter().cloned());
                pairs.push(("oauth_problem_advice", denied.message().to_owned()));
            }
        }
        let encoded: Vec<(&str, String)> = pairs
            .into_iter()
            .map(|(name, value)| (name, percent::encode(value.as_bytes())))
            .collect();
        let body: Vec<_> = encoded
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let header = encoded
            .iter()
            .fold(challenge.as_str().to_owned(), |header, (name, value)| {
                format!("{header}, {name}=\"{value}\"")
            });
        Some(Response {
            status: denied.status(),
            headers: vec![
                (
                    "content-type",
                    "application/x-www-form-urlencoded".to_owned(),
                ),
                ("cache-control", "no-store".to_owned()),
                ("www-authenticate", header),
            ],
            body: body.join("&"),
        })
    }
}
