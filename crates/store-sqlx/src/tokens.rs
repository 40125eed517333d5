//! The tokens: [`Store`].

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Renewal, Renewed, RequestToken,
    Revocation, Store, StoreError, UserId,
    core::{ConsumerKey, Timestamp, TokenKey, constant_time_eq},
};
use sqlx::{Sqlite, Transaction};

use crate::{
    SqlStore,
    error::sort,
    row::{self, get, seconds},
};

#[async_trait]
impl Store for SqlStore {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        sqlx::query(
            "INSERT INTO oauth1_request_tokens
                (token_key, secret, consumer_key, callback, realms, created, expires)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(token.key.as_str())
        .bind(token.secret.expose())
        .bind(token.consumer.as_str())
        .bind(token.callback.as_str())
        .bind(token.realms.as_str())
        .bind(seconds(token.created))
        .bind(seconds(token.expires))
        .execute(&mut *transaction)
        .await
        .map_err(sort)?;
        transaction.commit().await.map_err(sort)
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        let row = sqlx::query("SELECT * FROM oauth1_request_tokens WHERE token_key = ?")
            .bind(key.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(sort)?;
        row.map(|row| row::request_token(&row)).transpose()
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let mut transaction = self.write().await?;
        let query = match decision {
            Decision::Approve {
                user,
                verifier,
                realms,
            } => sqlx::query(
                "UPDATE oauth1_request_tokens SET user_id = ?, verifier_hash = ?, realms = ?
                 WHERE token_key = ? AND user_id IS NULL AND expires > ?",
            )
            .bind(user.as_str())
            .bind(verifier.as_bytes().as_slice())
            .bind(realms.as_str()),
            Decision::Deny => sqlx::query(
                "DELETE FROM oauth1_request_tokens
                 WHERE token_key = ? AND user_id IS NULL AND expires > ?",
            ),
        };
        let query = query.bind(key.as_str()).bind(seconds(now));
        let done = query.execute(&mut *transaction).await.map_err(sort)?;
        transaction.commit().await.map_err(sort)?;
        Ok(if done.rows_affected() == 1 {
            Decided::Decided
        } else {
            Decided::NotPending
        })
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        let mut transaction = self.write().await?;
        let exchanged = exchange_in(&mut transaction, exchange, now).await?;
        transaction.commit().await.map_err(sort)?;
        Ok(exchanged)
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        let mut transaction = self.write().await?;
        let renewed = renew_in(&mut transaction, renewal, now).await?;
        transaction.commit().await.map_err(sort)?;
        Ok(renewed)
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        let row = sqlx::query(
            "SELECT * FROM oauth1_access_tokens WHERE token_key = ? AND consumer_key = ?",
        )
        .bind(key.as_str())
        .bind(consumer.as_str())
        .fetch_optional(&self.readers)
        .await
        .map_err(sort)?;
        row.map(|row| row::access_token(&row).map(Arc::new))
            .transpose()
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM oauth1_access_tokens WHERE user_id = ? ORDER BY created, token_key",
        )
        .bind(user.as_str())
        .fetch_all(&self.readers)
        .await
        .map_err(sort)?;
        rows.iter()
            .map(|row| row::access_token(row).map(Arc::new))
            .collect()
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let mut statements = match which {
            Revocation::Token { user, key } => vec![
                sqlx::query("DELETE FROM oauth1_access_tokens WHERE user_id = ? AND token_key = ?")
                    .bind(user.as_str())
                    .bind(key.as_str()),
            ],
            Revocation::User(user) => vec![
                sqlx::query("DELETE FROM oauth1_access_tokens WHERE user_id = ?")
                    .bind(user.as_str()),
            ],
            Revocation::Consumer(consumer) => vec![
                sqlx::query("DELETE FROM oauth1_access_tokens WHERE consumer_key = ?")
                    .bind(consumer.as_str()),
                sqlx::query("DELETE FROM oauth1_request_tokens WHERE consumer_key = ?")
                    .bind(consumer.as_str()),
            ],
        };
        let mut revoked = 0;
        for statement in statements.drain(..) {
            revoked += statement
                .execute(&mut *transaction)
                .await
                .map_err(sort)?
                .rows_affected();
        }
        transaction.commit().await.map_err(sort)?;
        Ok(revoked)
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut transaction = self.write().await?;
        let requests = sqlx::query(
            "DELETE FROM oauth1_request_tokens WHERE token_key IN
                (SELECT token_key FROM oauth1_request_tokens WHERE expires <= ? LIMIT ?)",
        )
        .bind(seconds(now))
        .bind(limit)
        .execute(&mut *transaction)
        .await
        .map_err(sort)?
        .rows_affected();
        let left = i64::from(limit).saturating_sub(i64::try_from(requests).unwrap_or(i64::MAX));
        let accesses = sqlx::query(
            "DELETE FROM oauth1_access_tokens WHERE token_key IN
                (SELECT token_key FROM oauth1_access_tokens WHERE dead <= ? LIMIT ?)",
        )
        .bind(seconds(now))
        .bind(left)
        .execute(&mut *transaction)
        .await
        .map_err(sort)?
        .rows_affected();
        transaction.commit().await.map_err(sort)?;
        Ok(requests + accesses)
    }
}

