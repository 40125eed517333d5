//! Reading a body that counts, within limits; every other body is left alone.

use actix_web::{dev::Payload, rt::time::sleep, web::Bytes};
use oauth1_provider::{BodyUse, KeptBody, Provider, Response};

use crate::convert::Head;

/// Reads the body if the head says that it is form-encoded, or has a body hash.
pub(crate) async fn read(
    provider: &Provider,
    head: &Head<'_>,
    payload: &mut Payload,
) -> Result<KeptBody<Bytes>, Response> {
    if matches!(payload, Payload::None) {
        return Ok(KeptBody::Empty);
    }
    match provider.body_use(head) {
        BodyUse::None => Ok(KeptBody::Untouched),
        counts => Ok(counts.kept(provider.read_body(counts, payload, sleep).await?)),
    }
}

/// Puts back what was read.
pub(crate) fn put_back(read: KeptBody<Bytes>, payload: &mut Payload) {
    match (read.into_whole(), payload) {
        (None, _) => {}
        // It is at its end, where it takes back what was read without a place of its own.
        (Some(whole), Payload::H1 { payload }) => payload.unread_data(whole),
        (Some(whole), other) => *other = Payload::from(whole),
    }
}
