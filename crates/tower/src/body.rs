//! Reading a body that counts, within limits; every other body is left alone.

use std::fmt;

use bytes::Bytes;
use futures_timer::Delay;
use http_body::Body;
use http_body_util::{BodyDataStream, Either, Full};
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
        // What is no data are trailers: no part of a form.
        let pieces = BodyDataStream::new(body);
        let whole = provider.read_body(body_use, pieces, Delay::new).await?;
        Ok(Self(match body_use {
            BodyUse::Hashed => Kept::Hashed(whole),
            BodyUse::Form | BodyUse::None => Kept::Form(whole),
        }))
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
