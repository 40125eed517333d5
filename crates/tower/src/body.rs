//! Reading a body that counts, within a limit; every other body is left alone.

use std::pin::pin;

use bytes::Bytes;
use http::request::Parts;
use http_body::Body;
use http_body_util::{BodyExt, Either, Full};
use oauth1_provider::{BodyCollector, BodyUse, Provider, ReadBody, Response};

use crate::convert::Head;

/// A body as it came, or one that was read and is handed on whole.
pub(crate) type Forwarded<B> = Either<B, Full<Bytes>>;

/// What was read of a body.
pub(crate) enum Read {
    Empty,
    Untouched,
    Whole(Bytes),
}

impl Read {
    pub(crate) fn as_body(&self) -> ReadBody<'_> {
        match self {
            Self::Empty => ReadBody::Empty,
            Self::Untouched => ReadBody::Untouched,
            Self::Whole(bytes) => ReadBody::Whole(bytes),
        }
    }
}

/// Reads the body if the head says that it is form-encoded, or has a body hash.
pub(crate) async fn read<B>(
    provider: &Provider,
    parts: &Parts,
    body: B,
) -> Result<(Read, Forwarded<B>), Response>
where
    B: Body<Data = Bytes>,
{
    if body.is_end_stream() {
        return Ok((Read::Empty, Either::Left(body)));
    }
    match provider.body_use(&Head(parts)) {
        BodyUse::None => Ok((Read::Untouched, Either::Left(body))),
        counts => {
            let bytes = collect(body, provider.body_collector(counts)).await?;
            Ok((Read::Whole(bytes.clone()), Either::Right(Full::new(bytes))))
        }
    }
}

async fn collect<B: Body<Data = Bytes>>(
    body: B,
    mut collector: BodyCollector<Bytes>,
) -> Result<Bytes, Response> {
    let mut body = pin!(body);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(collector.broken());
        };
        // What is no data are trailers: no part of a form.
        if let Ok(piece) = frame.into_data()
            && !collector.push(piece)
        {
            break;
        }
    }
    collector.finish()
}
