//! The journal passes the suites of all three traits.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use example_own_store::Journal;
use oauth1_conformance::Fresh;
use oauth1_provider::{Manager, ReplayGuard, Store};

async fn fresh<T>(part: impl FnOnce(Arc<Journal>) -> T) -> Fresh<T> {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path().join("journal")).await.unwrap();
    Fresh::new(part(Arc::new(journal)), folder)
}

mod manager {
    use super::{Arc, Journal, Manager};
    oauth1_conformance::manager_suite!(super::fresh(
        |journal: Arc<Journal>| journal as Arc<dyn Manager>
    ));
}

mod store {
    use super::{Arc, Journal, Manager, Store};
    oauth1_conformance::store_suite!(super::fresh(|journal: Arc<Journal>| {
        let manager: Arc<dyn Manager> = Arc::<Journal>::clone(&journal);
        (manager, journal as Arc<dyn Store>)
    }));
}

mod replay_guard {
    use super::{Arc, Journal, ReplayGuard};
    oauth1_conformance::replay_guard_suite!(super::fresh(
        |journal: Arc<Journal>| journal as Arc<dyn ReplayGuard>
    ));
}
