//! The consumers: [`Manager`].

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{Consumer, ConsumerChange, Created, Manager, StoreError, core::ConsumerKey};

use crate::{
    SqlStore,
    database::retried,
    pool::values,
    row::{self, seconds},
};

#[async_trait]
impl Manager for SqlStore {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        let query = "SELECT * FROM {p}consumers WHERE consumer_key = ?";
        let row = self
            .database
            .fetch_one(query, values![key.as_str()])
            .await?;
        row.map(|row| row::consumer(&row).map(Arc::new)).transpose()
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let (kind, text) = row::kind_and_text(consumer.credential())?;
        let previous = previous(consumer)?;
        let created = self
            .database
            .execute(
                "INSERT INTO {p}consumers (consumer_key, name, settings, created, kind, secret,
                    previous_kind, previous_secret, previous_until, disabled)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values![
                    consumer.key().as_str(),
                    consumer.name.as_str(),
                    row::settings(consumer)?.as_str(),
                    seconds(consumer.created()),
                    kind,
                    text.as_str(),
                    previous.as_ref().map(|(kind, _, _)| *kind),
                    previous.as_ref().map(|(_, text, _)| text.as_str()),
                    previous.as_ref().map(|(_, _, until)| *until),
                    consumer.disabled.as_deref(),
                ],
            )
            .await;
        match created {
            Ok(_) => Ok(Created::Created),
            Err(StoreError::KeyTaken) => Ok(Created::AlreadyExists),
            Err(other) => Err(other),
        }
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        // No key is empty, so all stand behind the empty one.
        let after = after.map_or("", ConsumerKey::as_str);
        let query =
            "SELECT * FROM {p}consumers WHERE consumer_key > ? ORDER BY consumer_key LIMIT ?";
        let rows = self.database.fetch(query, values![after, limit]).await?;
        rows.iter()
            .map(|row| row::consumer(row).map(Arc::new))
            .collect()
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        retried(|| self.update_once(key, change)).await
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        let statement = "DELETE FROM {p}consumers WHERE consumer_key = ?";
        let deleted = self
            .database
            .execute(statement, values![key.as_str()])
            .await?;
        Ok(deleted == 1)
    }
}

impl SqlStore {
    async fn update_once(
        &self,
        key: &ConsumerKey,
        change: &ConsumerChange,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let query = "SELECT * FROM {p}consumers WHERE consumer_key = ? {for update}";
        let row = transaction.fetch_one(query, values![key.as_str()]).await?;
        let Some(row) = row else {
            return Ok(false);
        };
        let mut consumer = row::consumer(&row)?;
        change.apply(&mut consumer);
        let (kind, text) = row::kind_and_text(consumer.credential())?;
        let previous = previous(&consumer)?;
        transaction
            .execute(
                "UPDATE {p}consumers SET name = ?, settings = ?, kind = ?, secret = ?,
                    previous_kind = ?, previous_secret = ?, previous_until = ?, disabled = ?
                 WHERE consumer_key = ?",
                values![
                    consumer.name.as_str(),
                    row::settings(&consumer)?.as_str(),
                    kind,
                    text.as_str(),
                    previous.as_ref().map(|(kind, _, _)| *kind),
                    previous.as_ref().map(|(_, text, _)| text.as_str()),
                    previous.as_ref().map(|(_, _, until)| *until),
                    consumer.disabled.as_deref(),
                    key.as_str(),
                ],
            )
            .await?;
        transaction.commit().await?;
        Ok(true)
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
