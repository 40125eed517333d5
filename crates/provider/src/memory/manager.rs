//! Consumers in memory.

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use oauth1_core::ConsumerKey;

use super::lock;
use crate::{Consumer, ConsumerChange, Created, Manager, StoreError};

/// A [`Manager`] in memory: gone with the process.
#[derive(Debug, Default)]
pub struct MemoryManager(Mutex<BTreeMap<ConsumerKey, Arc<Consumer>>>);

impl MemoryManager {
    #[inline(always)]
    fn get(&self, key: &[u8]) -> Option<Arc<Consumer>> {
        lock(&self.0).get(key).map(Arc::clone)
    }
}

#[async_trait]
impl Manager for MemoryManager {
    async fn find(&self, key: &ConsumerKey) -> Result<Option<Arc<Consumer>>, StoreError> {
        Ok(self.get(key.borrow()))
    }

    fn find_now(&self, key: &[u8]) -> Option<Result<Option<Arc<Consumer>>, StoreError>> {
        Some(Ok(self.get(key)))
    }

    async fn create(&self, consumer: &Consumer) -> Result<Created, StoreError> {
        let mut consumers = lock(&self.0);
        if consumers.contains_key(consumer.key()) {
            return Ok(Created::AlreadyExists);
        }
        consumers.insert(consumer.key().clone(), Arc::new(consumer.clone()));
        Ok(Created::Created)
    }

    async fn list(
        &self,
        after: Option<&ConsumerKey>,
        limit: u32,
    ) -> Result<Vec<Arc<Consumer>>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let consumers = lock(&self.0);
        let range = consumers.range::<ConsumerKey, _>((from, Bound::Unbounded));
        Ok(range
            .take(limit)
            .map(|(_, consumer)| Arc::clone(consumer))
            .collect())
    }

    async fn update(&self, key: &ConsumerKey, change: &ConsumerChange) -> Result<bool, StoreError> {
        let mut consumers = lock(&self.0);
        let Some(consumer) = consumers.get_mut(key) else {
            return Ok(false);
        };
        change.apply(Arc::make_mut(consumer));
        Ok(true)
    }

    async fn delete(&self, key: &ConsumerKey) -> Result<bool, StoreError> {
        Ok(lock(&self.0).remove(key).is_some())
    }
}
