//! Nonces: on the disk before a request is accepted, so that no restart forgets one.

use async_trait::async_trait;
use oauth1_provider::{
    Remembered, ReplayEntry, ReplayGuard, StoreError,
    core::{Timestamp, TokenKey},
};

use crate::{Journal, entry::Entry};

#[async_trait]
impl ReplayGuard for Journal {
    async fn remember(&self, entry: &ReplayEntry<'_>) -> Result<Remembered, StoreError> {
        let mut writer = self.writer().await;
        let remembered = self.nonces.remember(entry).await?;
        if remembered == Remembered::Fresh {
            let line = Entry::Nonce {
                consumer: entry.consumer.as_str().to_owned(),
                token: entry.token.map(TokenKey::as_str).map(str::to_owned),
                timestamp: entry.timestamp.as_secs(),
                nonce: entry.nonce.to_owned(),
                keep_until: entry.keep_until.as_secs(),
            };
            writer.write(&line).await?;
        }
        Ok(remembered)
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.nonces.purge(now, limit).await
    }
}
