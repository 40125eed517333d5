//! The parameters of a request, read as clients read them.

use crate::{Transport, percent};

/// A parameter, decoded.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Pair {
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) transport: Transport,
}

/// Where a parameter comes from, as clients see it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Group {
    Protocol,
    Query,
    Form,
}

impl Pair {
    pub(super) fn group(&self) -> Group {
        match self.transport {
            _ if self.name.starts_with(b"oauth_") => Group::Protocol,
            Transport::Header => Group::Protocol,
            Transport::Query => Group::Query,
            Transport::Body => Group::Form,
        }
    }
}

/// Percent-decoded, with `+` as it is.
pub(super) fn decode(raw: &[u8]) -> Vec<u8> {
    percent::Decode::new(raw, false).collect()
}

/// Percent-decoded, with `+` as a space.
pub(super) fn decode_form(raw: &[u8]) -> Vec<u8> {
    percent::Decode::new(raw, true).collect()
}

/// The pairs of a form.
pub(super) fn form(text: &[u8], transport: Transport) -> Vec<Pair> {
    split(text, transport, decode_form)
}

/// The pairs of a form, each half read by `decode`.
pub(super) fn split(text: &[u8], transport: Transport, decode: fn(&[u8]) -> Vec<u8>) -> Vec<Pair> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decode(halves.next().unwrap_or_default());
            Pair {
                name: half(),
                value: half(),
                transport,
            }
        })
        .collect()
}

/// The parameters of a header that was parsed before, in the order they were sent, and its realm.
pub(super) fn header(value: &[u8]) -> (Vec<Pair>, Option<Vec<u8>>) {
    let text = value.trim_ascii_start();
    let mut rest = text.get(5..).unwrap_or_default();
    let (mut pairs, mut realm) = (Vec::new(), None);
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let (name, after) = rest.split_at(equals);
        let name = name.trim_ascii_start().trim_ascii_end();
        let name = name.strip_prefix(b",").unwrap_or(name).trim_ascii();
        let after = after.get(1..).unwrap_or_default().trim_ascii_start();
        let (value, after) = match after.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = quoted.iter().position(|byte| *byte == b'"');
                let (value, after) = quoted.split_at(end.unwrap_or(quoted.len()));
                (value, after.get(1..).unwrap_or_default())
            }
            None => {
                let end = after.iter().position(|byte| *byte == b',');
                let (value, after) = after.split_at(end.unwrap_or(after.len()));
                (value.trim_ascii_end(), after)
            }
        };
        rest = after;
        if name.eq_ignore_ascii_case(b"realm") {
            realm = Some(decode(value));
        } else {
            pairs.push(Pair {
                name: decode(name),
                value: decode(value),
                transport: Transport::Header,
            });
        }
    }
    (pairs, realm)
}
