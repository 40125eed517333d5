//! A change as a value.

use oauth1_core::{ConsumerKey, Timestamp, TokenKey};
use serde::{Deserialize, Serialize};

use super::field::{self, twins};
use crate::{
    Consumer, ConsumerChange, Created, Decided, Decision, Exchange, Exchanged, Manager, Remembered,
    Renewal, Renewed, ReplayEntry, ReplayGuard, RequestToken, Revocation, Store, StoreError,
};

/// A change of what a [`Manager`], a [`Store`] or a [`ReplayGuard`] keeps, as a value that can be
/// written down and carried out later or elsewhere: for journals and replicas. It is read and
/// written as [`WithSecrets`](crate::WithSecrets).
///
/// Carried out in the same order on parts that were alike, the same operations leave them alike.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Operation {
    /// [`Manager::create`].
    CreateConsumer(Consumer),
    /// [`Manager::update`].
    UpdateConsumer(ConsumerKey, ConsumerChange),
    /// [`Manager::delete`], and the revocation of its tokens.
    DeleteConsumer(ConsumerKey),
    /// [`Store::create_request_token`].
    CreateRequestToken(RequestToken),
    /// [`Store::decide`].
    Decide(TokenKey, Decision, Timestamp),
    /// [`Store::exchange`].
    Exchange(Exchange, Timestamp),
    /// [`Store::renew`].
    Renew(Renewal, Timestamp),
    /// [`Store::revoke`].
    Revoke(Revocation),
    /// [`ReplayGuard::remember`].
    Remember {
        /// The consumer.
        consumer: ConsumerKey,
        /// The token, if there is one.
        token: Option<TokenKey>,
        /// The timestamp.
        timestamp: Timestamp,
        /// The nonce.
        nonce: String,
        /// Until when (inclusive) the timestamp could be accepted.
        keep_until: Timestamp,
        /// When it was remembered.
        now: Timestamp,
    },
}

