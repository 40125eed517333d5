//! The consumers: [`Manager`].

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_provider::{Consumer, ConsumerChange, Created, Manager, StoreError, core::ConsumerKey};

use crate::{SqlStore, column::seconds, database::retried, pool::values, row};

#[async_trait]
impl Manager for SqlStore {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        let query = "SELECT * FROM {p}consumers WHERE consumer_key = ?";
        let row = self
            .database
            .fetch_one(query, values![key.as_str()])
            .await?;
        row.map(|row| row::consumer(&row, &self.database.sealing).map(Arc::new))
            .transpose()
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let secrets = self.secrets(consumer)?;
        let created = self
            .database
            .execute(
                "INSERT INTO {p}consumers (consumer_key, name, settings, created, kind, secret,
                    previous_kind, previous_secret, previous_until, sealed_with, disabled)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values![
                    consumer.key().as_str(),
                    consumer.name.as_str(),
                    row::settings(consumer)?.as_str(),
                    seconds(consumer.created()),
                    secrets.kind,
                    secrets.text.as_str(),
                    secrets.previous_kind,
                    secrets.previous_text.as_deref(),
                    secrets.previous_until,
                    self.database.sealing.current(),
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
            .map(|row| row::consumer(row, &self.database.sealing).map(Arc::new))
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
        let mut consumer = row::consumer(&row, &self.database.sealing)?;
        change.apply(&mut consumer);
        let secrets = self.secrets(&consumer)?;
        transaction
            .execute(
                "UPDATE {p}consumers SET name = ?, settings = ?, kind = ?, secret = ?,
                    previous_kind = ?, previous_secret = ?, previous_until = ?, sealed_with = ?,
                    disabled = ?
                 WHERE consumer_key = ?",
                values![
                    consumer.name.as_str(),
                    row::settings(&consumer)?.as_str(),
                    secrets.kind,
                    secrets.text.as_str(),
                    secrets.previous_kind,
                    secrets.previous_text.as_deref(),
                    secrets.previous_until,
                    self.database.sealing.current(),
                    consumer.disabled.as_deref(),
                    key.as_str(),
                ],
            )
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A consumer's credentials as columns, sealed where there is a key ring.
    fn secrets(&self, consumer: &Consumer) -> Result<Secrets, StoreError> {
        let sealing = &self.database.sealing;
        let key = consumer.key().as_str();
        let (kind, text) = row::kind_and_text(consumer.credential())?;
        let mut secrets = Secrets {
            kind,
            text: sealing.seal("consumers.secret", key, &text)?,
            previous_kind: None,
            previous_text: None,
            previous_until: None,
        };
        if let Some(previous) = &consumer.previous {
            let (kind, text) = row::kind_and_text(&previous.credential)?;
            secrets.previous_kind = Some(kind);
            secrets.previous_text = Some(sealing.seal("consumers.previous_secret", key, &text)?);
            secrets.previous_until = Some(seconds(previous.until));
        }
        Ok(secrets)
    }
}

/// The columns of a consumer's credential, and of the one that was rotated out.
struct Secrets {
    kind: &'static str,
    text: String,
    previous_kind: Option<&'static str>,
    previous_text: Option<String>,
    previous_until: Option<i64>,
}