/// Section 2.3 under the write lock: nobody else exchanges, decides or counts meanwhile.
async fn exchange_in(
    transaction: &mut Transaction<'_, Sqlite>,
    exchange: &Exchange,
    now: Timestamp,
) -> Result<Exchanged, StoreError> {
    let row =
        sqlx::query("SELECT * FROM oauth1_request_tokens WHERE token_key = ? AND consumer_key = ?")
            .bind(exchange.request_token.as_str())
            .bind(exchange.consumer.as_str())
            .fetch_optional(&mut **transaction)
            .await
            .map_err(sort)?;
    let Some(row) = row else {
        return Ok(Exchanged::NotFound);
    };
    let request = row::request_token(&row)?;
    if request.expires <= now {
        return Ok(Exchanged::Expired);
    }
    let user: Option<String> = get(&row, "user_id")?;
    let verifier: Option<Vec<u8>> = get(&row, "verifier_hash")?;
    let Some((user, verifier)) = user.zip(verifier) else {
        return Ok(Exchanged::NotAuthorized);
    };
    if !constant_time_eq(&verifier, exchange.verifier.as_bytes()) {
        count_wrong_verifier(transaction, exchange).await?;
        return Ok(Exchanged::WrongVerifier);
    }
    let access = exchange.access_token(row::user_id(&user)?, request.realms, now);
    sqlx::query("DELETE FROM oauth1_request_tokens WHERE token_key = ?")
        .bind(exchange.request_token.as_str())
        .execute(&mut **transaction)
        .await
        .map_err(sort)?;
    insert_access_token(transaction, &access).await?;
    Ok(Exchanged::Exchanged(access))
}

/// OAuth Session 1.0 under the write lock: nobody else renews or revokes meanwhile.
async fn renew_in(
    transaction: &mut Transaction<'_, Sqlite>,
    renewal: &Renewal,
    now: Timestamp,
) -> Result<Renewed, StoreError> {
    let row =
        sqlx::query("SELECT * FROM oauth1_access_tokens WHERE token_key = ? AND consumer_key = ?")
            .bind(renewal.access_token.as_str())
            .bind(renewal.consumer.as_str())
            .fetch_optional(&mut **transaction)
            .await
            .map_err(sort)?;
    let Some(row) = row else {
        return Ok(Renewed::NotFound);
    };
    let renewed = renewal.of(&row::access_token(&row)?, now);
    if let Renewed::Renewed(access) = &renewed {
        sqlx::query("DELETE FROM oauth1_access_tokens WHERE token_key = ?")
            .bind(renewal.access_token.as_str())
            .execute(&mut **transaction)
            .await
            .map_err(sort)?;
        insert_access_token(transaction, access).await?;
    }
    Ok(renewed)
}

async fn insert_access_token(
    transaction: &mut Transaction<'_, Sqlite>,
    access: &AccessToken,
) -> Result<(), StoreError> {
    let session = access.session.as_ref();
    sqlx::query(
        "INSERT INTO oauth1_access_tokens (token_key, secret, consumer_key, user_id, realms,
            created, expires, session_handle_hash, session_expires, dead)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(access.key.as_str())
    .bind(access.secret.expose())
    .bind(access.consumer.as_str())
    .bind(access.user.as_str())
    .bind(access.realms.as_str())
    .bind(seconds(access.created))
    .bind(access.expires.map(seconds))
    .bind(session.map(|session| session.handle.as_bytes().as_slice()))
    .bind(session.map(|session| seconds(session.expires)))
    .bind(access.dead().map(seconds))
    .execute(&mut **transaction)
    .await
    .map_err(sort)?;
    Ok(())
}

async fn count_wrong_verifier(
    transaction: &mut Transaction<'_, Sqlite>,
    exchange: &Exchange,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE oauth1_request_tokens SET wrong_verifiers = wrong_verifiers + 1 WHERE token_key = ?",
    )
    .bind(exchange.request_token.as_str())
    .execute(&mut **transaction)
    .await
    .map_err(sort)?;
    sqlx::query("DELETE FROM oauth1_request_tokens WHERE token_key = ? AND wrong_verifiers >= ?")
        .bind(exchange.request_token.as_str())
        .bind(exchange.attempts)
        .execute(&mut **transaction)
        .await
        .map_err(sort)?;
    Ok(())
}
