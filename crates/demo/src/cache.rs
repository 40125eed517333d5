//! Consumers and tokens in memory, and word of changes from process to process.

use std::{sync::Arc, time::Duration};

use oauth1_provider::{CacheOptions, CachedManager, CachedStore, Manager, Store};
use oauth1_store_redis::RedisNotices;
use oauth1_store_sqlx::SqlStore;

use crate::{Error, Options};

type Parts = (Arc<dyn Manager>, Arc<dyn Store>);

/// The database, behind caches if the options say for how long, or if it is in memory. Where there
/// is a Redis, it carries notices of changes.
pub(crate) async fn over(sql: &Arc<SqlStore>, options: &Options) -> Result<Parts, Error> {
    let (manager, store) = (Arc::clone(sql), Arc::clone(sql));
    let mut kept = CacheOptions::default();
    match (options.cache, &options.database) {
        (0, Some(_)) => return Ok((manager, store)),
        // Nobody else can change what is in the memory of this process.
        (0, None) => {}
        (seconds, _) => kept.time_to_live = Duration::from_secs(seconds),
    }
    let notices = match &options.replay {
        Some(url) if options.cache > 0 => Some(Arc::new(RedisNotices::connect(url).await?)),
        _ => None,
    };
    kept.listener = notices.clone().map(|notices| notices as _);
    let manager = Arc::new(CachedManager::with_options(manager, kept.clone()));
    let store = Arc::new(CachedStore::with_options(store, kept));
    if let Some(notices) = notices {
        let (forgetful_manager, forgetful_store) = (Arc::clone(&manager), Arc::clone(&store));
        let forget = move |change: &_| {
            forgetful_manager.forget(change);
            forgetful_store.forget(change);
        };
        notices.listen(forget).await?;
    }
    Ok((manager, store))
}
