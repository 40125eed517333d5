//! The Authorization header
//! ([RFC 5849 section 3.5.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1)).

use std::borrow::Cow;

use super::Collected;
use crate::{Error, Limits, Transport, percent};

/// Collects the parameters of an `OAuth` header value; gives the realm, which is no part of the
/// signature and may stand anywhere.
pub(super) fn collect<'a>(
    header: &'a [u8],
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<Option<Cow<'a, str>>, Error> {
    const MALFORMED: Error = Error::ParameterMalformed("Authorization header");
    let mut rest = header
        .trim_ascii_start()
        .split_at_checked(5)
        .ok_or(MALFORMED)?
        .1;
    let mut realm = None;
    loop {
        rest = skip_blanks_and_commas(rest);
        if rest.is_empty() {
            return Ok(realm);
        }
        let equals = memchr::memchr2(b'=', b',', rest).ok_or(MALFORMED)?;
        let (name, after) = rest.split_at(equals);
        let Some((b'=', after)) = after.split_first() else {
            return Err(MALFORMED);
        };
        let name = name.trim_ascii();
        if name.is_empty() || name.iter().any(|b| b.is_ascii_whitespace() || *b == b'"') {
            return Err(MALFORMED);
        }
        let is_realm = name.eq_ignore_ascii_case(b"realm");
        let (value, after) = value(after, is_realm).ok_or(MALFORMED)?;
        rest = after;
        if is_realm {
            if realm.is_some() {
                return Err(Error::ParameterDuplicated);
            }
            realm = Some(decode_realm(value));
        } else {
            into.push((name, value), Transport::Header, limits)?;
        }
    }
}

/// A quoted string or a bare token, and what follows it up to the next comma.
fn value(after_equals: &[u8], escapes: bool) -> Option<(&[u8], &[u8])> {
    let text = after_equals.trim_ascii_start();
    let (value, rest) = if let Some((b'"', quoted)) = text.split_first() {
        let end = closing_quote(quoted, escapes)?;
        let (value, rest) = quoted.split_at(end);
        (value, rest.split_first()?.1)
    } else {
        let end = memchr::memchr(b',', text).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        let value = value.trim_ascii_end();
        if value.iter().any(|b| b.is_ascii_whitespace() || *b == b'"') {
            return None;
        }
        (value, rest)
    };
    let rest = rest.trim_ascii_start();
    matches!(rest.first(), None | Some(b',')).then_some((value, rest))
}

/// Parameter values are percent-encoded and know no backslash; a realm is an HTTP quoted string.
fn closing_quote(quoted: &[u8], escapes: bool) -> Option<usize> {
    if !escapes {
        return memchr::memchr(b'"', quoted);
    }
    let mut escaped = false;
    quoted.iter().position(|b| {
        let closes = *b == b'"' && !escaped;
        escaped = *b == b'\\' && !escaped;
        closes
    })
}

fn decode_realm(raw: &[u8]) -> Cow<'_, str> {
    match percent::decode(raw) {
        Some(Cow::Borrowed(bytes)) => String::from_utf8_lossy(bytes),
        Some(Cow::Owned(bytes)) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        None => String::from_utf8_lossy(raw),
    }
}

fn skip_blanks_and_commas(text: &[u8]) -> &[u8] {
    let at = text
        .iter()
        .position(|b| !b.is_ascii_whitespace() && *b != b',');
    text.split_at(at.unwrap_or(text.len())).1
}
