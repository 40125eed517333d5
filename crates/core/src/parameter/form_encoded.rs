//! The form-encoded body and the request URI's query, which is read alike
//! ([RFC 5849 sections 3.5.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.2),
//! [3.5.3](https://www.rfc-editor.org/rfc/rfc5849#section-3.5.3) and
//! [3.4.1.3.1](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.1)).

use super::{
    Collected, Text,
    reader::{MALFORMED_ESCAPE, Reader, until_and, until_equals_or_and},
};
use crate::{Error, Limits, Transport, error::refuse, hint::seldom};

/// Collects `name=value&...`: a name without `=` has the empty value, empty pairs are none.
pub(super) fn collect<'a>(
    text: &'a [u8],
    transport: Transport,
    limits: &Limits,
    into: &mut Collected<'a>,
) -> Result<(), Error> {
    let mut text = Reader::new(text);
    while let Some(first) = text.first() {
        if first == b'&' {
            seldom();
            text.skip(1);
            continue;
        }
        let name = text.text(until_equals_or_and, true);
        let Some(name) = name else {
            return refuse(MALFORMED_ESCAPE);
        };
        let value = if text.first() == Some(b'=') {
            text.skip(1);
            let Some(value) = text.text(until_and, true) else {
                return refuse(MALFORMED_ESCAPE);
            };
            value
        } else {
            Text::EMPTY
        };
        into.push((name, value), transport, limits)?;
        text.skip(1);
    }
    Ok(())
}
