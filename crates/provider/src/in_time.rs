//! A limit for parts that do not answer.

use std::pin::pin;

use futures_util::future::{Either, poll_immediate, select};

use crate::{Provider, StoreError};

impl Provider {
    /// A part's answer. When its time is up that is an error, and what it was asked is dropped.
    pub(crate) async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut answer = pin!(answer);
        // A timer costs more than most answers.
        if let Some(known) = poll_immediate(answer.as_mut()).await {
            return known;
        }
        let Some(limit) = self.config.part_timeout else {
            return answer.await;
        };
        match select(answer, self.clock.wait(limit)).await {
            Either::Left((known, _)) => known,
            Either::Right(((), _)) => Err(StoreError::unavailable("no answer in time")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Arc, time::Duration};

    use super::*;
    use crate::{MemoryManager, MemoryReplayGuard, MemoryStore, ProviderBuilder};

    fn builder() -> ProviderBuilder {
        Provider::builder(
            Arc::new(MemoryManager::default()),
            Arc::new(MemoryStore::default()),
            Arc::new(MemoryReplayGuard::without_history()),
        )
    }

    #[tokio::test]
    async fn the_time_is_up_by_the_clock_of_the_system() {
        let builder = builder().with_part_timeout(Duration::from_millis(1));
        let provider = builder.build().unwrap();
        let silent = pending::<Result<(), StoreError>>();
        assert!(provider.in_time(silent).await.is_err());
        assert_eq!(provider.in_time(async { Ok(7) }).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn a_provider_may_wait_for_ever_but_not_for_nothing() {
        let provider = builder().without_part_timeout().build().unwrap();
        let silent = pending::<Result<(), StoreError>>();
        assert!(poll_immediate(provider.in_time(silent)).await.is_none());
        let none = builder().with_part_timeout(Duration::ZERO);
        assert!(none.build().is_err());
    }
}
