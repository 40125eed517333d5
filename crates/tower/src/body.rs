//! Reading a body that counts, within limits; every other body is left alone.

use bytes::Bytes;
use futures_timer::Delay;
use http_body::Body;
use http_body_util::{BodyDataStream, Either, Full};
use oauth1_provider::{BodyUse, KeptBody, Provider, ReadBody, Response};

use crate::convert::Head;

/// A body as it came, or one that was read and is handed on whole.
pub(crate) type Forwarded<B> = Either<B, Full<Bytes>>;

/// A body, with what was read of it.
pub(crate) enum Received<B> {
    AsItCame(KeptBody<Bytes>, B),
    Whole(KeptBody<Bytes>),
}

/// Reads the body if the head says that it is form-encoded, or has a body hash.
pub(crate) async fn read<B>(
    provider: &Provider,
    head: &Head<'_>,
    body: B,
) -> Result<Received<B>, Response>
where
    B: Body<Data = Bytes>,
{
    if body.is_end_stream() {
        return Ok(Received::AsItCame(KeptBody::Empty, body));
    }
    match provider.body_use(head) {
        BodyUse::None => Ok(Received::AsItCame(KeptBody::Untouched, body)),
        counts => {
            // What is no data are trailers: no part of a form.
            let pieces = BodyDataStream::new(body);
            let bytes = provider.read_body(counts, pieces, Delay::new).await?;
            Ok(Received::Whole(counts.kept(bytes)))
        }
    }
}

impl<B> Received<B> {
    pub(crate) fn as_read(&self) -> ReadBody<'_> {
        match self {
            Self::AsItCame(kept, _) | Self::Whole(kept) => kept.as_read(),
        }
    }

    /// To be handed on.
    pub(crate) fn forwarded(self) -> Forwarded<B> {
        match self {
            Self::AsItCame(_, body) => Either::Left(body),
            Self::Whole(kept) => Either::Right(Full::new(kept.into_whole().unwrap_or_default())),
        }
    }
}
