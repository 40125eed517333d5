//! Who calls.

use std::sync::Arc;

use oauth1_core::{SignatureMethod, TokenKey, Transport};

use crate::{AccessToken, Consumer, Realms, UserId};

/// Who calls: a consumer for itself, or a consumer on behalf of a user. Only a verified request
/// makes one. It is an enum, so a user called `consumer:x` is a user.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an application has to treat both")]
pub enum Identity {
    /// A consumer for itself (2-legged).
    Consumer(ConsumerIdentity),
    /// A consumer on behalf of a user (3-legged).
    User(UserIdentity),
}

impl Identity {
    /// The consumer that signed.
    #[must_use]
    pub fn consumer(&self) -> &Consumer {
        match self {
            Self::Consumer(identity) => &identity.consumer,
            Self::User(identity) => &identity.consumer,
        }
    }

    /// The user, if the consumer acts for one.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Consumer(_) => None,
            Self::User(identity) => Some(identity.user()),
        }
    }

    /// What the access token gives access to. A consumer for itself has no token, and no realms.
    #[must_use]
    pub fn realms(&self) -> Option<&Realms> {
        match self {
            Self::Consumer(_) => None,
            Self::User(identity) => Some(identity.realms()),
        }
    }

    /// How the request was signed: for finding out who still uses SHA-1.
    #[must_use]
    pub fn signature_method(&self) -> SignatureMethod {
        match self {
            Self::Consumer(identity) => identity.method,
            Self::User(identity) => identity.method,
        }
    }

    /// Where its parameters stood.
    #[must_use]
    pub fn transport(&self) -> Transport {
        match self {
            Self::Consumer(identity) => identity.transport,
            Self::User(identity) => identity.transport,
        }
    }
}

/// A consumer that calls for itself.
#[derive(Clone, Debug)]
pub struct ConsumerIdentity {
    pub(crate) consumer: Arc<Consumer>,
    pub(crate) method: SignatureMethod,
    pub(crate) transport: Transport,
}

impl ConsumerIdentity {
    /// The consumer.
    #[must_use]
    pub fn consumer(&self) -> &Consumer {
        &self.consumer
    }
}

/// A consumer that calls on behalf of a user.
#[derive(Clone, Debug)]
pub struct UserIdentity {
    pub(crate) consumer: Arc<Consumer>,
    pub(crate) token: Arc<AccessToken>,
    pub(crate) method: SignatureMethod,
    pub(crate) transport: Transport,
}

impl UserIdentity {
    /// The consumer.
    #[must_use]
    pub fn consumer(&self) -> &Consumer {
        &self.consumer
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.token.user
    }

    /// What the access token gives access to: what the user granted.
    #[must_use]
    pub fn realms(&self) -> &Realms {
        &self.token.realms
    }

    /// The access token.
    #[must_use]
    pub fn token(&self) -> &TokenKey {
        &self.token.key
    }
}
