//! Reading a body that counts, within limits; every other body is left alone.

use bytes::Bytes;
use futures_timer::Delay;
use http_body::Body;
use http_body_util::{BodyDataStream, Either, Full};
use oauth1_provider::{BodyUse, HttpHead, KeptBody, Provider, Response};

/// A body as it came, or one that was read and is handed on whole.
pub(crate) type Forwarded<B> = Either<B, Full<Bytes>>;

/// Reads the body if the head says that it is form-encoded, or has a body hash.
pub(crate) async fn read<B>(
    provider: &Provider,
    head: &HttpHead<'_>,
    body: B,
) -> Result<(KeptBody<Bytes>, Forwarded<B>), Response>
where
    B: Body<Data = Bytes>,
{
    if body.is_end_stream() {
        return Ok((KeptBody::Empty, Either::Left(body)));
    }
    match provider.body_use(head) {
        BodyUse::None => Ok((KeptBody::Untouched, Either::Left(body))),
        counts => {
            // What is no data are trailers: no part of a form.
            let pieces = BodyDataStream::new(body);
            let bytes = provider.read_body(counts, pieces, Delay::new);
            let bytes = bytes.await?;
            let whole = Either::Right(Full::new(bytes.clone()));
            Ok((KeptBody::Whole(bytes), whole))
        }
    }
}
