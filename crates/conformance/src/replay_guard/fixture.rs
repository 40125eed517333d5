//! Entries that the behaviours are made of.

use oauth1_provider::{
    Remembered, ReplayEntry, StoreError,
    core::{ConsumerKey, Nonce, Timestamp, TokenKey},
};

use super::Part;
use crate::{consumer_key, later, nonce, token_key};

/// An entry with parts of its own.
#[derive(Clone)]
pub(super) struct Entry {
    consumer: ConsumerKey,
    token: Option<TokenKey>,
    pub(super) timestamp: Timestamp,
    nonce: Nonce,
    pub(super) keep_until: Timestamp,
}

pub(super) fn entry(consumer: &str, token: Option<&str>, nonce_text: &str) -> Entry {
    Entry {
        consumer: consumer_key(consumer),
        token: token.map(token_key),
        timestamp: later(0),
        nonce: nonce(nonce_text),
        keep_until: later(300),
    }
}

impl Entry {
    pub(super) fn stamped(mut self, seconds: u64) -> Self {
        self.timestamp = later(seconds);
        self.keep_until = later(seconds + 300);
        self
    }

    /// What the guard says `seconds` after [`crate::NOW`].
    pub(super) async fn at(&self, guard: &Part, seconds: u64) -> Remembered {
        self.ask(guard, seconds).await.unwrap()
    }

    /// The same, or its error.
    pub(super) async fn ask(&self, guard: &Part, seconds: u64) -> Result<Remembered, StoreError> {
        let entry = ReplayEntry {
            consumer: &self.consumer,
            token: self.token.as_ref(),
            timestamp: self.timestamp,
            nonce: self.nonce.as_str().as_bytes(),
            keep_until: self.keep_until,
            now: later(seconds),
        };
        guard.remember(&entry).await
    }
}

/// All are fresh, and then all are replayed: none stands for another.
pub(super) async fn assert_distinct(guard: &Part, entries: &[Entry]) {
    for expected in [Remembered::Fresh, Remembered::Replayed] {
        for entry in entries {
            let found = entry.at(guard, 10).await;
            let Entry { token, nonce, .. } = entry;
            assert_eq!(found, expected, "{:?} {token:?} {nonce}", entry.consumer);
        }
    }
}
