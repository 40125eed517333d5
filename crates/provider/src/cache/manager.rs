//! A cache over consumers.

use std::sync::Arc;

use async_trait::async_trait;
use oauth1_core::ConsumerKey;

use super::{CacheOptions, Change, ChangeListener, lookups::Lookups};
use crate::{Consumer, ConsumerChange, Created, Manager, StoreError};

/// Keeps the consumers that a [`Manager`] finds: see [`CacheOptions`] for how many and how long.
#[derive(Debug)]
pub struct CachedManager {
    inner: Arc<dyn Manager>,
    consumers: Lookups<ConsumerKey, Arc<Consumer>>,
    listener: Option<Arc<dyn ChangeListener>>,
}

impl CachedManager {
    /// With the default options.
    pub fn new(inner: Arc<dyn Manager>) -> Self {
        Self::with_options(inner, CacheOptions::default())
    }

    /// With options.
    pub fn with_options(inner: Arc<dyn Manager>, options: CacheOptions) -> Self {
        Self {
            consumers: Lookups::new(&options),
            inner,
            listener: options.listener,
        }
    }

    /// Forgets what a change that was made elsewhere makes untrue.
    pub fn forget(&self, change: &Change) {
        if let Change::Consumer(key) = change {
            self.consumers.forget(key);
        }
    }

    /// Forgets the consumer when dropped: after the change, and also when its caller went away in
    /// the middle of it and nobody knows what came of it.
    fn changing<'a>(&'a self, key: &'a ConsumerKey) -> impl Drop + 'a {
        struct Changing<'a>(&'a CachedManager, &'a ConsumerKey);
        impl Drop for Changing<'_> {
            fn drop(&mut self) {
                let change = Change::Consumer(self.1.clone());
                self.0.forget(&change);
                if let Some(listener) = &self.0.listener {
                    listener.changed(&change);
                }
            }
        }
        Changing(self, key)
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl Manager for CachedManager {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        let load = || {
            let (inner, key) = (Arc::clone(&self.inner), key.clone());
            Box::pin(async move { inner.find(&key).await }) as _
        };
        self.consumers.get(key, load).await
    }

    fn find_now(&self, key: &[u8]) -> Option<Result<Option<Arc<Consumer>>, StoreError>> {
        self.consumers.get_kept(key).map(Ok)
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let _changing = self.changing(consumer.key());
        self.inner.create(consumer).await
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        self.inner.list(after, limit).await
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        let _changing = self.changing(key);
        self.inner.update(key, change).await
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        let _changing = self.changing(key);
        self.inner.delete(key).await
    }
}
