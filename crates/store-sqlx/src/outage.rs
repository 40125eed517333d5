//! While a database is out of reach one caller tries it, and the others need not wait for that.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long nobody tries after a failure.
const PAUSE: Duration = Duration::from_millis(100);
/// How long one caller may try before another does beside it.
const TRY: Duration = Duration::from_secs(2);

#[derive(Clone, Debug, Default)]
pub(crate) struct Outage(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Until when callers are turned away; `None` while the database is well.
    until: Mutex<Option<Instant>>,
    /// Held by who finds out.
    asking: tokio::sync::Mutex<()>,
}

impl Outage {
    /// Whether a caller may try.
    pub(crate) fn admits(&self, now: Instant) -> bool {
        let mut until = self.0.until.lock().unwrap_or_else(PoisonError::into_inner);
        match *until {
            None => true,
            Some(at) if now < at => false,
            Some(_) => {
                *until = Some(now + TRY);
                true
            }
        }
    }

    /// After a failure: finds out whether the database is out of reach, or just busy. One caller does.
    pub(crate) async fn find_out(&self, out_of_reach: impl Future<Output = bool>) {
        if let Ok(_asking) = self.0.asking.try_lock()
            && out_of_reach.await
        {
            self.lasts(Instant::now());
        }
    }

    fn lasts(&self, now: Instant) {
        self.set(Some(now + PAUSE));
    }

    /// The database has answered.
    pub(crate) fn is_over(&self) {
        self.set(None);
    }

    fn set(&self, until: Option<Instant>) {
        *self.0.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_one_at_a_time_tries() {
        let outage = Outage::default();
        let start = Instant::now();
        assert!(outage.admits(start) && outage.admits(start));
        outage.lasts(start);
        assert!(!outage.admits(start + PAUSE / 2));
        let after = start + PAUSE;
        assert!(outage.admits(after));
        assert!(!outage.admits(after) && !outage.admits(after + TRY / 2));
        // The one that tried hung up.
        assert!(outage.admits(after + TRY));
        assert!(!outage.admits(after + TRY));
        outage.is_over();
        assert!(outage.admits(after) && outage.admits(after));
    }
}
