//! Reading a body within limits of size and time; every other body is left alone.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{
    Stream,
    future::{Either, select},
};

use crate::{Provider, ReadBody, Response};

/// Which part a request's body has in its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an adapter has to treat all three")]
pub enum BodyUse {
    /// None: it is not read.
    None,
    /// It is a form, and signed (section 3.4.1.3.1).
    Form,
    /// Its hash is signed (OAuth Request Body Hash 1.0).
    Hashed,
}

/// A body after [`Provider::read_body`], with what was read of it.
#[derive(Clone)]
#[expect(clippy::exhaustive_enums, reason = "an adapter has to treat all three")]
pub enum KeptBody<P> {
    /// There is none.
    Empty,
    /// It has nothing to do with the signature, and was left alone.
    Untouched,
    /// All of a form, to be handed on.
    Form(P),
    /// All of a body of which the hash is signed, to be handed on.
    Hashed(P),
}

impl BodyUse {
    /// All of a body that counts, as what it counts.
    #[must_use]
    pub fn kept<P>(self, whole: P) -> KeptBody<P> {
        match self {
            Self::None => KeptBody::Untouched,
            Self::Form => KeptBody::Form(whole),
            Self::Hashed => KeptBody::Hashed(whole),
        }
    }
}

impl<P> KeptBody<P> {
    /// What was read, to be handed on.
    #[must_use]
    pub fn into_whole(self) -> Option<P> {
        match self {
            Self::Empty | Self::Untouched => None,
            Self::Form(whole) | Self::Hashed(whole) => Some(whole),
        }
    }
}

impl<P: AsRef<[u8]>> KeptBody<P> {
    /// As [`SignedUrl::request`](crate::SignedUrl::request) wants it.
    #[must_use]
    pub fn as_read(&self) -> ReadBody<'_> {
        match self {
            Self::Empty => ReadBody::Empty,
            Self::Untouched => ReadBody::Untouched,
            Self::Form(bytes) => ReadBody::Form(bytes.as_ref()),
            Self::Hashed(bytes) => ReadBody::Hashed(bytes.as_ref()),
        }
    }
}

impl<P: AsRef<[u8]>> std::fmt::Debug for KeptBody<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_read().fmt(f)
    }
}

/// Collects a body that counts, piece by piece, up to the limit of the provider.
///
/// A body that comes in one piece is that piece; others are copied together as they come, so a
/// thousand small pieces take no more room than one large one.
pub struct BodyCollector<P> {
    kept: Kept<P>,
    read_bytes: usize,
    limit_bytes: usize,
    body_use: BodyUse,
}

enum Kept<P> {
    Nothing,
    One(P),
    Many(Vec<u8>),
}

/// How much of a body past the limit is read and thrown away: a client that is cut off while it
/// sends never sees the 413.
const DISCARDED_BYTES: usize = 8 << 20;

