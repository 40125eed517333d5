//! The URL that clients see, fixed: the simplest answer to proxies.

/// Scheme, authority and path prefix that clients see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    scheme: &'static str,
    authority: String,
    prefix: String,
}

impl PublicUrl {
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let prefix = path.trim_end_matches('/');
        (is_authority(authority) && is_prefix(prefix)).then_some(Self {
            scheme: scheme_of(scheme)?,
            authority: authority.to_owned(),
            prefix: prefix.to_owned(),
        })
    }

    /// `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.scheme
    }

    /// Host and port.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The path in front of every request's own, without a slash at its end: empty, or what the
    /// proxy strips.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// `http` or `https`, in any case.
pub(crate) fn scheme_of(text: &str) -> Option<&'static str> {
    ["http", "https"]
        .into_iter()
        .find(|scheme| text.eq_ignore_ascii_case(scheme))
}

/// `host`, `host:port`, `[IPv6]` or `[IPv6]:port`; no user, nothing escaped.
pub(crate) fn is_authority(text: &str) -> bool {
    let (host, rest) = match text.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(Some((address, rest))) => {
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return false;
            }
            (address, rest)
        }
        Some(None) => return false,
        None => match text.find(':') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        },
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    let port_is_good = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
    !host.is_empty() && host.bytes().all(good) && port_is_good
}

pub(crate) fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Empty, or an absolute path that does not end with a slash, of bytes that a path may have.
pub(crate) fn is_prefix(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
    text.is_empty()
        || (text.starts_with('/')
            && !text.ends_with('/')
            && !text.contains("//")
            && text.bytes().all(good))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_authority_and_prefix_are_taken_apart() {
        for (url, expected) in [
            ("https://api.example.com", ("https", "api.example.com", "")),
            ("HTTP://h:8080/", ("http", "h:8080", "")),
            ("https://[::1]:8443/sub/", ("https", "[::1]:8443", "/sub")),
            ("https://h/a/b%20c", ("https", "h", "/a/b%20c")),
        ] {
            let parsed = PublicUrl::parse(url).unwrap();
            let parts = (parsed.scheme(), parsed.authority(), parsed.prefix());
            assert_eq!(parts, expected, "{url}");
        }
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for url in [
            "",
            "h",
            "//h",
            "ftp://h",
            "https://",
            "https:///a",
            "https://u@h",
            "https://h:x",
            "https://h:99999",
            "https://[::1",
            "https://[h]",
            "https://h/a?b",
            "https://h/#a",
            "https://h//a",
            "https://h /a",
            "https://h/a b",
            "https://\u{e9}",
            "https://a:b:c",
        ] {
            assert_eq!(PublicUrl::parse(url), None, "{url}");
        }
    }
}
