//! The base string URI
//! ([RFC 5849 section 3.4.1.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.2)).

use super::Sink;
use crate::{Request, percent};

/// Writes scheme and host in lower case, the port unless it is the default, and the path as
/// sent, all percent-encoded once more.
pub(super) fn write(request: &Request<'_>, sink: &mut impl Sink) {
    encode(request.scheme.as_bytes(), u8::to_ascii_lowercase, sink);
    sink.put(b"%3A%2F%2F");
    encode(
        without_default_port(request).as_bytes(),
        u8::to_ascii_lowercase,
        sink,
    );
    if request.path.is_empty() {
        sink.put(b"%2F");
    } else {
        encode(request.path.as_bytes(), |byte| *byte, sink);
    }
}

/// > The port MUST be included if it is not the default port for the scheme, and MUST be excluded
/// > if it is the default.
fn without_default_port<'a>(request: &Request<'a>) -> &'a str {
    let default = if request.scheme.eq_ignore_ascii_case("https") {
        "443"
    } else {
        "80"
    };
    match request.authority.rsplit_once(':') {
        Some((host, port)) if port == default || port.is_empty() => host,
        _ => request.authority,
    }
}

fn encode(text: &[u8], map: impl Fn(&u8) -> u8, sink: &mut impl Sink) {
    let mut buffer = [0_u8; 3 * 32];
    for chunk in text.chunks(32) {
        let mut used = 0;
        for byte in chunk.iter().map(&map) {
            let escaped = percent::escape(byte);
            let piece: &[u8] = if percent::is_unreserved(byte) {
                &[byte]
            } else {
                &escaped
            };
            if let Some(place) = buffer.get_mut(used..used + piece.len()) {
                place.copy_from_slice(piece);
                used += piece.len();
            }
        }
        sink.put(buffer.get(..used).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_uri(scheme: &str, authority: &str, path: &str) -> String {
        let mut out = Vec::new();
        write(
            &Request::new("GET", scheme, authority, path, None),
            &mut out,
        );
        String::from_utf8(percent::decode(&out).unwrap().into_owned()).unwrap()
    }

    #[test]
    fn default_ports_are_dropped_and_others_kept() {
        for (scheme, authority, expected) in [
            ("http", "EXAMPLE.COM:80", "http://example.com/r%20v/X"),
            ("HTTPS", "example.com:443", "https://example.com/r%20v/X"),
            ("https", "example.com:80", "https://example.com:80/r%20v/X"),
            ("http", "example.com:443", "http://example.com:443/r%20v/X"),
            (
                "http",
                "example.com:8080",
                "http://example.com:8080/r%20v/X",
            ),
            ("http", "[2001:DB8::1]", "http://[2001:db8::1]/r%20v/X"),
            ("http", "[::1]:80", "http://[::1]/r%20v/X"),
            ("http", "[::80]", "http://[::80]/r%20v/X"),
            ("http", "h:99999", "http://h:99999/r%20v/X"),
        ] {
            assert_eq!(base_uri(scheme, authority, "/r%20v/X"), expected);
        }
    }

    #[test]
    fn the_path_is_kept_as_sent() {
        for path in ["/%7e/%2F[a]", "//x/", "/a/../b", "/%C3%A9"] {
            assert_eq!(base_uri("http", "h", path), format!("http://h{path}"));
        }
        assert_eq!(base_uri("http", "h", ""), "http://h/");
    }
}
