//! Reading a body that counts, within a limit; every other body is left alone.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
};

use actix_web::{dev::Payload, error::PayloadError, web::Bytes};
use futures_core::Stream;
use oauth1_provider::{BodyCollector, BodyUse, Provider, ReadBody, Response};

use crate::convert::Head;

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

/// Reads the body if the head says that it is form-encoded, or has a body hash. The payload is
/// handed on whole.
pub(crate) async fn read(
    provider: &Provider,
    head: &Head<'_>,
    payload: Payload,
) -> Result<(Read, Payload), Response> {
    if matches!(payload, Payload::None) {
        return Ok((Read::Empty, payload));
    }
    match provider.body_use(head) {
        BodyUse::None => Ok((Read::Untouched, payload)),
        counts => {
            let bytes = collect(payload, provider.body_collector(counts)).await?;
            Ok((Read::Whole(bytes.clone()), Payload::from(bytes)))
        }
    }
}

async fn collect(payload: Payload, mut collector: BodyCollector<Bytes>) -> Result<Bytes, Response> {
    let mut payload = pin!(payload);
    while let Some(piece) = next(payload.as_mut()).await {
        let Ok(piece) = piece else {
            return Err(collector.broken());
        };
        if !collector.push(piece) {
            break;
        }
    }
    collector.finish()
}

async fn next(mut payload: Pin<&mut Payload>) -> Option<Result<Bytes, PayloadError>> {
    poll_fn(|context| payload.as_mut().poll_next(context)).await
}
