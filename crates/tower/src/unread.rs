//! What nobody has read of a request's body when its answer is there.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_timer::Delay;
use futures_util::future::{Either, select};
use http::{HeaderValue, Request, StatusCode, Version, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tower_layer::Layer;
use tower_service::Service;

/// How much is read on. Providers read as much of a form that is too large.
const LIMIT_BYTES: usize = 8 << 20;
/// How long it is read on. Providers wait as long for a form, by default.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads on what a refusal, or a handler, has left of a request's body, before the answer goes. It
/// belongs around everything else on servers made of hyper: axum, warp and hyper itself.
///
/// They close an HTTP/1.1 connection whose body was not read to its end without saying so. A client
/// that is still sending may see a broken pipe in place of its 401, and the next request on a
/// connection that it keeps is lost.
///
/// What is longer than 8 MiB, or takes longer than 30 seconds, what a client with
/// `Expect: 100-continue` has not begun to send, and what was too late for a handler (408) is not
/// read; the answer then says `Connection: close`
/// ([RFC 9112 section 9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)). A body that someone
/// still holds when the answer is there is left to him. HTTP/2 needs none of this.
#[derive(Clone, Copy, Debug)]
pub struct UnreadBodyLayer {
    limit_bytes: usize,
    timeout: Duration,
}

impl UnreadBodyLayer {
    /// With the limits above.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            limit_bytes: LIMIT_BYTES,
            timeout: TIMEOUT,
        }
    }
}

impl Default for UnreadBodyLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for UnreadBodyLayer {
    type Service = UnreadBodyService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        UnreadBodyService {
            inner,
            limits: *self,
        }
    }
}

/// The service of [`UnreadBodyLayer`].
#[derive(Clone, Debug)]
pub struct UnreadBodyService<S> {
    inner: S,
    limits: UnreadBodyLayer,
}

type Boxed<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<S, B, RB> Service<Request<B>> for UnreadBodyService<S>
where
    S: Service<Request<WatchedBody<B>>, Response = http::Response<RB>>,
    S::Future: Send + 'static,
    S::Error: Send,
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: Send,
    RB: Send,
{
    type Response = http::Response<RB>;
    type Error = S::Error;
    type Future = Either<S::Future, Boxed<Self::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        if request.body().is_end_stream() || request.version() > Version::HTTP_11 {
            let request = request.map(|body| WatchedBody::new(body, None));
            return Either::Left(self.inner.call(request));
        }
        let asks_first = request.headers().contains_key(header::EXPECT);
        let left = Left::default();
        let request = request.map(|body| WatchedBody::new(body, Some(left.clone())));
        let answer = self.inner.call(request);
        let limits = self.limits;
        Either::Right(Box::pin(async move {
            let mut answer = answer.await?;
            let unread = left.take();
            // Somebody has waited for it already.
            let is_late = unread.is_some() && answer.status() == StatusCode::REQUEST_TIMEOUT;
            if is_late || !limits.read_on(unread, asks_first).await {
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
            }
            Ok(answer)
        }))
    }
}

impl UnreadBodyLayer {
    /// Whether the connection is good for another request.
    async fn read_on<B>(self, unread: Option<Unread<B>>, asks_first: bool) -> bool
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let Some(Unread { body, is_begun }) = unread else {
            return true;
        };
        if asks_first && !is_begun {
            // To read would be to ask for it.
            return false;
        }
        let mut reading = pin!(is_read_to_its_end(body, self.limit_bytes));
        let at_once = poll_fn(|context| Poll::Ready(reading.as_mut().poll(context)));
        if let Poll::Ready(read) = at_once.await {
            return read;
        }
        match select(reading, Delay::new(self.timeout)).await {
            Either::Left((read, _)) => read,
            Either::Right(_) => false,
        }
    }
}

async fn is_read_to_its_end<B>(mut body: B, limit_bytes: usize) -> bool
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut left = limit_bytes;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return false;
        };
        let Some(less) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else {
            return false;
        };
        left = less;
    }
    true
}

/// A body that was dropped before its end.
#[derive(Debug)]
struct Unread<B> {
    body: B,
    is_begun: bool,
}

/// Where a dropped body goes.
#[derive(Debug)]
struct Left<B>(Arc<Mutex<Option<Unread<B>>>>);

impl<B> Left<B> {
    fn take(&self) -> Option<Unread<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, unread: Unread<B>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(unread);
    }
}

impl<B> Default for Left<B> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<B> Clone for Left<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// A request's body as [`UnreadBodyLayer`] hands it on: the same, but when it is dropped before its
/// end the layer has it back.
#[derive(Debug)]
pub struct WatchedBody<B: Body> {
    /// Nothing once it is at its end, or broken.
    body: Option<B>,
    left: Option<Left<B>>,
    is_begun: bool,
}

impl<B: Body> WatchedBody<B> {
    fn new(body: B, left: Option<Left<B>>) -> Self {
        Self {
            body: Some(body),
            left,
            is_begun: false,
        }
    }
}

impl<B: Body + Unpin> Body for WatchedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.is_begun = true;
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let none = || SizeHint::with_exact(0);
        self.body.as_ref().map_or_else(none, Body::size_hint)
    }
}

impl<B: Body> Drop for WatchedBody<B> {
    fn drop(&mut self) {
        let (Some(body), Some(left)) = (self.body.take(), &self.left) else {
            return;
        };
        if !body.is_end_stream() {
            left.put(Unread {
                body,
                is_begun: self.is_begun,
            });
        }
    }
}

#[cfg(test)]
mod tests;
