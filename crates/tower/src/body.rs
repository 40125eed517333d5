//! Reading a body that counts, within limits; every other body is left alone.

use std::{
    fmt,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_timer::Delay;
use futures_util::Stream;
use http_body::Body;
use http_body_util::{Either, Full};
use oauth1_provider::{BodyUse, Provider, ReadBody, RequestHead, Response};

/// A body as it came, or one that was read and is handed on whole.
pub type Forwarded<B> = Either<B, Full<Bytes>>;

/// A request's body, with what was read of it: for layers of frameworks that have a body of their
/// own.
pub struct Received<B>(Kept<B>);

enum Kept<B> {
    Empty(B),
    Untouched(B),
    Form(Bytes),
    Hashed(Bytes),
}

impl<B: Body<Data = Bytes> + Send> Received<B> {
    /// Reads the body if the head says that it is form-encoded, or has a body hash.
    ///
    /// # Errors
    /// The answer to a body that is too large, too slow or broken.
    pub async fn read(
        provider: &Provider,
        head: &(impl RequestHead + Sync),
        body: B,
    ) -> Result<Self, Response> {
        if body.is_end_stream() {
            return Ok(Self(Kept::Empty(body)));
        }
        let body_use = provider.body_use(head);
        if body_use == BodyUse::None {
            return Ok(Self(Kept::Untouched(body)));
        }
        let pieces = Pieces(pin!(body));
        let whole = provider.read_body(body_use, pieces, Delay::new).await?;
        Ok(Self(match body_use {
            BodyUse::Hashed => Kept::Hashed(whole),
            BodyUse::Form | BodyUse::None => Kept::Form(whole),
        }))
    }
}

/// The data of a body.
struct Pieces<'a, B>(Pin<&'a mut B>);

impl<B: Body<Data = Bytes>> Stream for Pieces<'_, B> {
    type Item = Result<Bytes, B::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // A body that knows its end is not asked for what comes after it: hyper would look into a
        // channel.
        while !self.0.is_end_stream() {
            let frame = match ready!(self.0.as_mut().poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => break,
            };
            // What is no data are trailers: no part of a form.
            if let Ok(piece) = frame.into_data() {
                return Poll::Ready(Some(Ok(piece)));
            }
        }
        Poll::Ready(None)
    }
}

impl<B> Received<B> {
    /// As [`SignedUrl::request`](oauth1_provider::SignedUrl::request) wants it.
    #[must_use]
    pub fn as_read(&self) -> ReadBody<'_> {
        match &self.0 {
            Kept::Empty(_) => ReadBody::Empty,
            Kept::Untouched(_) => ReadBody::Untouched,
            Kept::Form(whole) => ReadBody::Form(whole),
            Kept::Hashed(whole) => ReadBody::Hashed(whole),
        }
    }

    /// To be handed on.
    #[must_use]
    pub fn forwarded(self) -> Forwarded<B> {
        match self.0 {
            Kept::Empty(body) | Kept::Untouched(body) => Either::Left(body),
            Kept::Form(whole) | Kept::Hashed(whole) => Either::Right(Full::new(whole)),
        }
    }
}

/// A body may be a secret.
impl<B> fmt::Debug for Received<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Received").field(&self.as_read()).finish()
    }
}
