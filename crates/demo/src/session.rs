//! Log-in sessions of the demo's users, and the CSRF tokens bound to them.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use oauth1_provider::{
    UserId,
    core::{TokenKey, constant_time_eq},
};
use sha2::Sha256;

use crate::{
    Error, Pair,
    random::{hex, to_hex},
};

/// How long a log-in lasts.
const LIFETIME: Duration = Duration::from_secs(3_600);
/// How many log-ins are kept at most.
const CAPACITY: usize = 10_000;
/// The cookie's name.
const COOKIE: &str = "oauth1_session";

/// Users, and who is logged in.
pub(crate) struct Sessions {
    users: Vec<(UserId, String)>,
    csrf_key: String,
    logged_in: Mutex<HashMap<String, (UserId, Instant)>>,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

/// A browser: its cookie, and the user if one is logged in.
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user: Option<UserId>,
}

impl Sessions {
    pub(crate) fn new(users: &[Pair]) -> Result<Self, Error> {
        let users = users
            .iter()
            .map(|pair| Ok((UserId::new(&pair.name)?, pair.secret.clone())))
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            users,
            csrf_key: hex()?,
            logged_in: Mutex::default(),
        })
    }

    /// The browser's session; a new, anonymous one if it has none.
    pub(crate) fn of<'a>(&self, cookies: impl Iterator<Item = &'a [u8]>) -> Result<Session, Error> {
        let Some(id) = cookie(cookies) else {
            return Ok(Session {
                id: hex()?,
                user: None,
            });
        };
        let logged_in = self
            .logged_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let user = logged_in
            .get(&id)
            .filter(|(_, since)| since.elapsed() < LIFETIME)
            .map(|(user, _)| user.clone());
        Ok(Session { id, user })
    }

    /// Logs in, under a new id: one that was known before the log-in is worth nothing.
    pub(crate) fn log_in(&self, name: &str, password: &str) -> Result<Option<Session>, Error> {
        let mut found = None;
        for (user, secret) in &self.users {
            let fits = constant_time_eq(secret.as_bytes(), password.as_bytes());
            if user.as_str() == name && fits {
                found = Some(user.clone());
            }
        }
        let Some(user) = found else {
            return Ok(None);
        };
        let id = hex()?;
        let mut logged_in = self
            .logged_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if logged_in.len() >= CAPACITY {
            logged_in.retain(|_, (_, since)| since.elapsed() < LIFETIME);
            let oldest = logged_in
                .iter()
                .min_by_key(|(_, (_, since))| *since)
                .map(|(id, _)| id.clone());
            if let (true, Some(oldest)) = (logged_in.len() >= CAPACITY, oldest) {
                logged_in.remove(&oldest);
            }
        }
        logged_in.insert(id.clone(), (user.clone(), Instant::now()));
        Ok(Some(Session {
            id,
            user: Some(user),
        }))
    }

    /// Bound to session, request token and user.
    pub(crate) fn csrf_token(&self, session: &Session, token: &TokenKey) -> String {
        let user = session.user.as_ref().map_or("", UserId::as_str);
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(self.csrf_key.as_bytes())
        else {
            return String::new();
        };
        for part in [session.id.as_str(), token.as_str(), user] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        to_hex(&mac.finalize().into_bytes())
    }

    pub(crate) fn csrf_holds(&self, session: &Session, token: &TokenKey, given: &str) -> bool {
        let wanted = self.csrf_token(session, token);
        !wanted.is_empty() && constant_time_eq(wanted.as_bytes(), given.as_bytes())
    }
}

impl Session {
    /// Set-Cookie: sent along when a consumer's site links here, never by its forms or scripts.
    pub(crate) fn cookie(&self, path: &str) -> String {
        format!("{COOKIE}={}; Path={path}; HttpOnly; SameSite=Lax", self.id)
    }
}

fn cookie<'a>(cookies: impl Iterator<Item = &'a [u8]>) -> Option<String> {
    cookies
        .filter_map(|value| std::str::from_utf8(value).ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| {
            *name == COOKIE && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit())
        })
        .map(|(_, value)| value.to_owned())
}
