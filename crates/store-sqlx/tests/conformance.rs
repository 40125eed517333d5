//! Every database passes every suite.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;

use std::{sync::Arc, time::Duration};

use oauth1_conformance::Fresh;
use oauth1_provider::{CacheOptions, CachedManager, CachedStore};
use oauth1_store_sqlx::{SqlStore, SqlStoreOptions};

use crate::common::Place;

/// The suites for the stores in a place.
macro_rules! suites {
    ($name:ident, $place:expr) => {
        mod $name {
            use std::sync::Arc;

            use oauth1_conformance::Fresh;
            use oauth1_store_sqlx::SqlStore;

            use crate::common::Place;

            async fn fresh() -> (Arc<SqlStore>, Place) {
                let place: Place = $place;
                (place.open().await, place)
            }

            mod manager {
                oauth1_conformance::manager_suite!(async {
                    let (store, place) = super::fresh().await;
                    super::Fresh::new(store as super::Arc<dyn oauth1_provider::Manager>, place)
                });
            }

            mod store {
                oauth1_conformance::store_suite!(async {
                    let (store, place) = super::fresh().await;
                    super::Fresh::new((super::Arc::clone(&store) as _, store as _), place)
                });
            }

            mod replay_guard {
                oauth1_conformance::replay_guard_suite!(async {
                    let (store, place) = super::fresh().await;
                    super::Fresh::new(store as super::Arc<dyn oauth1_provider::ReplayGuard>, place)
                });
            }

            mod outage {
                oauth1_conformance::outage_suite!(async {
                    let (store, place) = super::fresh().await;
                    let manager = super::Arc::clone(&store);
                    let guard = super::Arc::clone(&store);
                    super::Fresh::new((manager as _, store as _, guard as _), place)
                });
            }
        }
    };
}

suites!(sqlite, Place::sqlite());
suites!(postgres, Place::postgres());
suites!(mysql, Place::mysql());
suites!(sqlite_sealed, Place::sqlite().sealed());
suites!(postgres_sealed, Place::postgres().sealed());
suites!(mysql_sealed, Place::mysql().sealed());

/// The suites for caches over the stores in a place, which keep everything for an hour.
macro_rules! cached_suites {
    ($name:ident, $place:expr) => {
        mod $name {
            use oauth1_conformance::{Fresh, outage::Part};

            use crate::common::Place;

            async fn fresh() -> (Part, Place) {
                let place: Place = $place;
                (crate::cached(place.open().await), place)
            }

            mod manager {
                oauth1_conformance::manager_suite!(async {
                    let ((manager, ..), place) = super::fresh().await;
                    super::Fresh::new(manager, place)
                });
            }

            mod store {
                oauth1_conformance::store_suite!(async {
                    let ((manager, store, _), place) = super::fresh().await;
                    super::Fresh::new((manager, store), place)
                });
            }

            mod outage {
                oauth1_conformance::outage_suite!(async {
                    let (part, place) = super::fresh().await;
                    super::Fresh::new(part, place)
                });
            }
        }
    };
}

cached_suites!(sqlite_cached, Place::sqlite().sealed());
cached_suites!(postgres_cached, Place::postgres());
cached_suites!(mysql_cached, Place::mysql());

fn cached(store: Arc<SqlStore>) -> oauth1_conformance::outage::Part {
    let mut options = CacheOptions::default();
    options.time_to_live = Duration::from_secs(3_600);
    options.absent_time_to_live = Duration::from_secs(3_600);
    let manager = CachedManager::with_options(Arc::clone(&store) as _, options.clone());
    let tokens = CachedStore::with_options(Arc::clone(&store) as _, options);
    (Arc::new(manager), Arc::new(tokens), store)
}

/// What a process opens, by `PREFIX URL`.
async fn open(place: String) -> oauth1_conformance::processes::Part {
    let (prefix, url) = place.split_once(' ').unwrap();
    let options = SqlStoreOptions::default().with_table_prefix(prefix);
    let store = Arc::new(options.connect(url).await.unwrap());
    (Arc::clone(&store) as _, Arc::clone(&store) as _, store)
}

fn place(place: Place) -> Fresh<String> {
    Fresh::new(format!("{} {}", place.prefix, place.url), place)
}

mod sqlite_processes {
    oauth1_conformance::process_suite!(super::place(super::Place::sqlite()), super::open);
}

mod postgres_processes {
    oauth1_conformance::process_suite!(super::place(super::Place::postgres()), super::open);
}

mod mysql_processes {
    oauth1_conformance::process_suite!(super::place(super::Place::mysql()), super::open);
}

mod sqlite_in_memory {
    use std::sync::Arc;

    use oauth1_store_sqlx::SqlStore;

    oauth1_conformance::store_suite!(async {
        let store = Arc::new(SqlStore::connect("sqlite::memory:").await.unwrap());
        (Arc::clone(&store) as _, store as _)
    });
}
