//! Guards: who may pass. Composable, and independent of any framework.

use std::{any::Any, fmt, sync::Arc};

use oauth1_core::{ConsumerKey, ErrorCode};
use smol_str::SmolStr;

use crate::{Identity, UserId};

/// A condition on who calls.
#[derive(Clone)]
pub struct Guard(Kind);

#[derive(Clone)]
enum Kind {
    Consumer(Option<ConsumerKey>),
    User {
        user: Option<UserId>,
        consumer: Option<ConsumerKey>,
    },
    Realm(SmolStr),
    NotOAuth,
    All(Vec<Guard>),
    Any(Vec<Guard>),
    Custom {
        message: &'static str,
        check: Arc<Check>,
    },
}

/// An application's own condition, on who calls and on the request as its adapter knows it.
type Check = dyn Fn(Option<&Identity>, &dyn Any) -> Verdict + Send + Sync;

/// What an application's own condition says. `true` is [`Verdict::Pass`], `false`
/// [`Verdict::Refuse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not: 401 for a request without OAuth, else 403.
    Refuse,
    /// It does not, and the application knows who it is, by its own log-in: 403.
    Forbid,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Pass } else { Self::Refuse }
    }
}

/// Passes consumers that call for themselves.
#[must_use]
pub fn is_consumer() -> Guard {
    Guard(Kind::Consumer(None))
}

/// Passes consumers that act on behalf of a user.
#[must_use]
pub fn is_oauth_user() -> Guard {
    Guard(Kind::User {
        user: None,
        consumer: None,
    })
}

/// Passes consumers that act on behalf of a user who granted this realm. A consumer for itself
/// has no token and so no realm; let it in by `any_of([is_consumer(), has_realm("photos")])`.
pub fn has_realm(name: impl AsRef<str>) -> Guard {
    Guard(Kind::Realm(SmolStr::new(name)))
}

/// Passes requests without OAuth.
#[must_use]
pub fn not_oauth() -> Guard {
    Guard(Kind::NotOAuth)
}

/// Passes what all guards pass.
pub fn all_of(guards: impl IntoIterator<Item = Guard>) -> Guard {
    Guard(Kind::All(guards.into_iter().collect()))
}

/// Passes what one of the guards passes; without any, nothing.
pub fn any_of(guards: impl IntoIterator<Item = Guard>) -> Guard {
    Guard(Kind::Any(guards.into_iter().collect()))
}

