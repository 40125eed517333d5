//! Reading a form body within a limit; every other body is left alone.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
};

use actix_web::{
    dev::{Payload, RequestHead},
    error::PayloadError,
    http::header,
    web::Bytes,
};
use futures_core::Stream;
use oauth1_provider::{Provider, Response};

/// What was read of a body.
pub(crate) enum Read {
    /// The signature needs it.
    Whole(Bytes),
    /// It has nothing to do with the signature.
    Untouched,
    /// There is none.
    Empty,
}

/// Reads the body if the head says that it is form-encoded, or has a body hash. The payload is
/// handed on whole.
pub(crate) async fn read(
    provider: &Provider,
    head: &RequestHead,
    payload: Payload,
) -> Result<(Read, Payload), Response> {
    if matches!(payload, Payload::None) {
        return Ok((Read::Empty, payload));
    }
    let form = is_form_encoded(head);
    if !form && !has_body_hash(head) {
        return Ok((Read::Untouched, payload));
    }
    match collect(payload, provider.limits().body_bytes).await {
        Ok(Some(bytes)) => Ok((Read::Whole(bytes.clone()), Payload::from(bytes))),
        Ok(None) if form => Err(Response::text(413, "form body too large")),
        Ok(None) => Err(Response::text(
            413,
            "body too large for its hash to be verified",
        )),
        Err(_) => Err(Response::text(400, "body could not be read")),
    }
}

/// All bytes, or `None` past the limit.
async fn collect(payload: Payload, limit_bytes: usize) -> Result<Option<Bytes>, PayloadError> {
    let mut payload = pin!(payload);
    let mut pieces = Vec::new();
    let mut read = 0;
    while let Some(piece) = next(payload.as_mut()).await {
        let piece = piece?;
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

async fn next(mut payload: Pin<&mut Payload>) -> Option<Result<Bytes, PayloadError>> {
    poll_fn(|context| payload.as_mut().poll_next(context)).await
}

/// How much of a body past the limit is read and thrown away, so that its sender sees the 413.
const DISCARDED_BYTES: usize = 8 << 20;

fn is_form_encoded(head: &RequestHead) -> bool {
    let content_type = head.headers.get(header::CONTENT_TYPE);
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
fn has_body_hash(head: &RequestHead) -> bool {
    let mut places = head
        .headers
        .get_all(header::AUTHORIZATION)
        .map(header::HeaderValue::as_bytes)
        .chain(head.uri.query().map(str::as_bytes));
    places.any(|place| {
        let name = b"oauth_body_hash";
        place.windows(name.len()).any(|window| window == name)
    })
}
