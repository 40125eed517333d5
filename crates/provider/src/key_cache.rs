//! Keys made ready, kept beside the consumers and tokens they are of.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, RwLock, RwLockReadGuard, Weak},
};

use oauth1_core::{PreparedKey, SignatureMethod};

use crate::{AccessToken, Consumer, hint::seldom};

/// Keys of the consumers and tokens that signed last: what goes into a MAC's key is hashed once,
/// and not for each request. Bounded: whoever comes to a place that is taken takes it over.
///
/// # Security
/// An entry counts only for the very values in memory that it was made of, which never change: as
/// soon as a manager or store hands out another consumer or token, with a rotated secret or not, it
/// is of no use. It keeps neither alive; but it holds their addresses, so that nothing else can
/// come to stand there.
pub(crate) struct KeyCache {
    places: Box<[RwLock<Entry>]>,
}

/// Small enough for every process, and enough for those that are busy at one time.
const PLACES: usize = 1_024;

#[derive(Default)]
pub(crate) struct Entry {
    of: Option<Of<Weak<Consumer>, Weak<AccessToken>>>,
    keys: Vec<PreparedKey>,
}

/// Keys, where they are kept or as they were made. Others may read them meanwhile.
pub(crate) enum Keys<'c> {
    Kept(RwLockReadGuard<'c, Entry>),
    Made(Vec<PreparedKey>),
}

/// What keys are of.
#[derive(Clone, Copy)]
pub(crate) struct Of<C, T> {
    pub(crate) consumer: C,
    pub(crate) token: Option<T>,
    pub(crate) method: SignatureMethod,
}

impl KeyCache {
    /// The keys of these values, kept or made; those made are kept. Nobody is waited for: where
    /// another comes to the same place at the same time, keys are made, or not kept.
    ///
    /// # Errors
    /// Whatever making them gave: nothing is kept then.
    pub(crate) fn get_or_make<E>(
        &self,
        of: Of<&Arc<Consumer>, &Arc<AccessToken>>,
        make: impl FnOnce() -> Result<Vec<PreparedKey>, E>,
    ) -> Result<Keys<'_>, E> {
        let Some(place) = self.places.get(of.place() % PLACES) else {
            seldom();
            return make().map(Keys::Made);
        };
        if let Ok(kept) = place.try_read()
            && kept.is_of(of)
        {
            return Ok(Keys::Kept(kept));
        }
        seldom();
        let keys = make()?;
        if let Ok(mut place) = place.try_write() {
            *place = Entry {
                of: Some(Of {
                    consumer: Arc::downgrade(of.consumer),
                    token: of.token.map(Arc::downgrade),
                    method: of.method,
                }),
                keys: keys.clone(),
            };
        }
        Ok(Keys::Made(keys))
    }
}

impl Of<&Arc<Consumer>, &Arc<AccessToken>> {
    /// By the addresses: they differ in the bits above those of their alignment.
    fn place(self) -> usize {
        let consumer = Arc::as_ptr(self.consumer).addr();
        let token = self.token.map_or(0, |token| Arc::as_ptr(token).addr());
        let mixed = (consumer ^ token.rotate_left(7)).wrapping_mul(0x9e37_79b9);
        mixed >> 12
    }
}

impl Entry {
    fn is_of(&self, of: Of<&Arc<Consumer>, &Arc<AccessToken>>) -> bool {
        let Some(own) = &self.of else {
            return false;
        };
        let same_token = match (&own.token, of.token) {
            (Some(kept), Some(token)) => kept.as_ptr() == Arc::as_ptr(token),
            (None, None) => true,
            _ => false,
        };
        own.consumer.as_ptr() == Arc::as_ptr(of.consumer) && same_token && own.method == of.method
    }
}

impl Deref for Keys<'_> {
    type Target = [PreparedKey];

    fn deref(&self) -> &[PreparedKey] {
        match self {
            Self::Kept(entry) => &entry.keys,
            Self::Made(keys) => keys,
        }
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self {
            places: (0..PLACES).map(|_| RwLock::default()).collect(),
        }
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use oauth1_core::{ConsumerKey, Secret, Timestamp};

    use super::*;

    fn consumer(secret: &str) -> Arc<Consumer> {
        let key = ConsumerKey::new("app").unwrap();
        let now = Timestamp::from_secs(0);
        Arc::new(Consumer::new(key, Secret::from(secret), "App", now))
    }

    /// Whether the keys had to be made.
    fn made(cache: &KeyCache, consumer: &Arc<Consumer>, method: SignatureMethod) -> bool {
        let mut made = false;
        let of = Of {
            consumer,
            token: None,
            method,
        };
        let keys = cache.get_or_make(of, || {
            made = true;
            let secret = consumer.credential().shared_secret().unwrap();
            PreparedKey::shared_secret(method, secret, None).map(|key| vec![key])
        });
        assert_eq!(keys.unwrap().len(), 1);
        made
    }

    #[test]
    fn keys_are_kept_for_the_same_value_and_method_only() {
        let (cache, app) = (KeyCache::default(), consumer("s"));
        assert!(made(&cache, &app, SignatureMethod::HmacSha1));
        assert!(!made(&cache, &app, SignatureMethod::HmacSha1));
        assert!(made(&cache, &app, SignatureMethod::HmacSha256));
        let equal = consumer("s");
        assert!(made(&cache, &equal, SignatureMethod::HmacSha256));
    }

    #[test]
    fn a_changed_consumer_never_meets_the_keys_of_the_one_before() {
        let cache = KeyCache::default();
        let mut app = consumer("old");
        for round in 0..100 {
            assert!(made(&cache, &app, SignatureMethod::HmacSha1));
            assert!(!made(&cache, &app, SignatureMethod::HmacSha1));
            // As the manager in memory changes it, or as one that makes a new value.
            if round % 2 == 0 {
                Arc::make_mut(&mut app).rotate(Secret::from("new"), Timestamp::from_secs(9));
            } else {
                drop(std::mem::replace(&mut app, consumer("newer")));
            }
        }
    }
}
