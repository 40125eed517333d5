//! A refused request and a broken server are different things.

use oauth1_core::{Error, ErrorCode};

use crate::{EntropyError, StoreError};

/// Why a request was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The request is at fault: 400 or 401.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The server could not decide: 503.
    #[error("temporarily unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Error> for Refusal {
    #[cold]
    fn from(error: Error) -> Self {
        Self::Denied(error.into())
    }
}

impl From<StoreError> for Refusal {
    #[cold]
    fn from(error: StoreError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

impl From<EntropyError> for Refusal {
    #[cold]
    fn from(error: EntropyError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// A refused request: the code is for the operator, status and message are for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Denied(Box<Told>);

/// In a box, for every answer that is no refusal would carry room for it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    code: ErrorCode,
    status: u16,
    message: String,
    details: Vec<(&'static str, String)>,
}

impl Denied {
    #[cold]
    pub(crate) fn new(code: ErrorCode) -> Self {
        Self::because(code, message(code))
    }

    /// With the text of a wrong signature: only the code, which is for the operator, tells more.
    #[cold]
    pub(crate) fn hidden(code: ErrorCode) -> Self {
        let mut denied = Self::new(ErrorCode::SignatureInvalid);
        denied.0.code = code;
        denied
    }

    #[cold]
    pub(crate) fn because(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Told {
            code,
            status: code.status(),
            message: message.into(),
            details: Vec::new(),
        }))
    }

    /// With another status than the code's.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = status;
        self
    }

    /// With a parameter of OAuth Problem Reporting.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.details.push((name, value.into()));
        self
    }

    /// The parameters of OAuth Problem Reporting that go with the code.
    #[must_use]
    pub fn details(&self) -> &[(&'static str, String)] {
        &self.0.details
    }

    /// What was wrong, exactly: for logs and metrics. The client is not told which of consumer
    /// key, token and signature was wrong.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The HTTP status of section 3.2.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// What the client may read.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl From<Error> for Denied {
    #[cold]
    fn from(error: Error) -> Self {
        let denied = match error.code().status() {
            400 => Self::because(error.code(), error.to_string()),
            _ => Self::new(error.code()),
        };
        match error {
            Error::ParameterAbsent(name) => denied.with("oauth_parameters_absent", name),
            Error::ParametersAbsent(names) => {
                denied.with("oauth_parameters_absent", names.join("&"))
            }
            // Names alone: a value may be a secret. What is no parameter has no name.
            Error::ParameterMalformed(name)
            | Error::TooLarge(name)
            | Error::ParameterDuplicated(name)
            | Error::TransportMixed(name)
                if name.starts_with("oauth_") || name == "realm" =>
            {
                denied.with("oauth_parameters_rejected", name)
            }
            Error::VersionRejected => denied.with("oauth_acceptable_versions", "1.0-1.0"),
            _ => denied,
        }
    }
}

/// Unknown consumer, unknown token and wrong signature share one text: the answer tells nobody
/// which it was.
fn message(code: ErrorCode) -> &'static str {
    match code {
        ErrorCode::TimestampRefused => "timestamp outside the accepted window",
        ErrorCode::NonceUsed => "nonce already used",
        ErrorCode::TokenExpired => "token expired",
        ErrorCode::TokenUsed | ErrorCode::TokenRejected | ErrorCode::PermissionUnknown => {
            "token not authorized"
        }
        ErrorCode::VerifierInvalid => "invalid verifier",
        ErrorCode::ConsumerKeyRefused => "consumer disabled",
        ErrorCode::PermissionDenied => "not permitted for this consumer",
        _ => "invalid consumer, token or signature",
    }
}
