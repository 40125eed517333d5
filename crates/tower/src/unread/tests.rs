use std::{convert::Infallible, future::ready};

use futures_util::FutureExt;
use http::Response;

use super::*;

/// Pieces, then its end, or nothing more for ever.
struct Pieces {
    bytes: Vec<usize>,
    is_endless: bool,
    is_asked: Arc<Mutex<bool>>,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        *self.is_asked.lock().unwrap() = true;
        match self.bytes.pop() {
            Some(length) => Poll::Ready(Some(Ok(Frame::data(vec![b'x'; length].into())))),
            None if self.is_endless => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

fn request(bytes: &[usize], is_endless: bool) -> (Request<Pieces>, Arc<Mutex<bool>>) {
    let is_asked = Arc::new(Mutex::new(false));
    let body = Pieces {
        bytes: bytes.to_vec(),
        is_endless,
        is_asked: Arc::clone(&is_asked),
    };
    (Request::new(body), is_asked)
}

/// Answers, and does something with the body first.
#[derive(Clone)]
struct Handler<F>(F, StatusCode);

impl<F: FnMut(WatchedBody<Pieces>)> Service<Request<WatchedBody<Pieces>>> for Handler<F> {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<WatchedBody<Pieces>>) -> Self::Future {
        (self.0)(request.into_body());
        let mut response = Response::new(());
        *response.status_mut() = self.1;
        ready(Ok(response))
    }
}

fn limits() -> UnreadBodyLayer {
    UnreadBodyLayer {
        limit_bytes: 8,
        timeout: Duration::from_millis(1),
    }
}

/// The answer's `Connection` header.
fn told(response: &Response<()>) -> Option<&str> {
    let value = response.headers().get(header::CONNECTION)?;
    Some(value.to_str().unwrap())
}

fn answer(request: Request<Pieces>, handle: impl FnMut(WatchedBody<Pieces>)) -> Response<()> {
    let mut service = limits().layer(Handler(handle, StatusCode::OK));
    service.call(request).now_or_never().unwrap().unwrap()
}

#[test]
fn what_is_left_is_read_up_to_the_limit_else_the_connection_is_said_to_close() {
    for (bytes, expected) in [
        (&[][..], None),
        (&[8], None),
        (&[1, 7], None),
        (&[9], Some("close")),
        (&[1, 8], Some("close")),
    ] {
        let (request, is_asked) = request(bytes, false);
        assert_eq!(told(&answer(request, drop)), expected, "{bytes:?}");
        assert!(*is_asked.lock().unwrap());
    }
}

#[test]
fn what_a_handler_has_begun_is_read_on() {
    let (request, _) = request(&[8, 1, 1], false);
    let response = answer(request, |mut body| {
        body.frame().now_or_never().unwrap();
        body.frame().now_or_never().unwrap();
    });
    assert_eq!(told(&response), None);
}

#[test]
fn who_waits_to_be_asked_for_a_body_is_not_unless_the_handler_has() {
    for (is_begun, expected) in [(false, Some("close")), (true, None)] {
        let (mut request, is_asked) = request(&[1, 1], false);
        let expect = HeaderValue::from_static("100-continue");
        request.headers_mut().insert(header::EXPECT, expect);
        let response = answer(request, |mut body| {
            if is_begun {
                body.frame().now_or_never().unwrap();
            }
        });
        assert_eq!(told(&response), expected);
        assert_eq!(*is_asked.lock().unwrap(), is_begun);
    }
}

#[test]
fn a_body_that_someone_holds_is_his() {
    let (request, is_asked) = request(&[9], false);
    let mut held = None;
    let response = answer(request, |body| held = Some(body));
    assert_eq!(told(&response), None);
    assert!(!*is_asked.lock().unwrap());
    assert!(held.is_some());
}

#[test]
fn http_2_is_left_alone() {
    let (mut request, is_asked) = request(&[9], false);
    *request.version_mut() = Version::HTTP_2;
    assert_eq!(told(&answer(request, drop)), None);
    assert!(!*is_asked.lock().unwrap());
}

#[test]
fn what_does_not_come_is_waited_for_no_longer_than_the_limit() {
    let (request, _) = request(&[1], true);
    let mut service = limits().layer(Handler(drop, StatusCode::OK));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let response = runtime.unwrap().block_on(service.call(request)).unwrap();
    assert_eq!(told(&response), Some("close"));
}

#[test]
fn what_was_too_late_is_not_waited_for() {
    let (request, is_asked) = request(&[1], false);
    let mut service = limits().layer(Handler(drop, StatusCode::REQUEST_TIMEOUT));
    let response = service.call(request).now_or_never().unwrap().unwrap();
    assert_eq!(told(&response), Some("close"));
    assert!(!*is_asked.lock().unwrap());
}
