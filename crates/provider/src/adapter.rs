//! What every framework's adapter declares, because the framework's traits can be implemented for
//! types of its own crate only. It is written here, once; the traits are the adapter's part.

/// The extractors' types, and the guard that has a name. The argument is the adapter's crate, for
/// the example in the documentation.
#[doc(hidden)]
#[macro_export]
macro_rules! adapter_extractors {
    ($crate_name:literal) => {
        $crate::adapter_extractors! {
            /// A signed request's identity, of either kind; others are refused with 401.
            /// `Option<Identity>` takes unsigned requests too.
            Identity
        }
        $crate::adapter_extractors! {
            /// A consumer for itself; others are refused with 401 or 403, or none as
            /// `Option<ConsumerIdentity>`.
            ConsumerIdentity
        }
        $crate::adapter_extractors! {
            /// A consumer on behalf of a user; others are refused with 401 or 403, or none as
            /// `Option<UserIdentity>`.
            UserIdentity
        }

        /// Passes if the guard `G` does.
        #[derive(Clone, Copy, Debug, Default)]
        pub struct Require<G>(::std::marker::PhantomData<G>);

        /// A guard that has a name, for [`Require`].
        ///
        /// ```
        #[doc = concat!("use ", $crate_name, "::{Require, RequiredGuard};")]
        /// use oauth1_provider::{Guard, not_oauth};
        ///
        /// struct BrowserOnly;
        /// impl RequiredGuard for BrowserOnly {
        ///     fn guard() -> Guard {
        ///         not_oauth()
        ///     }
        /// }
        /// async fn handler(_: Require<BrowserOnly>) {}
        /// ```
        pub trait RequiredGuard {
            /// The guard.
            fn guard() -> $crate::Guard;
        }
    };
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[expect(
            clippy::exhaustive_structs,
            reason = "an extractor is taken apart by pattern"
        )]
        pub struct $name(pub $crate::$name);

        impl ::std::ops::Deref for $name {
            type Target = $crate::$name;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    };
}

/// What extractors and decisions answer when they have nothing to give.
#[doc(hidden)]
#[macro_export]
macro_rules! adapter_rejections {
    () => {
        $crate::adapter_rejections! {
            /// A guard's refusal, with its message: 401 (the layer adds the challenge) or 403.
            #[derive(Clone)]
            GuardRejection($crate::GuardRefusal)
        }
        $crate::adapter_rejections! {
            /// There is nothing to authorise: 400, or 503 if the store could not answer.
            AuthorizeRejection($crate::AuthorizationError)
        }

        impl AuthorizeRejection {
            /// The HTTP status, 400 or 503.
            #[must_use]
            pub fn status(&self) -> u16 {
                self.0.status()
            }
        }
    };
    ($(#[$attribute:meta])* $name:ident($of:ty)) => {
        $(#[$attribute])*
        #[derive(Debug)]
        pub struct $name(pub(crate) $of);

        impl From<$of> for $name {
            fn from(of: $of) -> Self {
                Self(of)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

/// The authorise page's half of resource owner authorization: a pending request token with the
/// provider that decides it, and what a decision answers if it cannot be.
#[doc(hidden)]
#[macro_export]
macro_rules! adapter_authorize {
    ($(#[$doc:meta])* $name:ident or $error:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            provider: ::std::sync::Arc<$crate::Provider>,
            pending: $crate::PendingAuthorization,
        }

        impl $name {
            /// Looks up the request token that a query names.
            pub(crate) async fn of_query(
                provider: ::std::sync::Arc<$crate::Provider>,
                query: Option<&str>,
            ) -> Result<Self, $crate::AuthorizationError> {
                let pending = provider.pending_authorization_in(query).await?;
                Ok(Self { provider, pending })
            }

            /// What is asked for.
            #[must_use]
            pub fn pending(&self) -> &$crate::PendingAuthorization {
                &self.pending
            }

            /// Approves for a user.
            ///
            /// # Security
            /// Call it on a POST with a CSRF token bound to session, request token and user only.
            ///
            /// # Errors
            #[doc = concat!("[`", stringify!($error), "`]")]
            /// if it was decided meanwhile, or the store could not answer.
            pub async fn approve(self, user: &$crate::UserId) -> Result<$crate::Approved, $error> {
                let approved = self.provider.approve(&self.pending, user).await;
                approved.map_err($error::from)
            }

            /// Approves for a user some of the realms that are asked for, or none of them.
            ///
            /// # Security
            /// As of approving all.
            ///
            /// # Errors
            #[doc = concat!("[`", stringify!($error), "`]")]
            /// if a realm was not asked for, it was decided meanwhile, or the store could not
            /// answer.
            pub async fn approve_realms(
                self,
                user: &$crate::UserId,
                realms: &$crate::Realms,
            ) -> Result<$crate::Approved, $error> {
                let approved = self.provider.approve_realms(&self.pending, user, realms).await;
                approved.map_err($error::from)
            }

            /// Denies; the token dies.
            ///
            /// # Errors
            #[doc = concat!("[`", stringify!($error), "`]")]
            /// if it was decided meanwhile, or the store could not answer.
            pub async fn deny(self) -> Result<$crate::Outcome, $error> {
                let denied = self.provider.deny(&self.pending).await;
                denied.map_err($error::from)
            }
        }
    };
}
