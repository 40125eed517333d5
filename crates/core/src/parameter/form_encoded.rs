//! The form-encoded body and the request URI's query, which is read alike
//! ([RFC 5849 sections 3.5.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.2),
//! [3.5.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.3) and
//! [3.4.1.3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1)).

use super::{Collected, Text};
use crate::{Error, Limits, Transport};

/// Collects `name=value&...`: a name without `=` has the empty value, empty pairs are none.
pub(super) fn collect<'a>(
    mut text: &'a [u8],
    transport: Transport,
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<(), Error> {
    while let Some(first) = text.first() {
        if *first == b'&' {
            text = after_first(text);
            continue;
        }
        let (name, rest) = Text::read_until(text, |byte| byte == b'=' || byte == b'&', true)?;
        let (value, rest) = match rest.split_first() {
            Some((b'=', rest)) => Text::read_until(rest, |byte| byte == b'&', true)?,
            _ => (Text::EMPTY, rest),
        };
        into.push((name, value), transport, limits)?;
        text = after_first(rest);
    }
    Ok(())
}

#[inline]
fn after_first(text: &[u8]) -> &[u8] {
    text.split_first().map_or(text, |(_, rest)| rest)
}
