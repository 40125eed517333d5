//! Section 3.4.1 once more, as plainly as it can be written: strings, no borrowing, no speed.

/// A request's parts.
pub(crate) struct Parts<'a> {
    pub(crate) method: &'a str,
    pub(crate) scheme: &'a str,
    pub(crate) authority: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: Option<&'a str>,
    /// Of well-formed, quoted parameters.
    pub(crate) header: &'a [u8],
    pub(crate) body: &'a [u8],
}

pub(crate) fn base_string(parts: &Parts<'_>) -> String {
    let mut pairs = form(parts.query.unwrap_or_default().as_bytes());
    pairs.extend(form(parts.body));
    let header = String::from_utf8_lossy(parts.header).into_owned();
    for pair in header.trim_start_matches("OAuth ").split(", ") {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = value.trim_matches('"');
        pairs.push((unescape(name.trim().as_bytes()), unescape(value.as_bytes())));
    }
    let mut encoded: Vec<(String, String)> = pairs
        .into_iter()
        .filter(|(name, _)| name != b"oauth_signature")
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    encoded.sort();
    let parameters: Vec<String> = encoded
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let scheme = parts.scheme.to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    let authority = parts.authority.to_ascii_lowercase();
    let without_port = authority.strip_suffix(default);
    let without_port = without_port.or_else(|| authority.strip_suffix(':'));
    let authority = without_port.unwrap_or(&authority);
    // `*` stands for no path (RFC 9112 section 3.3).
    let path = match parts.path {
        "" | "*" => "/",
        path => path,
    };
    let uri = format!("{scheme}://{authority}{path}");
    [parts.method.to_ascii_uppercase(), uri, parameters.join("&")]
        .map(|part| encode(part.as_bytes()))
        .join("&")
}

fn form(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || {
                let raw = halves.next().unwrap_or_default().to_vec();
                let spaced: Vec<u8> = raw
                    .into_iter()
                    .map(|byte| if byte == b'+' { b' ' } else { byte })
                    .collect();
                unescape(&spaced)
            };
            (half(), half())
        })
        .collect()
}

fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        if *byte == b'%' {
            let mut digit = || char::from(*bytes.next().unwrap_or(&b'0')).to_digit(16);
            let value = digit()
                .zip(digit())
                .map_or(0, |(high, low)| high * 16 + low);
            out.push(u8::try_from(value).unwrap_or_default());
        } else {
            out.push(*byte);
        }
    }
    out
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        let byte = *byte;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
