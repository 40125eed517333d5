//! The Authorization header
//! ([RFC 5849 section 3.5.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1)).

use std::borrow::Cow;

use super::{Collected, Name, Text};
use crate::{Error, Limits, Transport, percent};

/// Collects the parameters of an `OAuth` header value; gives the realm, which is no part of the
/// signature and may stand anywhere.
pub(super) fn collect<'a>(
    header: &'a [u8],
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<Option<Cow<'a, str>>, Error> {
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
        if let Some((known, after_quote)) = Name::usual(rest) {
            let (name, _) = rest.split_at(rest.len() - after_quote.len() - 2);
            let name = Text::of_unreserved(name);
            let value;
            (value, rest) = quoted(after_quote)?;
            into.push_known(known, (name, value), Transport::Header, limits)?;
            continue;
        }
        let (name, after_equals) = name(rest)?;
        if name.raw().eq_ignore_ascii_case(b"realm") {
            let (value, after) = value(after_equals, true).ok_or(MALFORMED)?;
            if realm.is_some() {
                return Err(Error::ParameterDuplicated("realm"));
            }
            realm = Some(decode_realm(value));
            rest = after;
            continue;
        }
        let value = if let Some((b'"', after_quote)) = after_equals.split_first() {
            let value;
            (value, rest) = quoted(after_quote)?;
            value
        } else {
            let (value, after) = value(after_equals, false).ok_or(MALFORMED)?;
            rest = after;
            Text::whole(value, false)?
        };
        into.push((name, value), Transport::Header, limits)?;
    }
}

const MALFORMED: Error = Error::ParameterMalformed("Authorization header");

/// A quoted value as nearly all are sent, read once, and what follows it.
#[inline]
fn quoted(after_quote: &[u8]) -> Result<(Text<'_>, &[u8]), Error> {
    let (value, quote) = Text::read_until(after_quote, |byte| byte == b'"', false)?;
    let rest = quote.split_first().ok_or(MALFORMED)?.1;
    let rest = match rest.strip_prefix(b", ") {
        Some(rest) => rest,
        None => end_of_value(rest).ok_or(MALFORMED)?,
    };
    Ok((value, rest))
}

/// A name, and what follows its `=`.
#[inline]
fn name(text: &[u8]) -> Result<(Text<'_>, &[u8]), Error> {
    let (name, rest) = Text::read_until(text, |byte| matches!(byte, b'=' | b','), false)?;
    let Some((b'=', after)) = rest.split_first() else {
        return Err(MALFORMED);
    };
    if name.plain().is_some() && !name.is_empty() {
        return Ok((name, after));
    }
    let trimmed = name.raw().trim_ascii_end();
    let bad = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'"';
    if trimmed.is_empty() || trimmed.iter().any(bad) {
        return Err(MALFORMED);
    }
    Ok((Text::whole(trimmed, false)?, after))
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
    Some((value, end_of_value(rest)?))
}

/// A comma or nothing follows a value.
#[inline]
fn end_of_value(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.trim_ascii_start();
    matches!(rest.first(), None | Some(b',')).then_some(rest)
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

/// A backslash stands before a quote or another backslash; some clients percent-encode, too.
fn decode_realm(raw: &[u8]) -> Cow<'_, str> {
    if memchr::memchr2(b'\\', b'%', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut bytes = raw.iter().copied();
    let mut unescaped = Vec::with_capacity(raw.len());
    while let Some(byte) = bytes.next() {
        unescaped.push(match byte {
            b'\\' => bytes.next().unwrap_or(byte),
            other => other,
        });
    }
    let decoded = percent::decode(&unescaped);
    Cow::Owned(String::from_utf8_lossy(decoded.as_deref().unwrap_or(&unescaped)).into_owned())
}

fn skip_blanks_and_commas(text: &[u8]) -> &[u8] {
    let mut rest = text;
    while let Some((b' ' | b',' | b'\t' | b'\r' | b'\n' | b'\x0c', tail)) = rest.split_first() {
        rest = tail;
    }
    rest
}
