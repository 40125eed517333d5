//! The token of a request
//! ([RFC 5849 section 3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.1)).

use std::sync::Arc;

use oauth1_core::{Secret, TokenKey};

use crate::{AccessToken, RequestToken};

/// The token that a request was signed with.
#[derive(Debug)]
pub(crate) enum Token {
    None,
    Request(Box<RequestToken>),
    Access(Arc<AccessToken>),
}

impl Token {
    pub(super) fn key(&self) -> Option<&TokenKey> {
        match self {
            Self::None => None,
            Self::Request(token) => Some(&token.key),
            Self::Access(token) => Some(&token.key),
        }
    }

    pub(super) fn secret(&self) -> Option<&Secret> {
        match self {
            Self::None => None,
            Self::Request(token) => Some(&token.secret),
            Self::Access(token) => Some(&token.secret),
        }
    }
}
