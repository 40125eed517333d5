//! The tokens: [`Store`].

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Renewal, Renewed, RequestToken,
    Revocation, Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey, constant_time_eq},
};

use crate::{
    SqlStore,
    column::{optional_text, seconds},
    database::{Transaction, retried},
    error::sort,
    pool::values,
    row,
};

#[async_trait]
impl Store for SqlStore {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        let sealing = &self.database.sealing;
        let (key, secret) = (token.key.as_str(), token.secret.expose());
        let secret = sealing.seal("request_tokens.secret", key, secret)?;
        let statement = "INSERT INTO {p}request_tokens (token_key, secret, sealed_with,
                consumer_key, callback, realms, created, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let values = values![
            key,
            secret.as_str(),
            sealing.current(),
            token.consumer.as_str(),
            token.callback.as_str(),
            token.realms.as_str(),
            seconds(token.created),
            seconds(token.expires),
        ];
        self.database.execute(statement, values).await.map(|_| ())
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        let query = "SELECT * FROM {p}request_tokens WHERE token_key = ?";
        let row = self
            .database
            .fetch_one(query, values![key.as_str()])
            .await?;
        row.map(|row| row::request_token(&row, &self.database.sealing))
            .transpose()
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let (key, now) = (key.as_str(), seconds(now));
        let changed = match decision {
            Decision::Approve {
                user,
                verifier,
                realms,
            } => {
                let statement = "UPDATE {p}request_tokens
                     SET user_id = ?, verifier_hash = ?, realms = ?
                     WHERE token_key = ? AND user_id IS NULL AND expires > ?";
                let verifier = verifier.as_bytes().as_slice();
                let values = values![user.as_str(), verifier, realms.as_str(), key, now];
                self.database.execute(statement, values).await?
            }
            Decision::Deny => {
                let statement = "DELETE FROM {p}request_tokens
                     WHERE token_key = ? AND user_id IS NULL AND expires > ?";
                self.database.execute(statement, values![key, now]).await?
            }
        };
        Ok(if changed == 1 {
            Decided::Decided
        } else {
            Decided::NotPending
        })
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        retried(|| async {
            let mut transaction = self.database.begin().await?;
            let exchanged = exchange_in(&mut transaction, exchange, now).await?;
            transaction.commit().await?;
            Ok(exchanged)
        })
        .await
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        retried(|| async {
            let mut transaction = self.database.begin().await?;
            let renewed = renew_in(&mut transaction, renewal, now).await?;
            transaction.commit().await?;
            Ok(renewed)
        })
        .await
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        let query = "SELECT * FROM {p}access_tokens WHERE token_key = ? AND consumer_key = ?";
        let values = values![key.as_str(), consumer.as_str()];
        let row = self.database.fetch_one(query, values).await?;
        row.map(|row| row::access_token(&row, &self.database.sealing).map(Arc::new))
            .transpose()
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        let query = "SELECT * FROM {p}access_tokens WHERE user_id = ? ORDER BY created, token_key";
        let rows = self.database.fetch(query, values![user.as_str()]).await?;
        rows.iter()
            .map(|row| row::access_token(row, &self.database.sealing).map(Arc::new))
            .collect()
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        match which {
            Revocation::Token { user, key } => {
                let statement = "DELETE FROM {p}access_tokens WHERE user_id = ? AND token_key = ?";
                let values = values![user.as_str(), key.as_str()];
                self.database.execute(statement, values).await
            }
            Revocation::User(user) => {
                let statement = "DELETE FROM {p}access_tokens WHERE user_id = ?";
                self.database
                    .execute(statement, values![user.as_str()])
                    .await
            }
            Revocation::Consumer(consumer) => {
                retried(|| async {
                    let mut transaction = self.database.begin().await?;
                    let mut revoked = 0;
                    for statement in [
                        "DELETE FROM {p}request_tokens WHERE consumer_key = ?",
                        "DELETE FROM {p}access_tokens WHERE consumer_key = ?",
                    ] {
                        let values = values![consumer.as_str()];
                        revoked += transaction.execute(statement, values).await?;
                    }
                    transaction.commit().await?;
                    Ok(revoked)
                })
                .await
            }
        }
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let limit = u64::from(limit);
        let mut purged = 0;
        for (table, condition) in [
            ("request_tokens", "expires <= ?"),
            ("access_tokens", "dead <= ?"),
        ] {
            let dialect = self.database.dialect();
            let statement = dialect.delete_some(table, "token_key", condition);
            let left = i64::try_from(limit.saturating_sub(purged)).unwrap_or(i64::MAX);
            let values = values![seconds(now), left];
            purged += self.database.execute(&statement, values).await?;
        }
        Ok(purged)
    }
}

