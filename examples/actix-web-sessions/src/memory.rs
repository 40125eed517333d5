//! Sessions in memory, so that a log-out ends them: what a cookie alone holds lives as long as the
//! cookie.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use oauth1_provider::{Entropy, SystemEntropy, core::percent};

type State = HashMap<String, String>;

/// Sessions by their keys. It grows: a real application deletes what has expired.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<HashMap<String, State>>>);

impl Memory {
    fn all(&self) -> MutexGuard<'_, HashMap<String, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionStore for Memory {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        Ok(self.all().get(key.as_ref()).cloned())
    }

    async fn save(&self, state: State, _: &Duration) -> Result<SessionKey, SaveError> {
        let mut random = [0; 16];
        let filled = SystemEntropy::default().fill(&mut random);
        filled.map_err(|error| SaveError::Other(error.into()))?;
        let key = percent::encode(&random);
        self.all().insert(key.clone(), state);
        SessionKey::try_from(key).map_err(|error| SaveError::Other(error.into()))
    }

    async fn update(
        &self,
        key: SessionKey,
        state: State,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.all().insert(key.as_ref().to_owned(), state);
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> anyhow::Result<()> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> anyhow::Result<()> {
        self.all().remove(key.as_ref());
        Ok(())
    }
}
