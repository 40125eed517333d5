//! Outages, as the operator is told of them: the first request that could not be decided at once,
//! further ones by their number.

use std::{
    error::Error,
    sync::{Mutex, PoisonError},
};

use oauth1_core::Timestamp;

/// How often an outage that lasts is told, in seconds.
const PAUSE: u64 = 10;

/// What was told last, by one provider.
#[derive(Debug, Default)]
pub(crate) struct Outages(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    at: Option<Timestamp>,
    /// Requests since then.
    untold: u64,
}

impl Outages {
    /// One more request was not decided.
    pub(crate) fn tell(&self, error: &(dyn Error + 'static), now: Timestamp) {
        match self.count(now) {
            Some(0) => tracing::error!(error, "oauth1 request not decided"),
            Some(further) => {
                tracing::error!(error, further, "oauth1 request not decided");
            }
            None => tracing::debug!(error, "oauth1 request not decided"),
        }
    }

    /// How many were not told of before this one, if it is to be told.
    fn count(&self, now: Timestamp) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, last) = (now.as_secs(), told.at.map(Timestamp::as_secs));
        // A clock that was set back tells sooner.
        if last.is_some_and(|last| (last..last.saturating_add(PAUSE)).contains(&now)) {
            told.untold += 1;
            return None;
        }
        told.at = Some(Timestamp::from_secs(now));
        Some(std::mem::take(&mut told.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_at_once_and_then_every_ten_seconds_with_a_number() {
        let outages = Outages::default();
        let at = |second| outages.count(Timestamp::from_secs(second));
        assert_eq!(at(1_000), Some(0));
        for second in [1_000, 1_001, 1_009] {
            assert_eq!(at(second), None);
        }
        assert_eq!(at(1_010), Some(3));
        assert_eq!(at(1_011), None);
        // Long after, and by a clock that was set back.
        assert_eq!(at(9_000), Some(1));
        assert_eq!(at(1_000), Some(0));
    }
}