impl Guard {
    /// The application's own condition, with the message of its refusal (403).
    pub fn custom(
        message: &'static str,
        check: impl Fn(Option<&Identity>) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Custom {
            message,
            check: Arc::new(move |identity, _| check(identity).into()),
        })
    }

    /// The application's own condition on the request, such as its own log-in's permissions. `R`
    /// is what the adapter gives of a request (see its `guard` module); of anything else nothing
    /// passes.
    pub fn of_request<R: Any, V: Into<Verdict>>(
        message: &'static str,
        check: impl Fn(&R) -> V + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Custom {
            message,
            check: Arc::new(move |_, request| match request.downcast_ref() {
                Some(request) => check(request).into(),
                None => Verdict::Refuse,
            }),
        })
    }

    /// Only this consumer. On `not_oauth`, `all_of`, `any_of` and custom guards it adds nothing.
    #[must_use]
    pub fn with_consumer(mut self, key: ConsumerKey) -> Self {
        if let Kind::Consumer(consumer) | Kind::User { consumer, .. } = &mut self.0 {
            *consumer = Some(key);
        }
        self
    }

    /// Only on behalf of this user. It adds to `is_oauth_user` only.
    #[must_use]
    pub fn with_user(mut self, id: UserId) -> Self {
        if let Kind::User { user, .. } = &mut self.0 {
            *user = Some(id);
        }
        self
    }

    /// Checks who calls; `None` is a request without OAuth.
    ///
    /// # Errors
    /// [`GuardRefusal`]: 401 where credentials are missing, 403 where they do not suffice.
    pub fn check(&self, identity: Option<&Identity>) -> Result<(), GuardRefusal> {
        self.check_request(identity, &())
    }

    /// The same, with the request for guards made by [`Guard::of_request`].
    ///
    /// # Errors
    /// [`GuardRefusal`], as [`Guard::check`].
    pub fn check_request(
        &self,
        identity: Option<&Identity>,
        request: &dyn Any,
    ) -> Result<(), GuardRefusal> {
        let (passes, message) = match &self.0 {
            Kind::Consumer(key) => (
                matches!(identity, Some(Identity::Consumer(who))
                    if key.as_ref().is_none_or(|key| who.consumer().key() == key)),
                "The current user must be a consumer",
            ),
            Kind::User { user, consumer } => (
                matches!(identity, Some(Identity::User(who))
                    if user.as_ref().is_none_or(|user| who.user() == user)
                        && consumer.as_ref().is_none_or(|key| who.consumer().key() == key)),
                "The current user must be a consumer acting on behalf of a user",
            ),
            Kind::Realm(name) => (
                identity
                    .and_then(Identity::realms)
                    .is_some_and(|realms| realms.contains(name)),
                "The access token does not cover this realm",
            ),
            Kind::NotOAuth if identity.is_some() => {
                return Err(GuardRefusal::new(403, "Access through OAuth forbidden"));
            }
            Kind::NotOAuth => (true, ""),
            Kind::Custom { message, check } => match check(identity, request) {
                Verdict::Forbid => {
                    let mut refusal = GuardRefusal::new(403, message);
                    refusal.own_log_in = identity.is_none();
                    return Err(refusal);
                }
                verdict => (verdict == Verdict::Pass, *message),
            },
            Kind::All(guards) => {
                return guards
                    .iter()
                    .try_for_each(|guard| guard.check_request(identity, request));
            }
            Kind::Any(guards) => {
                let mut last = GuardRefusal::new(403, "Access forbidden");
                for guard in guards {
                    match guard.check_request(identity, request) {
                        Ok(()) => return Ok(()),
                        Err(refusal) => last = refusal,
                    }
                }
                return Err(last);
            }
        };
        if passes {
            return Ok(());
        }
        let status = if identity.is_none() { 401 } else { 403 };
        let mut refusal = GuardRefusal::new(status, message);
        if matches!(self.0, Kind::Realm(_)) {
            refusal.code = ErrorCode::AdditionalAuthorizationRequired;
        }
        Err(refusal)
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Consumer(key) => f.debug_tuple("is_consumer").field(key).finish(),
            Kind::User { user, consumer } => f
                .debug_tuple("is_oauth_user")
                .field(user)
                .field(consumer)
                .finish(),
            Kind::Realm(name) => f.debug_tuple("has_realm").field(name).finish(),
            Kind::NotOAuth => f.write_str("not_oauth"),
            Kind::All(guards) => f.debug_tuple("all_of").field(guards).finish(),
            Kind::Any(guards) => f.debug_tuple("any_of").field(guards).finish(),
            Kind::Custom { message, .. } => f.debug_tuple("custom").field(message).finish(),
        }
    }
}

/// A guard's refusal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct GuardRefusal {
    /// 401 where credentials are missing, 403 where they do not suffice.
    pub status: u16,
    /// For the caller.
    pub message: &'static str,
    /// The word of OAuth Problem Reporting.
    pub code: ErrorCode,
    /// Whether it is about who came by the application's own log-in, and without OAuth
    /// ([`Verdict::Forbid`]): then it is never reported as a problem of OAuth.
    pub own_log_in: bool,
}

impl GuardRefusal {
    const fn new(status: u16, message: &'static str) -> Self {
        Self {
            status,
            message,
            code: ErrorCode::PermissionDenied,
            own_log_in: false,
        }
    }

    /// Credentials are missing, 401.
    #[must_use]
    pub const fn unauthorized() -> Self {
        Self::new(401, "OAuth credentials required")
    }

    /// The plain refusal, 403.
    #[must_use]
    pub const fn forbidden() -> Self {
        Self::new(403, "Access forbidden")
    }
}
