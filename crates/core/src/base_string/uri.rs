//! The base string URI
//! ([RFC 5849 section 3.4.1.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.2)).

use super::gathered::{Block, Buffer, Gathered, Written};
use crate::{
    percent::{LOWER_CASE, ONCE},
    request::Target,
};

/// Writes the method, and between two `&` scheme and host in lower case, the port unless it is the
/// default, and the path as sent, all percent-encoded once more.
#[inline(never)]
pub(super) fn write<U: FnMut(&Block)>(
    update: &mut U,
    buffer: &mut Buffer,
    at: Written,
    target: &Target<'_>,
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    method(target.method, &mut sink);
    match target.scheme {
        "https" => sink.put_array(b"&https%3A%2F%2F"),
        "http" => sink.put_array(b"&http%3A%2F%2F"),
        other => {
            sink.put_array(b"&");
            sink.put_encoded(other.as_bytes(), &LOWER_CASE);
            sink.put_array(b"%3A%2F%2F");
        }
    }
    sink.put_encoded(without_default_port(target).as_bytes(), &LOWER_CASE);
    // `OPTIONS *` is about a URI without path (RFC 9112 sections 3.2.4 and 3.3): a proxy makes it of one.
    if matches!(target.path, "" | "*") {
        sink.put_array(b"%2F");
    } else {
        sink.put_encoded(target.path.as_bytes(), &ONCE);
    }
    sink.put_array(b"&");
    sink.so_far()
}

/// > The HTTP request method in uppercase.
fn method<U: FnMut(&Block)>(method: &str, sink: &mut Gathered<'_, U>) {
    match method {
        "GET" => sink.put_array(b"GET"),
        "POST" => sink.put_array(b"POST"),
        other if other.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            sink.put_encoded(other.to_ascii_uppercase().as_bytes(), &ONCE);
        }
        other => sink.put_encoded(other.as_bytes(), &ONCE),
    }
}

/// > The port MUST be included if it is not the default port for the scheme, and MUST be excluded
/// > if it is the default.
#[inline]
fn without_default_port<'a>(target: &Target<'a>) -> &'a str {
    let authority = target.authority;
    // Most end with a name, and need no closer look.
    if authority.ends_with(|last: char| last.is_ascii_alphabetic()) {
        return authority;
    }
    let default = match target.scheme {
        "http" => ":80",
        "https" => ":443",
        other if other.eq_ignore_ascii_case("https") => ":443",
        _ => ":80",
    };
    let host = authority.strip_suffix(default);
    host.or_else(|| authority.strip_suffix(':'))
        .unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base_string::gathered, percent};

    fn base_uri(scheme: &str, authority: &str, path: &str) -> String {
        let mut out = Vec::new();
        let mut append = |block: &Block| out.extend_from_slice(block);
        let mut buffer = gathered::EMPTY;
        let target = Target {
            method: "GET",
            scheme,
            authority,
            path,
        };
        let mut sink = Gathered::new(&mut append, &mut buffer);
        sink.put_by(write, &target);
        let left = sink.finish();
        out.extend_from_slice(&buffer[left]);
        let out = out.strip_prefix(b"GET&").unwrap();
        let out = out.strip_suffix(b"&").unwrap();
        String::from_utf8(percent::decode(out).unwrap().into_owned()).unwrap()
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
        for path in ["/%7e/%2F[a]", "//x/", "/a/../b", "/%C3%A9", "/~jane/~~/a~"] {
            assert_eq!(base_uri("http", "h", path), format!("http://h{path}"));
        }
        for none in ["", "*"] {
            assert_eq!(base_uri("http", "h", none), "http://h/");
        }
    }
}
