//! A request whose signature, timestamp and nonce hold
//! ([RFC 5849 section 3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.2)).

use std::sync::Arc;

use oauth1_core::{BodyHasher, ErrorCode, Fresh, Timestamp};

use super::Token;
use crate::{Consumer, ConsumerIdentity, Denied, Identity, Refusal, UserIdentity};

/// A request whose signature, timestamp and nonce hold. Only [`super::checked::Checked::accept`] makes it, and
/// every flow starts from it.
#[derive(Debug)]
pub(crate) struct Verified<'a> {
    pub(crate) fresh: Fresh<'a>,
    pub(crate) consumer: Arc<Consumer>,
    pub(crate) token: Token,
    /// Compares the body, where it is still to come.
    pub(super) body: Option<Box<BodyHasher>>,
    pub(crate) now: Timestamp,
}

impl Verified<'_> {
    /// Status and policy, the last step.
    #[inline(always)]
    pub(super) fn identity(self) -> Result<Identity, Refusal> {
        let method = self.fresh.parameters().signature_method();
        let transport = self.fresh.parameters().transport();
        let identity = match self.token {
            Token::None if !self.consumer.policy.two_legged => {
                return Err(Denied::new(ErrorCode::PermissionDenied).into());
            }
            Token::None => Identity::Consumer(ConsumerIdentity {
                consumer: self.consumer,
                method,
                transport,
            }),
            Token::Access(token) if token.expires.is_some_and(|expires| expires <= self.now) => {
                return Err(Denied::new(ErrorCode::TokenExpired).into());
            }
            Token::Access(token) => Identity::User(UserIdentity {
                consumer: self.consumer,
                token,
                method,
                transport,
            }),
            Token::Request(_) => return Err(Denied::new(ErrorCode::TokenRejected).into()),
        };
        tracing::debug!(consumer = %identity.consumer().key(), "oauth1 request accepted");
        Ok(identity)
    }
}
