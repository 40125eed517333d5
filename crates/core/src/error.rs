//! What is wrong with a request, and the status it deserves
//! ([RFC 5849 section 3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.2)).

use std::fmt;

/// Why a request is refused. Holds no secret and no expected signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A required protocol parameter is missing (section 3.1).
    #[error("missing parameter {0}")]
    ParameterAbsent(&'static str),
    /// Several are.
    #[error("missing parameters {}", .0.join(", "))]
    ParametersAbsent(Vec<&'static str>),
    /// A protocol parameter, or the Authorization header, stands twice, in one place or across
    /// (section 3.2).
    #[error("duplicated {0}")]
    ParameterDuplicated(&'static str),
    /// Protocol parameters, this one for example, in more than one transport (section 3.5).
    #[error("protocol parameters in more than one place: {0}")]
    TransportMixed(&'static str),
    /// A parameter's value is not of its form.
    #[error("malformed {0}")]
    ParameterMalformed(&'static str),
    /// More than the limits allow.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// `oauth_version` is there and not `1.0` (section 3.1).
    #[error("unsupported oauth_version")]
    VersionRejected,
    /// The signature method is unknown or not allowed (section 3.4).
    #[error("unsupported oauth_signature_method")]
    SignatureMethodRejected,
    /// The signature does not match (section 3.4).
    #[error("invalid signature")]
    SignatureInvalid,
    /// The timestamp lies outside the window (section 3.3).
    #[error("timestamp outside the accepted window")]
    TimestampRefused,
}

/// Refuses a request, which is seldom: the compiler lays the path to it out apart from the usual one.
#[cold]
pub(crate) fn refuse<T>(error: Error) -> Result<T, Error> {
    Err(error)
}

impl Error {
    /// The stable code of this error.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::ParameterAbsent(_) | Self::ParametersAbsent(_) => ErrorCode::ParameterAbsent,
            Self::ParameterDuplicated(_)
            | Self::TransportMixed(_)
            | Self::ParameterMalformed(_)
            | Self::TooLarge(_) => ErrorCode::ParameterRejected,
            Self::VersionRejected => ErrorCode::VersionRejected,
            Self::SignatureMethodRejected => ErrorCode::SignatureMethodRejected,
            Self::SignatureInvalid => ErrorCode::SignatureInvalid,
            Self::TimestampRefused => ErrorCode::TimestampRefused,
        }
    }
}

/// The words of OAuth Problem Reporting 1.0, frozen: adapters and logs map by these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `version_rejected`
    VersionRejected,
    /// `parameter_absent`
    ParameterAbsent,
    /// `parameter_rejected`
    ParameterRejected,
    /// `timestamp_refused`
    TimestampRefused,
    /// `nonce_used`
    NonceUsed,
    /// `signature_method_rejected`
    SignatureMethodRejected,
    /// `signature_invalid`
    SignatureInvalid,
    /// `consumer_key_unknown`
    ConsumerKeyUnknown,
    /// `consumer_key_rejected`
    ConsumerKeyRejected,
    /// `consumer_key_refused`
    ConsumerKeyRefused,
    /// `token_used`
    TokenUsed,
    /// `token_expired`
    TokenExpired,
    /// `token_revoked`
    TokenRevoked,
    /// `token_rejected`
    TokenRejected,
    /// `verifier_invalid`
    VerifierInvalid,
    /// `permission_unknown`
    PermissionUnknown,
    /// `permission_denied`
    PermissionDenied,
    /// `user_refused`
    UserRefused,
    /// `additional_authorization_required`
    AdditionalAuthorizationRequired,
}

impl ErrorCode {
    /// All codes, in a fixed order.
    pub const ALL: [Self; 19] = [
        Self::VersionRejected,
        Self::ParameterAbsent,
        Self::ParameterRejected,
        Self::TimestampRefused,
        Self::NonceUsed,
        Self::SignatureMethodRejected,
        Self::SignatureInvalid,
        Self::ConsumerKeyUnknown,
        Self::ConsumerKeyRejected,
        Self::ConsumerKeyRefused,
        Self::TokenUsed,
        Self::TokenExpired,
        Self::TokenRevoked,
        Self::TokenRejected,
        Self::VerifierInvalid,
        Self::PermissionUnknown,
        Self::PermissionDenied,
        Self::UserRefused,
        Self::AdditionalAuthorizationRequired,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VersionRejected => "version_rejected",
            Self::ParameterAbsent => "parameter_absent",
            Self::ParameterRejected => "parameter_rejected",
            Self::TimestampRefused => "timestamp_refused",
            Self::NonceUsed => "nonce_used",
            Self::SignatureMethodRejected => "signature_method_rejected",
            Self::SignatureInvalid => "signature_invalid",
            Self::ConsumerKeyUnknown => "consumer_key_unknown",
            Self::ConsumerKeyRejected => "consumer_key_rejected",
            Self::ConsumerKeyRefused => "consumer_key_refused",
            Self::TokenUsed => "token_used",
            Self::TokenExpired => "token_expired",
            Self::TokenRevoked => "token_revoked",
            Self::TokenRejected => "token_rejected",
            Self::VerifierInvalid => "verifier_invalid",
            Self::PermissionUnknown => "permission_unknown",
            Self::PermissionDenied => "permission_denied",
            Self::UserRefused => "user_refused",
            Self::AdditionalAuthorizationRequired => "additional_authorization_required",
        }
    }

    /// The status of section 3.2: 400 for what is missing, duplicated or unsupported, 401 for
    /// credentials that do not hold.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::VersionRejected
            | Self::ParameterAbsent
            | Self::ParameterRejected
            | Self::SignatureMethodRejected => 400,
            Self::TimestampRefused
            | Self::NonceUsed
            | Self::SignatureInvalid
            | Self::ConsumerKeyUnknown
            | Self::ConsumerKeyRejected
            | Self::ConsumerKeyRefused
            | Self::TokenUsed
            | Self::TokenExpired
            | Self::TokenRevoked
            | Self::TokenRejected
            | Self::VerifierInvalid
            | Self::PermissionUnknown
            | Self::PermissionDenied
            | Self::UserRefused
            | Self::AdditionalAuthorizationRequired => 401,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_statuses_are_frozen() {
        let list: Vec<_> = ErrorCode::ALL
            .iter()
            .map(|c| format!("{c} {}", c.status()))
            .collect();
        assert_eq!(
            list.join("\n"),
            "version_rejected 400\nparameter_absent 400\nparameter_rejected 400\n\
             timestamp_refused 401\nnonce_used 401\nsignature_method_rejected 400\n\
             signature_invalid 401\nconsumer_key_unknown 401\nconsumer_key_rejected 401\n\
             consumer_key_refused 401\ntoken_used 401\ntoken_expired 401\ntoken_revoked 401\n\
             token_rejected 401\nverifier_invalid 401\npermission_unknown 401\n\
             permission_denied 401\nuser_refused 401\nadditional_authorization_required 401"
        );
    }
}
