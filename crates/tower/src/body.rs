//! Reading a form body within a limit; every other body is left alone.

use std::pin::pin;

use bytes::Bytes;
use http::{header, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full};
use oauth1_provider::{Provider, Response};

/// A body as it came, or one that was read and is handed on whole.
pub(crate) type Forwarded<B> = Either<B, Full<Bytes>>;

/// Reads the body if the head says that it is form-encoded.
pub(crate) async fn read<B>(
    provider: &Provider,
    parts: &Parts,
    body: B,
) -> Result<(Option<Bytes>, Forwarded<B>), Response>
where
    B: Body<Data = Bytes>,
{
    if !is_form_encoded(parts) {
        return Ok((None, Either::Left(body)));
    }
    match collect(body, provider.limits().body_bytes).await {
        Ok(Some(bytes)) => Ok((Some(bytes.clone()), Either::Right(Full::new(bytes)))),
        Ok(None) => Err(Response::text(413, "form body too large")),
        Err(_) => Err(Response::text(400, "form body could not be read")),
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
