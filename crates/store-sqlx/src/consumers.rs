//! The consumers: [`Manager`].

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{Consumer, ConsumerChange, Created, Manager, StoreError, core::ConsumerKey};

use crate::{
    SqlStore,
    error::sort,
    row::{self, seconds},
};

#[async_trait]
impl Manager for SqlStore {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        let row = sqlx::query("SELECT * FROM oauth1_consumers WHERE consumer_key = ?")
            .bind(key.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(sort)?;
        row.map(|row| row::consumer(&row).map(Arc::new)).transpose()
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let (kind, text) = row::kind_and_text(consumer.credential())?;
        let previous = previous(consumer)?;
        let mut transaction = self.write().await?;
        let done = sqlx::query(
            "INSERT INTO oauth1_consumers (consumer_key, name, settings, created, kind, secret,
                previous_kind, previous_secret, previous_until, disabled)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(consumer.key().as_str())
        .bind(consumer.name.as_str())
        .bind(row::settings(consumer)?)
        .bind(seconds(consumer.created()))
        .bind(kind)
        .bind(text)
        .bind(previous.as_ref().map(|(kind, _, _)| *kind))
        .bind(previous.as_ref().map(|(_, text, _)| text.as_str()))
        .bind(previous.as_ref().map(|(_, _, until)| *until))
        .bind(consumer.disabled.as_deref())
        .execute(&mut *transaction)
        .await
        .map_err(sort)?;
        transaction.commit().await.map_err(sort)?;
        Ok(if done.rows_affected() == 1 {
            Created::Created
        } else {
            Created::AlreadyExists
        })
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        // No key is empty, so all stand behind the empty one.
        let rows = sqlx::query(
            "SELECT * FROM oauth1_consumers WHERE consumer_key > ? ORDER BY consumer_key LIMIT ?",
        )
        .bind(after.map_or("", ConsumerKey::as_str))
        .bind(limit)
        .fetch_all(&self.readers)
        .await
        .map_err(sort)?;
        rows.iter()
            .map(|row| row::consumer(row).map(Arc::new))
            .collect()
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let row = sqlx::query("SELECT * FROM oauth1_consumers WHERE consumer_key = ?")
            .bind(key.as_str())
            .fetch_optional(&mut *transaction)
            .await
            .map_err(sort)?;
        let Some(row) = row else {
            return Ok(false);
        };
        let mut consumer = row::consumer(&row)?;
        change.apply(&mut consumer);
        let (kind, text) = row::kind_and_text(consumer.credential())?;
        let previous = previous(&consumer)?;
        sqlx::query(
            "UPDATE oauth1_consumers SET name = ?, settings = ?, kind = ?, secret = ?,
                previous_kind = ?, previous_secret = ?, previous_until = ?, disabled = ?
             WHERE consumer_key = ?",
        )
        .bind(consumer.name.as_str())
        .bind(row::settings(&consumer)?)
        .bind(kind)
        .bind(text)
        .bind(previous.as_ref().map(|(kind, _, _)| *kind))
        .bind(previous.as_ref().map(|(_, text, _)| text.as_str()))
        .bind(previous.as_ref().map(|(_, _, until)| *until))
        .bind(consumer.disabled.as_deref())
        .bind(key.as_str())
        .execute(&mut *transaction)
        .await
        .map_err(sort)?;
        transaction.commit().await.map_err(sort)?;
        Ok(true)
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        let mut transaction = self.write().await?;
        let done = sqlx::query("DELETE FROM oauth1_consumers WHERE consumer_key = ?")
            .bind(key.as_str())
            .execute(&mut *transaction)
            .await
            .map_err(sort)?;
        transaction.commit().await.map_err(sort)?;
        Ok(done.rows_affected() == 1)
    }
}

/// Kind, text and end of the credential that was rotated out.
type Previous = Option<(&'static str, String, i64)>;

fn previous(consumer: &Consumer) -> Result<Previous, StoreError> {
    let Some(previous) = &consumer.previous else {
        return Ok(None);
    };
    let (kind, text) = row::kind_and_text(&previous.credential)?;
    Ok(Some((kind, text, seconds(previous.until))))
}