impl Provider {
    /// Reads a body that counts from its pieces, within the limits of size and time. `timer` makes
    /// a future that is done after so long, as the runtime has it; it is called for bodies that
    /// are not there at the second look.
    ///
    /// # Errors
    /// The answer to a body past the limit, 413; to one that takes longer than
    /// [`with_body_timeout`](crate::ProviderBuilder::with_body_timeout), 408; to one that breaks
    /// off, 400.
    pub async fn read_body<P, E, T>(
        &self,
        body_use: BodyUse,
        pieces: impl Stream<Item = Result<P, E>>,
        timer: impl FnOnce(Duration) -> T,
    ) -> Result<P, Response>
    where
        P: AsRef<[u8]> + From<Vec<u8>>,
        T: Future<Output = ()>,
    {
        let mut collector = self.body_collector(body_use);
        let mut pieces = pin!(pieces);
        // Twice without a timer, which costs more than all else here: a server hands the body of a
        // small request on after it has called the service, and before it calls it again.
        let mut looked = false;
        let soon = poll_fn(
            |context| match collector.poll_pieces(pieces.as_mut(), context) {
                Poll::Pending if !looked => {
                    looked = true;
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                found => Poll::Ready(found),
            },
        );
        if let Poll::Ready(read) = soon.await {
            return read;
        }
        let reading = poll_fn(|context| collector.poll_pieces(pieces.as_mut(), context));
        let Some(limit) = self.config.body_timeout else {
            return reading.await;
        };
        match select(reading, pin!(timer(limit))).await {
            Either::Left((read, _)) => read,
            Either::Right(((), _)) => Err(Response::text(408, "body took too long")),
        }
    }

    /// Starts to collect a body, where [`Provider::read_body`] does not fit.
    #[must_use]
    pub fn body_collector<P>(&self, body_use: BodyUse) -> BodyCollector<P> {
        BodyCollector {
            kept: Kept::Nothing,
            read_bytes: 0,
            limit_bytes: self.limits().body_bytes,
            body_use,
        }
    }
}

impl<P: AsRef<[u8]> + From<Vec<u8>>> BodyCollector<P> {
    /// Takes the next piece; `false` if there is no use in reading on.
    #[must_use]
    pub fn push(&mut self, piece: P) -> bool {
        let bytes = piece.as_ref();
        self.read_bytes = self.read_bytes.saturating_add(bytes.len());
        if self.read_bytes > self.limit_bytes {
            self.kept = Kept::Nothing;
            return self.read_bytes <= self.limit_bytes.saturating_add(DISCARDED_BYTES);
        }
        match &mut self.kept {
            Kept::Nothing => self.kept = Kept::One(piece),
            Kept::One(first) => self.kept = Kept::Many([first.as_ref(), bytes].concat()),
            Kept::Many(all) => all.extend_from_slice(bytes),
        }
        true
    }

    fn poll_pieces<E>(
        &mut self,
        mut pieces: Pin<&mut impl Stream<Item = Result<P, E>>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<P, Response>> {
        while let Some(piece) = ready!(pieces.as_mut().poll_next(context)) {
            match piece {
                Err(_) => return Poll::Ready(Err(self.broken())),
                Ok(piece) => {
                    if !self.push(piece) {
                        break;
                    }
                }
            }
        }
        Poll::Ready(self.take())
    }

    /// The whole body.
    ///
    /// # Errors
    /// The answer to one past the limit: 413.
    pub fn finish(mut self) -> Result<P, Response> {
        self.take()
    }

    fn take(&mut self) -> Result<P, Response> {
        if self.read_bytes > self.limit_bytes {
            let message = match self.body_use {
                BodyUse::Hashed => "body too large for its hash to be verified",
                BodyUse::Form | BodyUse::None => "form body too large",
            };
            return Err(Response::text(413, message));
        }
        Ok(match mem::replace(&mut self.kept, Kept::Nothing) {
            Kept::Nothing => Vec::new().into(),
            Kept::One(piece) => piece,
            Kept::Many(bytes) => bytes.into(),
        })
    }

    /// The answer to a body that ended before its end: 400.
    #[must_use]
    pub fn broken(&self) -> Response {
        Response::text(400, "body could not be read")
    }
}

impl<P> std::fmt::Debug for BodyCollector<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BodyCollector")
            .field("read_bytes", &self.read_bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{MemoryManager, MemoryReplayGuard, core::Limits};

    fn collector() -> BodyCollector<Vec<u8>> {
        let guard = Arc::new(MemoryReplayGuard::without_history());
        let mut limits = Limits::default();
        limits.body_bytes = 4;
        let builder = Provider::verify_only(Arc::new(MemoryManager::default()), guard);
        let provider = builder.with_limits(limits).build().unwrap();
        provider.body_collector(BodyUse::Form)
    }

    #[test]
    fn pieces_are_one_body_up_to_the_limit() {
        for pieces in [&[][..], &["abcd"], &["a", "", "bc", "d"], &["", "ab"]] {
            let mut collector = collector();
            assert!(pieces.iter().all(|piece| collector.push((*piece).into())));
            assert_eq!(collector.finish().unwrap(), pieces.concat().into_bytes());
        }
    }

    #[test]
    fn past_the_limit_it_is_read_on_for_a_while_and_kept_no_more() {
        let mut collector = collector();
        assert!(collector.push(vec![b'x'; 5]));
        assert!(collector.push(vec![b'x'; DISCARDED_BYTES - 1]));
        assert!(matches!(collector.kept, Kept::Nothing));
        assert!(!collector.push(vec![b'x'; 1]));
        assert_eq!(collector.finish().unwrap_err().status, 413);
    }
}