/// Section 2.3 with the request token locked: nobody else exchanges, decides or counts meanwhile.
async fn exchange_in(
    transaction: &mut Transaction<'_>,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Exchanged, StoreError> {
    let request_token = exchange.request_token.as_str();
    let query = "SELECT * FROM {p}request_tokens
         WHERE token_key = ? AND consumer_key = ? {for update}";
    let values = values![request_token, exchange.consumer.as_str()];
    let Some(row) = transaction.fetch_one(query, values).await? else {
        return Ok(Exchanged::NotFound);
    };
    let request = row::request_token(&row, transaction.sealing())?;
    if request.expires <= now {
        return Ok(Exchanged::Expired);
    }
    let user = optional_text(&row, "user_id")?;
    let verifier = row.bytes("verifier_hash").map_err(sort)?;
    let Some((user, verifier)) = user.zip(verifier) else {
        return Ok(Exchanged::NotAuthorized);
    };
    if !constant_time_eq(&verifier, exchange.verifier.as_bytes()) {
        count_wrong_verifier(transaction, exchange).await?;
        return Ok(Exchanged::WrongVerifier);
    }
    let access = exchange.access_token(row::user_id(&user)?, request.realms, now);
    let statement = "DELETE FROM {p}request_tokens WHERE token_key = ?";
    transaction
        .execute(statement, values![request_token])
        .await?;
    insert_access_token(transaction, &access).await?;
    Ok(Exchanged::Exchanged(access))
}

/// OAuth Session 1.0 with the access token locked: nobody else renews or revokes it meanwhile.
async fn renew_in(
    transaction: &mut Transaction<'_>,
    renewal: &Renewal,
    now: Timestamp,
) -> Result<Renewed, StoreError> {
    let old = renewal.access_token.as_str();
    let query = "SELECT * FROM {p}access_tokens
         WHERE token_key = ? AND consumer_key = ? {for update}";
    let values = values![old, renewal.consumer.as_str()];
    let Some(row) = transaction.fetch_one(query, values).await? else {
        return Ok(Renewed::NotFound);
    };
    let renewed = renewal.of(&row::access_token(&row, transaction.sealing())?, now);
    if let Renewed::Renewed(access) = &renewed {
        let statement = "DELETE FROM {p}access_tokens WHERE token_key = ?";
        transaction.execute(statement, values![old]).await?;
        insert_access_token(transaction, access).await?;
    }
    Ok(renewed)
}

async fn insert_access_token(
    transaction: &mut Transaction<'_>,
    access: &AccessToken,
) -> Result<(), StoreError> {
    let session = access.session.as_ref();
    let (key, secret) = (access.key.as_str(), access.secret.expose());
    let sealing = transaction.sealing().clone();
    let secret = sealing.seal("access_tokens.secret", key, secret)?;
    let statement = "INSERT INTO {p}access_tokens (token_key, secret, sealed_with, consumer_key,
            user_id, realms, created, expires, session_handle_hash, session_expires, dead)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = values![
        key,
        secret.as_str(),
        sealing.current(),
        access.consumer.as_str(),
        access.user.as_str(),
        access.realms.as_str(),
        seconds(access.created),
        access.expires.map(seconds),
        session.map(|session| session.handle.as_bytes().as_slice()),
        session.map(|session| seconds(session.expires)),
        access.dead().map(seconds),
    ];
    transaction.execute(statement, values).await.map(|_| ())
}

async fn count_wrong_verifier(
    transaction: &mut Transaction<'_>,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    let key = exchange.request_token.as_str();
    let statement =
        "UPDATE {p}request_tokens SET wrong_verifiers = wrong_verifiers + 1 WHERE token_key = ?";
    transaction.execute(statement, values![key]).await?;
    let statement = "DELETE FROM {p}request_tokens WHERE token_key = ? AND wrong_verifiers >= ?";
    let values = values![key, exchange.attempts];
    transaction.execute(statement, values).await.map(|_| ())
}