twins!(Operation: OperationTwin;);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Operation", rename_all = "snake_case")]
enum OperationTwin {
    CreateConsumer(#[serde(with = "field")] Consumer),
    UpdateConsumer(
        #[serde(with = "field")] ConsumerKey,
        #[serde(with = "field")] ConsumerChange,
    ),
    DeleteConsumer(#[serde(with = "field")] ConsumerKey),
    CreateRequestToken(#[serde(with = "field")] RequestToken),
    Decide(
        #[serde(with = "field")] TokenKey,
        #[serde(with = "field")] Decision,
        #[serde(with = "field")] Timestamp,
    ),
    Exchange(
        #[serde(with = "field")] Exchange,
        #[serde(with = "field")] Timestamp,
    ),
    Renew(
        #[serde(with = "field")] Renewal,
        #[serde(with = "field")] Timestamp,
    ),
    Revoke(#[serde(with = "field")] Revocation),
    Remember {
        #[serde(with = "field")]
        consumer: ConsumerKey,
        #[serde(with = "field")]
        token: Option<TokenKey>,
        #[serde(with = "field")]
        timestamp: Timestamp,
        nonce: String,
        #[serde(with = "field")]
        keep_until: Timestamp,
        #[serde(with = "field")]
        now: Timestamp,
    },
}

impl From<&Consumer> for Operation {
    fn from(consumer: &Consumer) -> Self {
        Self::CreateConsumer(consumer.clone())
    }
}

impl From<(&ConsumerKey, &ConsumerChange)> for Operation {
    fn from((key, change): (&ConsumerKey, &ConsumerChange)) -> Self {
        Self::UpdateConsumer(key.clone(), change.clone())
    }
}

impl From<&RequestToken> for Operation {
    fn from(token: &RequestToken) -> Self {
        Self::CreateRequestToken(token.clone())
    }
}

impl From<(&TokenKey, &Decision, Timestamp)> for Operation {
    fn from((key, decision, now): (&TokenKey, &Decision, Timestamp)) -> Self {
        Self::Decide(key.clone(), decision.clone(), now)
    }
}

impl From<(&Exchange, Timestamp)> for Operation {
    fn from((exchange, now): (&Exchange, Timestamp)) -> Self {
        Self::Exchange(exchange.clone(), now)
    }
}

impl From<(&Renewal, Timestamp)> for Operation {
    fn from((renewal, now): (&Renewal, Timestamp)) -> Self {
        Self::Renew(renewal.clone(), now)
    }
}

impl From<&Revocation> for Operation {
    fn from(which: &Revocation) -> Self {
        Self::Revoke(which.clone())
    }
}

impl From<&ReplayEntry<'_>> for Operation {
    fn from(entry: &ReplayEntry<'_>) -> Self {
        Self::Remember {
            consumer: entry.consumer.clone(),
            token: entry.token.cloned(),
            timestamp: entry.timestamp,
            nonce: String::from_utf8_lossy(entry.nonce).into_owned(),
            keep_until: entry.keep_until,
            now: entry.now,
        }
    }
}

/// What an [`Operation`] did: the answer of the method that it stands for, to be taken out by
/// `try_into`. A key that was taken comes out as [`StoreError::KeyTaken`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Done {
    /// A request token is kept.
    Kept(()),
    /// Nothing: a key that had to be new is taken.
    KeyTaken,
    /// [`Operation::CreateConsumer`].
    Created(Created),
    /// Whether there was such a consumer.
    Changed(bool),
    /// [`Operation::Decide`].
    Decided(Decided),
    /// [`Operation::Exchange`].
    Exchanged(Box<Exchanged>),
    /// [`Operation::Renew`].
    Renewed(Box<Renewed>),
    /// How many tokens were revoked.
    Revoked(u64),
    /// [`Operation::Remember`].
    Remembered(Remembered),
}

/// The answer that belongs to a variant; of another one it is none.
macro_rules! answers {
    ($($variant:ident($it:ident): $type:ty = $answer:expr;)*) => {
        $(
            impl TryFrom<Done> for $type {
                type Error = StoreError;

                fn try_from(done: Done) -> Result<Self, StoreError> {
                    match done {
                        Done::$variant($it) => Ok($answer),
                        Done::KeyTaken => Err(StoreError::KeyTaken),
                        _ => Err(StoreError::unavailable("another operation was carried out")),
                    }
                }
            }
        )*
    };
}

answers! {
    Kept(it): () = it;
    Created(it): Created = it;
    Changed(it): bool = it;
    Decided(it): Decided = it;
    Exchanged(it): Exchanged = *it;
    Renewed(it): Renewed = *it;
    Revoked(it): u64 = it;
    Remembered(it): Remembered = it;
}

impl Operation {
    /// Carries it out.
    ///
    /// # Errors
    /// [`StoreError`] of the part that it concerns, if that could not answer.
    pub async fn carry_out(
        &self,
        manager: &dyn Manager,
        store: &dyn Store,
        replay_guard: &dyn ReplayGuard,
    ) -> Result<Done, StoreError> {
        match self.answer(manager, store, replay_guard).await {
            Err(StoreError::KeyTaken) => Ok(Done::KeyTaken),
            answer => answer,
        }
    }

    async fn answer(
        &self,
        manager: &dyn Manager,
        store: &dyn Store,
        replay_guard: &dyn ReplayGuard,
    ) -> Result<Done, StoreError> {
        Ok(match self {
            Self::CreateConsumer(consumer) => Done::Created(manager.create(consumer).await?),
            Self::UpdateConsumer(key, change) => Done::Changed(manager.update(key, change).await?),
            Self::DeleteConsumer(key) => {
                store.revoke(&Revocation::Consumer(key.clone())).await?;
                Done::Changed(manager.delete(key).await?)
            }
            Self::CreateRequestToken(token) => Done::Kept(store.create_request_token(token).await?),
            Self::Decide(key, decision, now) => {
                Done::Decided(store.decide(key, decision, *now).await?)
            }
            Self::Exchange(exchange, now) => {
                Done::Exchanged(Box::new(store.exchange(exchange, *now).await?))
            }
            Self::Renew(renewal, now) => Done::Renewed(Box::new(store.renew(renewal, *now).await?)),
            Self::Revoke(which) => Done::Revoked(store.revoke(which).await?),
            Self::Remember {
                consumer,
                token,
                timestamp,
                nonce,
                keep_until,
                now,
            } => {
                let entry = ReplayEntry {
                    consumer,
                    token: token.as_ref(),
                    timestamp: *timestamp,
                    nonce: nonce.as_bytes(),
                    keep_until: *keep_until,
                    now: *now,
                };
                Done::Remembered(replay_guard.remember(&entry).await?)
            }
        })
    }
}
