//! Tokens in memory.

use std::{
    borrow::Borrow,
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use foldhash::fast::RandomState;
use oauth1_core::{ConsumerKey, Timestamp, TokenKey, constant_time_eq};

use super::lock;
use crate::{
    AccessToken, Decided, Decision, Exchange, Exchanged, Renewal, Renewed, RequestToken,
    RequestTokenState, Revocation, Store, StoreError, UserId, VerifierHash,
};

/// A [`Store`] in memory: gone with the process.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Tokens>);

#[derive(Debug, Default)]
struct Tokens {
    request: HashMap<TokenKey, Entry>,
    /// Who sends requests can look any key up, but adds none: providers make them at random. So a
    /// fast hash with a random start is enough, and takes far less time than the default one.
    access: HashMap<TokenKey, Arc<AccessToken>, RandomState>,
}

#[derive(Debug)]
struct Entry {
    token: RequestToken,
    verifier: Option<VerifierHash>,
    wrong_verifiers: u32,
}

impl MemoryStore {
    #[inline(always)]
    fn get(&self, consumer: &[u8], key: &[u8]) -> Option<Arc<AccessToken>> {
        let tokens = lock(&self.0);
        let token = tokens.access.get(key);
        token
            .filter(|token| token.consumer.as_str().as_bytes() == consumer)
            .map(Arc::clone)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn create_request_token(&self, token: &RequestToken) -> Result<(), StoreError> {
        let mut tokens = lock(&self.0);
        if tokens.request.contains_key(&token.key) {
            return Err(StoreError::KeyTaken);
        }
        let entry = Entry {
            token: token.clone(),
            verifier: None,
            wrong_verifiers: 0,
        };
        tokens.request.insert(token.key.clone(), entry);
        Ok(())
    }

    async fn request_token(&self, key: &TokenKey) -> Result<Option<RequestToken>, StoreError> {
        Ok(lock(&self.0)
            .request
            .get(key)
            .map(|entry| entry.token.clone()))
    }

    async fn decide(
        &self,
        key: &TokenKey,
        decision: &Decision,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        let mut tokens = lock(&self.0);
        let Some(entry) = tokens.request.get_mut(key) else {
            return Ok(Decided::NotPending);
        };
        if entry.token.state != RequestTokenState::Pending || entry.token.expires <= now {
            return Ok(Decided::NotPending);
        }
        match decision {
            Decision::Approve {
                user,
                verifier,
                realms,
            } => {
                entry.token.realms = realms.clone();
                entry.token.state = RequestTokenState::Authorized(user.clone());
                entry.verifier = Some(*verifier);
            }
            Decision::Deny => {
                tokens.request.remove(key);
            }
        }
        Ok(Decided::Decided)
    }

    async fn exchange(&self, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        let mut tokens = lock(&self.0);
        let Some(entry) = tokens.request.get_mut(&exchange.request_token) else {
            return Ok(Exchanged::NotFound);
        };
        if entry.token.consumer != exchange.consumer {
            return Ok(Exchanged::NotFound);
        }
        if entry.token.expires <= now {
            return Ok(Exchanged::Expired);
        }
        let (RequestTokenState::Authorized(user), Some(verifier)) =
            (&entry.token.state, &entry.verifier)
        else {
            return Ok(Exchanged::NotAuthorized);
        };
        if !constant_time_eq(verifier.as_bytes(), exchange.verifier.as_bytes()) {
            entry.wrong_verifiers += 1;
            if entry.wrong_verifiers >= exchange.attempts {
                tokens.request.remove(&exchange.request_token);
            }
            return Ok(Exchanged::WrongVerifier);
        }
        let access = exchange.access_token(user.clone(), entry.token.realms.clone(), now);
        if tokens.access.contains_key(&access.key) {
            return Err(StoreError::KeyTaken);
        }
        tokens.request.remove(&exchange.request_token);
        tokens
            .access
            .insert(access.key.clone(), Arc::new(access.clone()));
        Ok(Exchanged::Exchanged(access))
    }

    async fn renew(&self, renewal: &Renewal, now: Timestamp) -> Result<Renewed, StoreError> {
        let mut tokens = lock(&self.0);
        let Some(old) = tokens.access.get(&renewal.access_token) else {
            return Ok(Renewed::NotFound);
        };
        let renewed = renewal.of(old, now);
        if let Renewed::Renewed(new) = &renewed {
            if tokens.access.contains_key(&new.key) {
                return Err(StoreError::KeyTaken);
            }
            tokens.access.remove(&renewal.access_token);
            tokens.access.insert(new.key.clone(), Arc::new(new.clone()));
        }
        Ok(renewed)
    }

    async fn access_token(
        &self,
        consumer: &ConsumerKey,
        key: &TokenKey,
    ) -> Result<Option<Arc<AccessToken>>, StoreError> {
        Ok(self.get(consumer.borrow(), key.borrow()))
    }

    fn access_token_now(
        &self,
        consumer: &[u8],
        key: &[u8],
    ) -> Option<Result<Option<Arc<AccessToken>>, StoreError>> {
        Some(Ok(self.get(consumer, key)))
    }

    async fn access_tokens_of(&self, user: &UserId) -> Result<Vec<Arc<AccessToken>>, StoreError> {
        let tokens = lock(&self.0);
        let mut found: Vec<_> = tokens
            .access
            .values()
            .filter(|token| token.user == *user)
            .map(Arc::clone)
            .collect();
        found.sort_by(|a, b| a.created.cmp(&b.created).then_with(|| a.key.cmp(&b.key)));
        Ok(found)
    }

    async fn revoke(&self, which: &Revocation) -> Result<u64, StoreError> {
        let mut tokens = lock(&self.0);
        let before = tokens.access.len() + tokens.request.len();
        match which {
            Revocation::Token { user, key } => {
                tokens
                    .access
                    .retain(|k, token| !(k == key && token.user == *user));
            }
            Revocation::User(user) => tokens.access.retain(|_, token| token.user != *user),
            Revocation::Consumer(consumer) => {
                tokens.access.retain(|_, token| token.consumer != *consumer);
                tokens
                    .request
                    .retain(|_, entry| entry.token.consumer != *consumer);
            }
        }
        Ok(count(before - tokens.access.len() - tokens.request.len()))
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut tokens = lock(&self.0);
        let mut left = limit;
        let mut expired = |expires: Option<Timestamp>| {
            let purge = left > 0 && expires.is_some_and(|expires| expires <= now);
            left -= u32::from(purge);
            purge
        };
        tokens
            .request
            .retain(|_, entry| !expired(Some(entry.token.expires)));
        tokens.access.retain(|_, token| !expired(token.dead()));
        Ok(u64::from(limit - left))
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
