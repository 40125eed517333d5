//! Which headers are believed, and what they say.

use std::sync::Arc;

use super::*;
use crate::{MemoryManager, MemoryReplayGuard, Provider};

/// A request for `http://own.example/p`.
struct Head<'t> {
    peer: Option<&'t str>,
    headers: &'t [(&'t str, &'t str)],
}

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        "GET"
    }

    fn is_tls(&self) -> bool {
        false
    }

    fn authority(&self) -> Option<&str> {
        Some("own.example")
    }

    fn path(&self) -> &str {
        "/p"
    }

    fn query(&self) -> Option<&str> {
        None
    }

    fn header(&self, name: &'static str) -> impl Iterator<Item = &[u8]> {
        let of_name = move |(given, _): &&(&str, &str)| *given == name;
        self.headers
            .iter()
            .filter(of_name)
            .map(|(_, value)| value.as_bytes())
    }

    fn peer(&self) -> Option<IpAddr> {
        self.peer.map(|text| text.parse().unwrap())
    }
}

/// The URL that the client saw, for a provider that trusts `10.0.0.0/8` and `::1`.
fn url_from(peer: Option<&str>, standard: bool, headers: &[(&str, &str)]) -> String {
    let networks = ["10.0.0.0/8", "::1/128"].map(|text| text.parse().unwrap());
    let proxies = if standard {
        TrustedProxies::sending_forwarded(networks)
    } else {
        TrustedProxies::sending_x_forwarded(networks)
    };
    let guard = Arc::new(MemoryReplayGuard::without_history());
    let provider = Provider::verify_only(Arc::new(MemoryManager::default()), guard)
        .with_trusted_proxies(proxies)
        .build()
        .unwrap();
    let head = Head { peer, headers };
    let url = provider.signed_url(&head);
    match url.authority() {
        "" => "unknown".to_owned(),
        authority => format!("{}://{authority}{}", url.scheme(), url.path()),
    }
}

fn standard(value: &str) -> String {
    url_from(Some("10.1.2.3"), true, &[("forwarded", value)])
}

fn usual(headers: &[(&str, &str)]) -> String {
    url_from(Some("10.1.2.3"), false, headers)
}

