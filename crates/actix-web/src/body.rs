//! Reading a body that counts, within limits; every other body is left alone.

use actix_web::{dev::Payload, rt::time::sleep, web::Bytes};
use oauth1_provider::{BodyUse, KeptBody, Provider, Response};

use crate::convert::Head;

/// Reads the body if the head says that it is form-encoded, or has a body hash. The payload is
/// handed on whole.
pub(crate) async fn read(
    provider: &Provider,
    head: &Head<'_>,
    payload: Payload,
) -> Result<(KeptBody<Bytes>, Payload), Response> {
    if matches!(payload, Payload::None) {
        return Ok((KeptBody::Empty, payload));
    }
    match provider.body_use(head) {
        BodyUse::None => Ok((KeptBody::Untouched, payload)),
        counts => {
            let bytes = provider.read_body(counts, payload, sleep).await?;
            Ok((KeptBody::Whole(bytes.clone()), Payload::from(bytes)))
        }
    }
}
