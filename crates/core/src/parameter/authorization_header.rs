//! The Authorization header
//! ([RFC 5849 section 3.5.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1)).

use std::borrow::Cow;

use super::{
    Collected, Name, Text,
    reader::{MALFORMED_ESCAPE, Reader, until_equals_or_comma, until_quote},
};
use crate::{
    Error, Limits, Transport,
    percent::{self, Form, short_until_quote},
};

/// Collects the parameters of an `OAuth` header value; gives the realm, which is no part of the
/// signature and may stand anywhere.
#[inline(never)]
pub(super) fn collect<'a>(
    header: &'a [u8],
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<Option<Cow<'a, str>>, Error> {
    let (_, parameters) = header
        .trim_ascii_start()
        .split_at_checked(5)
        .ok_or(MALFORMED)?;
    let usual_is_short = Name::LONGEST <= limits.name_bytes;
    let mut text = Reader::new(parameters);
    let mut realm = None;
    loop {
        skip_blanks_and_commas(&mut text);
        if let Some((known, rest)) = Name::usual(text.rest())
            && usual_is_short
        {
            text = Reader::new(rest);
            let value = if known == Name::Signature {
                signature(&mut text, parameters, into)
            } else if let Some(length) = usual_value(known, rest) {
                text.text(|_| (Form::PLAIN, length), false)
            } else {
                text.text(until_quote, false)
            };
            let value = closed(&mut text, value)?;
            into.push_known(known, value, limits)?;
        } else if text.first().is_none() {
            into.end_of_header();
            return Ok(realm);
        } else {
            // A copy: what others are told of is kept in memory.
            let mut rest = Reader::new(text.rest());
            unusual(&mut rest, limits, into, &mut realm)?;
            text = Reader::new(rest.rest());
        }
    }
}

/// A realm, a further parameter, or one of the known ones in other words than most clients'.
fn unusual<'a>(
    text: &mut Reader<'a>,
    limits: &Limits,
    into: &mut Collected<'a>,
    realm: &mut Option<Cow<'a, str>>,
) -> Result<(), Error> {
    let name = name(text)?;
    if name.raw().eq_ignore_ascii_case(b"realm") {
        let value = value(text, true).ok_or(MALFORMED)?;
        if realm.replace(decode_realm(value)).is_some() {
            return Err(Error::ParameterDuplicated("realm"));
        }
        return Ok(());
    }
    let value = if text.skips(b"\"") {
        let value = text.text(until_quote, false);
        closed(text, value)?
    } else {
        let value = value(text, false).ok_or(MALFORMED)?;
        Text::whole(value, false)?
    };
    into.push((name, value), Transport::Header, limits)
}

const MALFORMED: Error = Error::ParameterMalformed("Authorization header");

/// How long a value is that most requests have in the same words: a comparison tells, without a look at
/// each byte.
#[inline(always)]
fn usual_value(name: Name, text: &[u8]) -> Option<usize> {
    let is = |value: &[u8]| text.starts_with(value).then_some(value.len() - 1);
    match name {
        Name::Version => is(b"1.0\""),
        Name::SignatureMethod => is(b"HMAC-SHA1\"").or_else(|| is(b"HMAC-SHA256\"")),
        _ => None,
    }
}

/// A signature up to its quote, and where it stands. Nearly all are short.
#[inline(always)]
fn signature<'a>(
    text: &mut Reader<'a>,
    header: &'a [u8],
    into: &mut Collected<'a>,
) -> Option<Text<'a>> {
    let start = header.len() - text.rest().len();
    let Some(length) = short_until_quote(header, start) else {
        return text.text(until_quote, false);
    };
    into.signature_and_before = header.get(..start + length).unwrap_or_default();
    text.text(|_| (Form::OTHER, length), false)
}

/// A quoted value as nearly all are sent, read once, and what separates it from the next.
#[inline(always)]
fn closed<'a>(text: &mut Reader<'a>, value: Option<Text<'a>>) -> Result<Text<'a>, Error> {
    let value = value.ok_or(MALFORMED_ESCAPE)?;
    if text.skips(b"\", ") {
        return Ok(value);
    }
    text.first().ok_or(MALFORMED)?;
    text.skip(1);
    end_of_value(text).ok_or(MALFORMED)?;
    Ok(value)
}

/// A name and its `=`.
fn name<'a>(text: &mut Reader<'a>) -> Result<Text<'a>, Error> {
    let name = text.text(until_equals_or_comma, false);
    let name = name.ok_or(MALFORMED_ESCAPE)?;
    if text.first() != Some(b'=') {
        return Err(MALFORMED);
    }
    text.skip(1);
    if name.plain().is_some() && !name.is_empty() {
        return Ok(name);
    }
    let trimmed = name.raw().trim_ascii_end();
    let bad = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'"';
    if trimmed.is_empty() || trimmed.iter().any(bad) {
        return Err(MALFORMED);
    }
    Text::whole(trimmed, false)
}

/// A quoted string or a bare token, up to the next comma.
fn value<'a>(text: &mut Reader<'a>, escapes: bool) -> Option<&'a [u8]> {
    let from = text.rest().trim_ascii_start();
    let (value, rest) = if let Some((b'"', quoted)) = from.split_first() {
        let end = closing_quote(quoted, escapes)?;
        let (value, rest) = quoted.split_at(end);
        (value, rest.split_first()?.1)
    } else {
        let end = memchr::memchr(b',', from).unwrap_or(from.len());
        let (value, rest) = from.split_at(end);
        let value = value.trim_ascii_end();
        if value.iter().any(|b| b.is_ascii_whitespace() || *b == b'"') {
            return None;
        }
        (value, rest)
    };
    text.go_to(rest);
    end_of_value(text)?;
    Some(value)
}

/// A comma or nothing follows a value.
fn end_of_value(text: &mut Reader<'_>) -> Option<()> {
    while text.first().is_some_and(|byte| byte.is_ascii_whitespace()) {
        text.skip(1);
    }
    matches!(text.first(), None | Some(b',')).then_some(())
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

#[inline]
fn skip_blanks_and_commas(text: &mut Reader<'_>) {
    while let Some(b' ' | b',' | b'\t' | b'\r' | b'\n' | b'\x0c') = text.first() {
        text.skip(1);
    }
}
