//! Who calls, as a handler asks for it: what every adapter's extractors answer.

use crate::{
    ConsumerIdentity, Guard, GuardRefusal, Identity, UserIdentity, is_consumer, is_oauth_user,
};

impl Identity {
    /// The identity that a request has to have.
    ///
    /// # Errors
    /// 401 without one.
    pub fn required(found: Option<&Self>) -> Result<&Self, GuardRefusal> {
        found.ok_or_else(GuardRefusal::unauthorized)
    }
}

impl ConsumerIdentity {
    /// The consumer, if it calls for itself.
    #[must_use]
    pub fn optional(found: Option<&Identity>) -> Option<&Self> {
        match found {
            Some(Identity::Consumer(consumer)) => Some(consumer),
            _ => None,
        }
    }

    /// The consumer that has to call for itself.
    ///
    /// # Errors
    /// As the guard [`is_consumer`]: 401 without an identity, 403 for a consumer that acts on
    /// behalf of a user.
    pub fn required(found: Option<&Identity>) -> Result<&Self, GuardRefusal> {
        Self::optional(found).ok_or_else(|| refusal(&is_consumer(), found))
    }
}

impl UserIdentity {
    /// The consumer with its user, if it acts for one.
    #[must_use]
    pub fn optional(found: Option<&Identity>) -> Option<&Self> {
        match found {
            Some(Identity::User(user)) => Some(user),
            _ => None,
        }
    }

    /// The user for whom a consumer has to act.
    ///
    /// # Errors
    /// As the guard [`is_oauth_user`]: 401 without an identity, 403 for a consumer that calls for
    /// itself.
    pub fn required(found: Option<&Identity>) -> Result<&Self, GuardRefusal> {
        Self::optional(found).ok_or_else(|| refusal(&is_oauth_user(), found))
    }
}

fn refusal(guard: &Guard, found: Option<&Identity>) -> GuardRefusal {
    let refusal = guard.check(found).err();
    refusal.unwrap_or_else(GuardRefusal::forbidden)
}
