//! The `Forwarded` header
//! ([RFC 7239 section 4](https://www.rfc-editor.org/rfc/rfc7239#section-4)).

use std::{borrow::Cow, net::IpAddr};

use super::Malformed;

/// What one proxy said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) sender: Option<Cow<'a, str>>,
    pub(super) proto: Option<Cow<'a, str>>,
    pub(super) host: Option<Cow<'a, str>>,
}

impl Element<'_> {
    /// Whom the request came from, if it is told by address.
    pub(super) fn node(&self) -> Option<IpAddr> {
        self.sender.as_deref().and_then(address)
    }
}

/// All elements of all lines, in their order.
pub(super) fn elements<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
) -> Result<Vec<Element<'a>>, Malformed> {
    let mut all = Vec::new();
    for line in lines {
        let text = std::str::from_utf8(line).map_err(|_| MALFORMED)?;
        let mut rest = Some(text);
        while let Some(text) = rest {
            let (element, after) = element(text)?;
            all.extend(element);
            rest = after;
        }
    }
    Ok(all)
}

const MALFORMED: Malformed = Malformed("forwarded");

/// One element, if it is not empty, and what stands behind its comma.
fn element(text: &str) -> Result<(Option<Element<'_>>, Option<&str>), Malformed> {
    let mut element = Element::default();
    let mut any = false;
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        if !rest.starts_with([';', ',']) && !rest.is_empty() {
            rest = pair(rest, &mut element)?.trim_start_matches([' ', '\t']);
            any = true;
        }
        let mut characters = rest.chars();
        match characters.next() {
            None => return Ok((any.then_some(element), None)),
            Some(',') => return Ok((any.then_some(element), Some(characters.as_str()))),
            Some(';') => rest = characters.as_str(),
            Some(_) => return Err(MALFORMED),
        }
    }
}

/// `token "=" value`, and what stands behind it. A name that comes twice is malformed.
fn pair<'a>(text: &'a str, element: &mut Element<'a>) -> Result<&'a str, Malformed> {
    let (name, rest) = text.split_once('=').ok_or(MALFORMED)?;
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        return Err(MALFORMED);
    }
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None => {
            let end = rest.find([';', ',', ' ', '\t']).unwrap_or(rest.len());
            let (value, rest) = rest.split_at(end);
            // Colons and brackets ought to be quoted; that some proxies do not harms nobody.
            let good = |byte| is_token_byte(byte) || b":[]".contains(&byte);
            if value.is_empty() || !value.bytes().all(good) {
                return Err(MALFORMED);
            }
            (Cow::Borrowed(value), rest)
        }
    };
    let place = match () {
        () if name.eq_ignore_ascii_case("for") => &mut element.sender,
        () if name.eq_ignore_ascii_case("proto") => &mut element.proto,
        () if name.eq_ignore_ascii_case("host") => &mut element.host,
        () => return Ok(rest),
    };
    match place.replace(value) {
        None => Ok(rest),
        Some(_) => Err(MALFORMED),
    }
}

/// A quoted string's text, its opening quote gone, and what stands behind the closing one.
fn unquoted(text: &str) -> Result<(Cow<'_, str>, &str), Malformed> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                let (value, rest) = text.split_at_checked(at).ok_or(MALFORMED)?;
                let rest = rest.strip_prefix('"').ok_or(MALFORMED)?;
                return Ok((without_escapes(value), rest));
            }
            _ => {}
        }
    }
    Err(MALFORMED)
}

fn without_escapes(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        out.extend(match character {
            '\\' => characters.next(),
            other => Some(other),
        });
    }
    Cow::Owned(out)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// An address with or without a port, IPv6 in brackets or bare. `unknown` and obfuscated names
/// are none.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (address, _) = rest.split_once(']')?;
        return address.parse().ok().map(IpAddr::V6);
    }
    let (address, _) = text.split_once(':')?;
    address.parse().ok().map(IpAddr::V4)
}
