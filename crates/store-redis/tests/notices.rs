//! Caches of two processes over one store: what one changes, the other knows.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::sync::Arc;

use oauth1_provider::{
    CacheOptions, CachedManager, Change, ChangeListener, Consumer, ConsumerChange, FixedClock,
    Manager, MemoryManager,
    core::{ConsumerKey, Secret},
};
use oauth1_store_redis::RedisNotices;

use self::common::{Server, now, prefix, until, url};

/// One of several processes: its cache forgets by notices only, for its clock stands still.
struct Process {
    manager: Arc<CachedManager>,
}

impl Process {
    async fn start(url: &str, manager: &Arc<dyn Manager>) -> Self {
        let notices = Arc::new(RedisNotices::connect(url).await.unwrap());
        let mut options = CacheOptions::default();
        options.clock = Arc::new(FixedClock::new(now()));
        let listener: Arc<dyn ChangeListener> = Arc::<RedisNotices>::clone(&notices);
        options.listener = Some(listener);
        let manager = Arc::new(CachedManager::with_options(Arc::clone(manager), options));
        let forgetful = Arc::clone(&manager);
        let forget = move |change: &Change| forgetful.forget(change);
        notices.listen(forget).await.unwrap();
        Self { manager }
    }

    async fn is_disabled(&self, key: &ConsumerKey) -> bool {
        self.manager
            .find(key)
            .await
            .unwrap()
            .unwrap()
            .disabled
            .is_some()
    }
}

/// Two processes that have a consumer in their caches.
async fn two(url: &str) -> (Process, Process, ConsumerKey) {
    let key = ConsumerKey::new("app").unwrap();
    let kept: Arc<dyn Manager> = Arc::new(MemoryManager::default());
    let consumer = Consumer::new(key.clone(), Secret::from("secret"), "App", now());
    kept.create(&consumer).await.unwrap();
    let url = format!("{url}?prefix={}", prefix());
    let (one, other) = (
        Process::start(&url, &kept).await,
        Process::start(&url, &kept).await,
    );
    assert!(!one.is_disabled(&key).await);
    assert!(!other.is_disabled(&key).await);
    (one, other, key)
}

async fn a_change_is_seen_by_the_other(url: &str) {
    let (one, other, key) = two(url).await;
    let disable = ConsumerChange::Disable("abuse".to_owned());
    one.manager.update(&key, &disable).await.unwrap();
    assert!(one.is_disabled(&key).await);
    until(async || other.is_disabled(&key).await).await;
}

#[tokio::test]
async fn a_change_is_seen_in_the_other_process() {
    a_change_is_seen_by_the_other(&url("TEST_REDIS_URL")).await;
}

#[tokio::test]
async fn a_change_is_seen_by_way_of_sentinel_and_cluster() {
    a_change_is_seen_by_the_other(&url("TEST_REDIS_SENTINEL_URL")).await;
    a_change_is_seen_by_the_other(&url("TEST_REDIS_CLUSTER_URL")).await;
}

#[tokio::test]
async fn notices_go_on_after_redis_was_gone() {
    let mut server = Server::start(&[]);
    let (one, other, key) = two(&server.url()).await;
    server.kill();
    server.start_again();
    until(async || {
        // What is published before the other has subscribed again is lost: so several.
        for change in [
            ConsumerChange::Enable,
            ConsumerChange::Disable("abuse".to_owned()),
        ] {
            one.manager.update(&key, &change).await.unwrap();
        }
        other.is_disabled(&key).await
    })
    .await;
}
