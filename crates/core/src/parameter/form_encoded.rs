//! The form-encoded body and the request URI's query, which is read alike
//! ([RFC 5849 sections 3.5.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.2),
//! [3.5.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.3) and
//! [3.4.1.3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1)).

use super::Collected;
use crate::{Error, Limits, Transport};

/// Collects `name=value&...`: a name without `=` has the empty value, empty pairs are none.
pub(super) fn collect<'a>(
    mut text: &'a [u8],
    transport: Transport,
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<(), Error> {
    while !text.is_empty() {
        let end = memchr::memchr(b'&', text).unwrap_or(text.len());
        let (pair, rest) = text.split_at(end);
        text = rest.split_first().map_or(rest, |(_, rest)| rest);
        if pair.is_empty() {
            continue;
        }
        let equals = memchr::memchr(b'=', pair).unwrap_or(pair.len());
        let (name, value) = pair.split_at(equals);
        let value = value.split_first().map_or(value, |(_, value)| value);
        into.push((name, value), transport, limits)?;
    }
    Ok(())
}
