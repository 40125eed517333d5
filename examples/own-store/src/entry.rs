//! The lines of the journal.

use oauth1_provider::{
    Decision, Exchange, Manager, Realms, Renewal, ReplayEntry, ReplayGuard, RequestToken,
    RequestTokenState, Revocation, Session, SessionHandleHash, Store, StoreError, UserId,
    VerifierHash,
    core::{Callback, ConsumerKey, Secret, Timestamp, TokenKey},
};
use serde::{Deserialize, Serialize};

use crate::{Journal, consumers::ConsumerRow};

/// A change. Times are seconds since 1970. It has no `Debug`: there are secrets in it.
#[derive(Deserialize, Serialize)]
pub(crate) enum Entry {
    /// As it is from now on.
    Consumer(ConsumerRow),
    ConsumerGone(String),
    RequestToken {
        key: String,
        secret: String,
        consumer: String,
        callback: String,
        realms: String,
        created: u64,
        expires: u64,
    },
    Approve {
        key: String,
        user: String,
        verifier: [u8; 32],
        realms: String,
        now: u64,
    },
    Deny {
        key: String,
        now: u64,
    },
    Exchange {
        request_token: String,
        consumer: String,
        verifier: [u8; 32],
        attempts: u32,
        key: String,
        secret: String,
        expires: Option<u64>,
        session: Option<([u8; 32], u64)>,
        now: u64,
    },
    Renew {
        access_token: String,
        consumer: String,
        handle: [u8; 32],
        key: String,
        secret: String,
        expires: u64,
        now: u64,
    },
    RevokeToken {
        user: String,
        key: String,
    },
    RevokeUser(String),
    RevokeConsumer(String),
    Nonce {
        consumer: String,
        token: Option<String>,
        timestamp: u64,
        nonce: String,
        keep_until: u64,
    },
}

impl Entry {
    /// Does to what is in memory what was done when the line was written.
    pub(crate) async fn carry_out(self, journal: &Journal) -> Result<(), StoreError> {
        let done = match self {
            Self::Consumer(_) | Self::ConsumerGone(_) => self.change_consumer(journal).await,
            Self::Nonce { .. } => self.remember(journal).await,
            _ => self.change_token(journal).await,
        };
        match done {
            // So it was then, too.
            Err(StoreError::KeyTaken) => Ok(()),
            other => other,
        }
    }

    async fn change_consumer(self, journal: &Journal) -> Result<(), StoreError> {
        match self {
            Self::Consumer(row) => {
                let consumer = row.into_consumer()?;
                journal.consumers.delete(consumer.key()).await?;
                journal.consumers.create(&consumer).await?;
            }
            Self::ConsumerGone(key) => {
                let key = consumer_key(&key)?;
                journal.consumers.delete(&key).await?;
                journal.tokens.revoke(&Revocation::Consumer(key)).await?;
            }
            _ => {}
        }
        Ok(())
    }

    async fn remember(self, journal: &Journal) -> Result<(), StoreError> {
        if let Self::Nonce {
            consumer,
            token,
            timestamp,
            nonce,
            keep_until,
        } = self
        {
            let token = token.as_deref().map(token_key).transpose()?;
            let entry = ReplayEntry {
                consumer: &consumer_key(&consumer)?,
                token: token.as_ref(),
                timestamp: Timestamp::from_secs(timestamp),
                nonce: &nonce,
                keep_until: Timestamp::from_secs(keep_until),
                now: Timestamp::from_secs(timestamp),
            };
            journal.nonces.remember(&entry).await?;
        }
        Ok(())
    }

