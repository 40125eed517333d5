//! The protected resources: who called, and what arrived.

use oauth1_provider::Identity;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::random::to_hex;

/// The answer of `/api/public`.
pub const PUBLIC: &str = "open to everyone without OAuth\n";

/// A request's body, hashed as it comes.
#[derive(Clone, Debug, Default)]
pub struct Received {
    hash: Sha256,
    bytes: u64,
}

#[derive(Serialize)]
struct Answer<'a> {
    kind: &'a str,
    consumer_key: &'a str,
    user: Option<&'a str>,
    method: &'a str,
    query: &'a str,
    body_bytes: u64,
    body_sha256: String,
}

impl Received {
    /// Takes the next bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.bytes += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.hash.update(bytes);
    }

    /// The answer of `/api/whoami`, `/api/consumer` and `/api/user`: a JSON text, of the type
    /// `application/json`.
    #[must_use]
    pub fn answer(self, identity: &Identity, method: &str, query: Option<&str>) -> String {
        let user = identity.user().map(oauth1_provider::UserId::as_str);
        let answer = Answer {
            kind: if user.is_some() { "user" } else { "consumer" },
            consumer_key: identity.consumer().key().as_str(),
            user,
            method,
            query: query.unwrap_or_default(),
            body_bytes: self.bytes,
            body_sha256: to_hex(&self.hash.finalize()),
        };
        // Strings and numbers: there is nothing that JSON could not hold.
        serde_json::to_string(&answer).unwrap_or_default()
    }
}
