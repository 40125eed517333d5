//! Reading a form body within a limit; every other body is left alone.

use std::pin::pin;

use bytes::Bytes;
use http::{header, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full};
use oauth1_provider::{Provider, Response};

use crate::convert::signed_uri;

/// A body as it came, or one that was read and is handed on whole.
pub(crate) type Forwarded<B> = Either<B, Full<Bytes>>;

/// What was read of a body.
pub(crate) enum Read {
    /// The signature needs it.
    Whole(Bytes),
    /// It has nothing to do with the signature.
    Untouched,
    /// There is none.
    Empty,
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
    let form = is_form_encoded(parts);
    if !form && !has_body_hash(parts) {
        return Ok((Read::Untouched, Either::Left(body)));
    }
    match collect(body, provider.limits().body_bytes).await {
        Ok(Some(bytes)) => Ok((Read::Whole(bytes.clone()), Either::Right(Full::new(bytes)))),
        Ok(None) if form => Err(Response::text(413, "form body too large")),
        Ok(None) => Err(Response::text(
            413,
            "body too large for its hash to be verified",
        )),
        Err(_) => Err(Response::text(400, "body could not be read")),
    }
}

/// All bytes, or `None` past the limit.
async fn collect<B: Body<Data = Bytes>>(
    body: B,
    limit_bytes: usize,
) -> Result<Option<Bytes>, B::Error> {
    let mut body = pin!(body);
    let mut pieces = Vec::new();
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame?.into_data() else {
            continue;
        };
        read += piece.len();
        if read <= limit_bytes {
            pieces.push(piece);
        } else if read <= limit_bytes + DISCARDED_BYTES {
            // A client that is cut off while it sends never sees the answer.
            pieces.clear();
        } else {
            break;
        }
    }
    Ok((read <= limit_bytes).then(|| match pieces.as_slice() {
        [whole] => whole.clone(),
        _ => pieces.concat().into(),
    }))
}

/// How much of a body past the limit is read and thrown away, so that its sender sees the 413.
const DISCARDED_BYTES: usize = 8 << 20;

fn is_form_encoded(parts: &Parts) -> bool {
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| {
        let essence = value
            .as_bytes()
            .split(|b| *b == b';')
            .next()
            .unwrap_or_default();
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
    })
}

/// Whether the head may carry `oauth_body_hash`; an escaped letter in its name hides nothing,
/// for a body that was not read is refused with a hash.
fn has_body_hash(parts: &Parts) -> bool {
    let mut places = parts
        .headers
        .get_all(header::AUTHORIZATION)
        .iter()
        .map(header::HeaderValue::as_bytes)
        .chain(signed_uri(parts).query().map(str::as_bytes));
    places.any(|place| {
        let name = b"oauth_body_hash";
        place.windows(name.len()).any(|window| window == name)
    })
}