    async fn change_token(self, journal: &Journal) -> Result<(), StoreError> {
        let tokens = &journal.tokens;
        match self {
            Self::RequestToken {
                key,
                secret,
                consumer,
                callback,
                realms,
                created,
                expires,
            } => {
                let token = RequestToken {
                    key: token_key(&key)?,
                    secret: Secret::from(secret),
                    consumer: consumer_key(&consumer)?,
                    callback: parse_callback(&callback)?,
                    realms: parse_realms(&realms)?,
                    state: RequestTokenState::Pending,
                    created: Timestamp::from_secs(created),
                    expires: Timestamp::from_secs(expires),
                };
                tokens.create_request_token(&token).await?;
            }
            Self::Approve {
                key,
                user,
                verifier,
                realms,
                now,
            } => {
                let decision = Decision::Approve {
                    user: user_id(&user)?,
                    verifier: VerifierHash::from_bytes(verifier),
                    realms: parse_realms(&realms)?,
                };
                let now = Timestamp::from_secs(now);
                tokens.decide(&token_key(&key)?, &decision, now).await?;
            }
            Self::Deny { key, now } => {
                let now = Timestamp::from_secs(now);
                tokens
                    .decide(&token_key(&key)?, &Decision::Deny, now)
                    .await?;
            }
            other => other.give_token(journal).await?,
        }
        Ok(())
    }

    async fn give_token(self, journal: &Journal) -> Result<(), StoreError> {
        match self {
            Self::Exchange {
                request_token,
                consumer,
                verifier,
                attempts,
                key,
                secret,
                expires,
                session,
                now,
            } => {
                let exchange = Exchange {
                    request_token: token_key(&request_token)?,
                    consumer: consumer_key(&consumer)?,
                    verifier: VerifierHash::from_bytes(verifier),
                    attempts,
                    key: token_key(&key)?,
                    secret: Secret::from(secret),
                    expires: expires.map(Timestamp::from_secs),
                    session: session.map(|(handle, expires)| Session {
                        handle: SessionHandleHash::from_bytes(handle),
                        expires: Timestamp::from_secs(expires),
                    }),
                };
                let now = Timestamp::from_secs(now);
                journal.tokens.exchange(&exchange, now).await?;
            }
            Self::Renew {
                access_token,
                consumer,
                handle,
                key,
                secret,
                expires,
                now,
            } => {
                let renewal = Renewal {
                    access_token: token_key(&access_token)?,
                    consumer: consumer_key(&consumer)?,
                    handle: SessionHandleHash::from_bytes(handle),
                    key: token_key(&key)?,
                    secret: Secret::from(secret),
                    expires: Timestamp::from_secs(expires),
                };
                let now = Timestamp::from_secs(now);
                journal.tokens.renew(&renewal, now).await?;
            }
            other => other.revoke(journal).await?,
        }
        Ok(())
    }

    async fn revoke(self, journal: &Journal) -> Result<(), StoreError> {
        let which = match self {
            Self::RevokeToken { user, key } => Revocation::Token {
                user: user_id(&user)?,
                key: token_key(&key)?,
            },
            Self::RevokeUser(user) => Revocation::User(user_id(&user)?),
            Self::RevokeConsumer(key) => Revocation::Consumer(consumer_key(&key)?),
            _ => return Ok(()),
        };
        journal.tokens.revoke(&which).await.map(|_| ())
    }
}

pub(crate) fn consumer_key(text: &str) -> Result<ConsumerKey, StoreError> {
    ConsumerKey::new(text).map_err(|_| StoreError::Corrupt("consumer key"))
}

fn token_key(text: &str) -> Result<TokenKey, StoreError> {
    TokenKey::new(text).map_err(|_| StoreError::Corrupt("token key"))
}

fn user_id(text: &str) -> Result<UserId, StoreError> {
    UserId::new(text).map_err(|_| StoreError::Corrupt("user"))
}

pub(crate) fn parse_realms(text: &str) -> Result<Realms, StoreError> {
    Realms::parse(text).map_err(|_| StoreError::Corrupt("realms"))
}

pub(crate) fn parse_callback(text: &str) -> Result<Callback, StoreError> {
    Callback::parse(text).map_err(|_| StoreError::Corrupt("callback"))
}
