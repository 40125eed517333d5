//! The normalised parameters
//! ([RFC 5849 section 3.4.1.3.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2)).

use super::gathered::{Block, Buffer, Gathered, Written};
use crate::{
    hint::seldom,
    parameter::{AND, Collected, Literal, Parameter},
};

/// Writes `name=value&...`, percent-encoded once more.
#[inline(always)]
pub(super) fn write<U: FnMut(&Block)>(collected: &Collected<'_>, sink: &mut Gathered<'_, U>) {
    let others = collected.others.as_slice();
    let before = others.iter().take_while(|other| other.is_before_all());
    let (before, mut others) = others.split_at(before.count());
    // There is no `&` before the first.
    let mut skipped = AND;
    for other in before {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
    // Of those behind, only protocol parameters stand between the known ones.
    let between = others.first().is_some_and(|other| other.is_protocol);
    for (name, literal, value) in collected.known.signed() {
        if between {
            seldom();
            let count = others.iter().take_while(|other| other.is_before(name));
            let (before, rest) = others.split_at(count.count());
            others = rest;
            for other in before {
                sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
            }
        }
        sink.put_known(literal, std::mem::take(&mut skipped), value);
    }
    for other in others {
        sink.put_by(write_other, &(other, std::mem::take(&mut skipped)));
    }
}

#[inline(never)]
fn write_other<U: FnMut(&Block)>(
    update: &mut U,
    buffer: &mut Buffer,
    at: Written,
    (parameter, skipped): &(&Parameter<'_>, usize),
) -> Written {
    let mut sink = Gathered::go_on(update, buffer, at);
    sink.put_literal(&Literal::AND, *skipped);
    sink.put_text(&parameter.name);
    sink.put_literal(&Literal::EQUALS, 0);
    sink.put_text(&parameter.value);
    sink.so_far()
}

#[cfg(test)]
mod tests {
    use crate::{Limits, Parsed, Request, percent::encode};

    /// Of every length, with much, little and nothing behind it.
    #[test]
    fn values_are_written_however_long_they_are_and_wherever_they_stand() {
        for (repeated, length) in ["x", "%20", "y%C3%A9"]
            .into_iter()
            .flat_map(|repeated| (1..140_usize).map(move |length| (repeated, length)))
        {
            let value = repeated.repeat(length.div_ceil(repeated.len()));
            let others = "oauth_consumer_key=k&oauth_nonce=n&oauth_signature_method=PLAINTEXT";
            let mut names = ["a", "oauth_token", "oauth_timestamp", "z"];
            for turn in 0..names.len() {
                names.rotate_left(turn);
                let mut pairs: Vec<_> = others.split('&').map(str::to_owned).collect();
                let values = |name| match name {
                    "oauth_timestamp" => "1".to_owned(),
                    _ => value.clone(),
                };
                pairs.extend(names.iter().map(|name| format!("{name}={}", values(*name))));
                let query = format!("oauth_signature=s&{}", pairs.join("&"));
                let quoted: Vec<_> = pairs
                    .iter()
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| format!("{name}=\"{value}\""))
                    .collect();
                let header = format!("OAuth oauth_signature=\"s\", {}", quoted.join(", "));
                pairs.sort_unstable();
                let expected = format!(
                    "GET&http%3A%2F%2Fh%2F&{}",
                    encode(pairs.join("&").as_bytes())
                );
                let request = Request::new("GET", "http", "h", "/", None);
                for request in [
                    request.with_authorization(header.as_bytes()),
                    Request::new("GET", "http", "h", "/", Some(&query)),
                    request.with_body(Some(b"application/x-www-form-urlencoded"), query.as_bytes()),
                ] {
                    let parsed = Parsed::extract(&request, &Limits::default());
                    assert_eq!(parsed.unwrap().unwrap().base_string(), expected);
                }
            }
        }
    }
}
