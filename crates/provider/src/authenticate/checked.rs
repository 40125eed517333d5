//! A request that lacks nothing but its nonce
//! ([RFC 5849 section 3.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.3)).

use std::{borrow::Cow, sync::Arc};

use oauth1_core::{BodyHasher, ErrorCode, Fresh, Timestamp, Window};

use super::{Token, Verified};
use crate::{Consumer, Denied, Remembered, ReplayEntry};

/// What is known before the nonce is spent. Only [`Provider::check`] makes it.
pub(super) struct Checked<'a> {
    pub(super) fresh: Fresh<'a>,
    pub(super) consumer: Arc<Consumer>,
    pub(super) token: Token,
    pub(super) body: Option<Box<BodyHasher>>,
    pub(super) now: Timestamp,
}

impl<'a> Checked<'a> {
    /// Section 3.3: a nonce is accepted once. PLAINTEXT requests may have none.
    #[inline]
    pub(super) fn nonce(&self) -> Option<(Timestamp, Cow<'a, [u8]>)> {
        let parameters = self.fresh.parameters();
        parameters.timestamp().zip(parameters.nonce_bytes())
    }

    /// What the replay guard is asked of a [`Self::nonce`].
    #[inline]
    pub(super) fn entry<'e>(
        &'e self,
        (timestamp, nonce): &'e (Timestamp, Cow<'_, [u8]>),
        default: &Window,
    ) -> ReplayEntry<'e> {
        let window = self.consumer.window(default);
        ReplayEntry {
            consumer: self.consumer.key(),
            token: self.token.key(),
            timestamp: *timestamp,
            nonce,
            keep_until: timestamp.plus(window.past),
            now: self.now,
        }
    }

    /// By the guard's answer; a disabled consumer is told only after all else.
    #[inline]
    pub(super) fn accept(
        self,
        remembered: Remembered,
        default: &Window,
    ) -> Result<Verified<'a>, Denied> {
        match remembered {
            Remembered::Fresh if self.consumer.disabled.is_some() => {
                Err(Denied::new(ErrorCode::ConsumerKeyRefused))
            }
            Remembered::Fresh => Ok(Verified {
                fresh: self.fresh,
                consumer: self.consumer,
                token: self.token,
                body: self.body,
                now: self.now,
            }),
            Remembered::Replayed => Err(Denied::new(ErrorCode::NonceUsed)),
            Remembered::TooOld => Err(timestamp_refused(self.now, self.consumer.window(default))),
        }
    }
}

/// With the first and last timestamp accepted, as OAuth Problem Reporting writes them.
#[cold]
pub(super) fn timestamp_refused(now: Timestamp, window: &Window) -> Denied {
    let (first, last) = (now.minus(window.past), now.plus(window.future));
    Denied::new(ErrorCode::TimestampRefused)
        .with("oauth_acceptable_timestamps", format!("{first}-{last}"))
}
