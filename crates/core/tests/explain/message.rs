//! Raw requests, as people and tools write them.

use oauth1_core::{
    Secret,
    explain::{ExplainError, Explainer, HttpMessage, HttpMessageError},
};

#[test]
fn useless_input_is_told_from_wrong_signatures() {
    for (text, error) in [
        ("", HttpMessageError::Incomplete),
        ("nonsense", HttpMessageError::Malformed),
        ("\0\u{1}\n\n", HttpMessageError::Malformed),
        ("GET p HTTP/1.1\n\n", HttpMessageError::Malformed),
        ("GET ?q HTTP/1.1\n\n", HttpMessageError::Malformed),
        (
            "GET p?q=http://h/ HTTP/1.1\n\n",
            HttpMessageError::Malformed,
        ),
        ("GET ftp://h/p HTTP/1.1\n\n", HttpMessageError::Malformed),
        ("CONNECT h:443 HTTP/1.1\n\n", HttpMessageError::Malformed),
        (
            "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort",
            HttpMessageError::Incomplete,
        ),
        (
            "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            HttpMessageError::Malformed,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
            HttpMessageError::Incomplete,
        ),
        (
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
            HttpMessageError::Malformed,
        ),
    ] {
        assert_eq!(
            HttpMessage::parse(text.as_bytes()).unwrap_err(),
            error,
            "{text:?}"
        );
    }
    let explainer = Explainer::new(Secret::from("s"));
    let message = HttpMessage::parse(b"GET /a?b=c HTTP/1.1\nHost: h\n").unwrap();
    let refused = explainer.explain(&message.request("http", ""), message.body());
    assert_eq!(refused.unwrap_err(), ExplainError::NotOAuth);
}

#[test]
fn requests_are_read_as_people_and_tools_write_them() {
    let plain = "POST /p?q=1 HTTP/1.1\r\nHost: h\r\nAuthorization: OAuth a=\"b\", c=\"d\"\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nx=1&y=2";
    let folded = plain.replace(", c=", ",\r\n    c=");
    let unix = plain.replace("\r\n", "\n");
    let chunked = plain
        .replace("Content-Length: 7", "Transfer-Encoding: chunked")
        .replace("x=1&y=2", "3\r\nx=1\r\n4;ext=1\r\n&y=2\r\n0\r\n\r\n");
    let version = plain.replace("HTTP/1.1", "HTTP/2");
    let without_length = plain.replace("Content-Length: 7\r\n", "") + "\r\n";
    let typed_twice = plain.replace("Host: h", "Host: h\r\nContent-Type: text/plain");
    let after_empty_lines = format!("\r\n\r\n{plain}");
    for text in [
        plain,
        &folded,
        &unix,
        &chunked,
        &version,
        &without_length,
        &after_empty_lines,
        &typed_twice,
    ] {
        let message = HttpMessage::parse(text.as_bytes()).unwrap();
        let shown = format!("{:?}", message.request("http", ""));
        let body = message.body().unwrap();
        assert_eq!(body.1, b"x=1&y=2", "{text}");
        let plain = HttpMessage::parse(plain.as_bytes()).unwrap();
        assert_eq!(shown, format!("{:?}", plain.request("http", "")), "{text}");
    }
    let message = HttpMessage::parse(plain.as_bytes()).unwrap();
    assert_eq!((message.scheme(), message.authority()), (None, "h"));
    assert_eq!(format!("{message:?}"), "HttpMessage(POST, 7 bytes of body)");
    for (target, path, query) in [
        ("https://h:81/p?q", "/p", true),
        ("https://h:81", "", false),
        ("https://h:81?q", "", true),
    ] {
        let text = format!("GET {target} HTTP/1.1\nHost: other\n\n");
        let message = HttpMessage::parse(text.as_bytes()).unwrap();
        assert_eq!(message.scheme(), Some("https"));
        assert_eq!(message.authority(), "h:81");
        let request = message.request("https", "unused");
        assert_eq!((request.authority(), request.path()), ("h:81", path));
        assert_eq!(format!("{request:?}").contains("query: Some"), query);
    }
    let without_host = HttpMessage::parse(b"GET /p HTTP/1.1\n\n").unwrap();
    assert_eq!(without_host.request("http", "given").authority(), "given");
    let without_empty_line = "GET /p HTTP/1.1\nHost: h";
    assert!(HttpMessage::parse(without_empty_line.as_bytes()).is_ok());
}