#[test]
fn only_trusted_peers_are_believed() {
    let headers = [
        ("forwarded", "proto=https;host=public.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "public.example"),
        ("x-forwarded-prefix", "/sub"),
    ];
    for peer in ["10.1.2.3", "::ffff:10.1.2.3", "::1"] {
        assert_eq!(
            url_from(Some(peer), true, &headers),
            "https://public.example/p"
        );
        assert_eq!(
            url_from(Some(peer), false, &headers),
            "https://public.example/sub/p"
        );
    }
    for peer in [None, Some("11.0.0.1"), Some("::2"), Some("127.0.0.1")] {
        for standard in [true, false] {
            assert_eq!(url_from(peer, standard, &headers), "http://own.example/p");
        }
    }
}

#[test]
fn headers_of_the_other_kind_are_never_read() {
    let usual = [("x-forwarded-proto", "https"), ("x-forwarded-prefix", "/x")];
    assert_eq!(url_from(Some("::1"), true, &usual), "http://own.example/p");
    let standard = [("forwarded", "proto=https;host=evil.example")];
    assert_eq!(
        url_from(Some("::1"), false, &standard),
        "http://own.example/p"
    );
}

#[test]
fn forwarded_is_read_as_the_rfc_writes_it() {
    for (value, expected) in [
        ("proto=https", "https://own.example/p"),
        ("Host=h.example;PROTO=HTTPS", "https://h.example/p"),
        (
            "for=192.0.2.43; proto=https ; host=\"h.example:8443\"",
            "https://h.example:8443/p",
        ),
        (
            "for=\"[2001:db8::1]:4711\";host=\"[2001:db8::2]\"",
            "http://[2001:db8::2]/p",
        ),
        (
            "by=_x;for=unknown;ext=\"a,b;c\";proto=https",
            "https://own.example/p",
        ),
        ("host=\"h\\.example\"", "http://h.example/p"),
        (",, host=h ,,", "http://h/p"),
        ("", "http://own.example/p"),
        (";;", "http://own.example/p"),
    ] {
        assert_eq!(standard(value), expected, "{value}");
    }
}

#[test]
fn a_chain_is_believed_from_the_right_while_its_proxies_are_trusted() {
    for (value, expected) in [
        // The client's own words are not the proxy's.
        (
            "host=evil.example, for=192.0.2.1;host=good.example",
            "http://good.example/p",
        ),
        // Two proxies: the outer one saw what the client saw.
        (
            "for=192.0.2.1;host=public.example;proto=https, for=10.0.0.9;host=inner;proto=http",
            "https://public.example/p",
        ),
        (
            "host=evil, for=192.0.2.1;host=public, for=10.0.0.9;host=inner",
            "http://public/p",
        ),
        // The inner one knows the host only.
        (
            "for=192.0.2.1;proto=https, for=\"10.0.0.9:55\";host=h",
            "https://h/p",
        ),
        (
            "host=evil, for=unknown;proto=https",
            "https://own.example/p",
        ),
        ("host=evil, proto=https", "https://own.example/p"),
        ("for=10.0.0.1, for=10.0.0.2;host=h", "http://h/p"),
    ] {
        assert_eq!(standard(value), expected, "{value}");
    }
    let lines = [
        ("forwarded", "for=192.0.2.1;host=public"),
        ("forwarded", "for=10.0.0.9"),
    ];
    assert_eq!(url_from(Some("::1"), true, &lines), "http://public/p");
}

#[test]
fn x_forwarded_headers_are_read_one_by_one() {
    for (headers, expected) in [
        (
            &[("x-forwarded-proto", "https")][..],
            "https://own.example/p",
        ),
        (
            &[("x-forwarded-host", "h.example:8080")],
            "http://h.example:8080/p",
        ),
        (&[("x-forwarded-port", "8443")], "http://own.example:8443/p"),
        (
            &[("x-forwarded-host", "h:1"), ("x-forwarded-port", "2")],
            "http://h:1/p",
        ),
        (
            &[("x-forwarded-host", "[::2]"), ("x-forwarded-port", "2")],
            "http://[::2]:2/p",
        ),
        (
            &[("x-forwarded-prefix", "/sub/")],
            "http://own.example/sub/p",
        ),
        (&[("x-forwarded-prefix", "/")], "http://own.example/p"),
        (&[], "http://own.example/p"),
    ] {
        assert_eq!(usual(headers), expected, "{headers:?}");
    }
}

#[test]
fn lists_of_x_forwarded_headers_are_believed_as_far_as_the_addresses_are() {
    let of = |senders: &str, hosts: &str| {
        usual(&[("x-forwarded-for", senders), ("x-forwarded-host", hosts)])
    };
    assert_eq!(of("192.0.2.1", "evil, good"), "http://good/p");
    assert_eq!(
        of("192.0.2.1, 10.0.0.9", "evil, good, inner"),
        "http://good/p"
    );
    assert_eq!(of("10.0.0.9, 192.0.2.1", "evil, good"), "http://good/p");
    assert_eq!(of("192.0.2.1, 10.0.0.9", "one"), "http://one/p");
    assert_eq!(of("nonsense", "evil, good"), "http://good/p");
    let prefixes = [
        ("x-forwarded-for", "192.0.2.1, [::1]:5"),
        ("x-forwarded-prefix", "/e, /a, /b"),
    ];
    assert_eq!(usual(&prefixes), "http://own.example/a/b/p");
}

#[test]
fn malformed_headers_leave_the_url_unknown() {
    for value in [
        "host",
        "host=",
        "=h",
        "host=h host=i",
        "host=h;host=i",
        "host=\"h",
        "host=\"h\\\"",
        "ho st=h",
        "proto=ftp",
        "proto=",
        "host=\"\"",
        "host=a/b",
        "host=u@h",
        "host=\"h:x\"",
        "host=h:99999",
        "host=\"a b\"",
        "host=[::1",
        "\u{e9}=x",
        "host=\u{e9}",
        "for=a=b",
        "host=\"h\"x",
        "host=h, proto",
        "host=h, \"",
    ] {
        assert_eq!(standard(value), "unknown", "{value}");
    }
    for (name, value) in [
        ("x-forwarded-proto", "gopher"),
        ("x-forwarded-proto", "https\u{e9}"),
        ("x-forwarded-host", "a/b"),
        ("x-forwarded-host", "user@h"),
        ("x-forwarded-host", "h:port"),
        ("x-forwarded-port", "x"),
        ("x-forwarded-port", "99999"),
        ("x-forwarded-port", "-1"),
        ("x-forwarded-prefix", "sub"),
        ("x-forwarded-prefix", "/a?b"),
        ("x-forwarded-prefix", "//evil.example"),
        ("x-forwarded-prefix", "/a b"),
    ] {
        assert_eq!(usual(&[(name, value)]), "unknown", "{name}: {value}");
    }
}

#[test]
fn long_headers_are_read_in_one_pass() {
    let (commas, senders) = (",".repeat(1 << 20), "for=10.0.0.1,".repeat(1 << 16));
    assert_eq!(standard(&format!("host=h;{commas}{senders}")), "http://h/p");
    assert_eq!(
        standard(&format!("host=\"{}", "\\\"".repeat(1 << 19))),
        "unknown"
    );
}
