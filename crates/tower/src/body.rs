//! Reading a form body within a limit; every other body is left alone.

use bytes::Bytes;
use http::{header, request::Parts};
use http_body::Body;
use http_body_util::{BodyExt, Either, Full, LengthLimitError, Limited};
use oauth1_provider::{Provider, Response};

use crate::BoxError;

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
    B::Error: Into<BoxError>,
{
    if !is_form_encoded(parts) {
        return Ok((None, Either::Left(body)));
    }
    match Limited::new(body, provider.limits().body_bytes)
        .collect()
        .await
    {
        Ok(collected) => {
            let bytes = collected.to_bytes();
            Ok((Some(bytes.clone()), Either::Right(Full::new(bytes))))
        }
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Response::text(413, "form body too large"))
        }
        Err(_) => Err(Response::text(400, "form body could not be read")),
    }
}

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
