//! A body as warp's filters give it, for the tower layer.

use bytes::{Buf, Bytes};
use futures_util::{Stream, StreamExt};
use http_body::{Body, Frame};
use http_body_util::StreamBody;

/// The stream of [`warp::body::stream`] as a body.
pub(crate) fn of_stream<B: Buf>(
    stream: impl Stream<Item = Result<B, warp::Error>>,
) -> impl Body<Data = Bytes, Error = warp::Error> {
    StreamBody::new(stream.map(|piece| {
        let mut piece = piece?;
        Ok(Frame::data(piece.copy_to_bytes(piece.remaining())))
    }))
}
