//! Requests made up from a seed: the same ones in every run.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

use serde::Serialize;

pub mod ours;

/// A sequence of numbers that a seed decides.
#[derive(Clone, Debug)]
pub struct Sequence(u64);

impl Sequence {
    /// Of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        let at = self.below(of.len());
        of.get(at).copied().unwrap_or_default()
    }

    fn text(&mut self, longest: usize) -> String {
        const PIECES: &[&str] = &[
            "a",
            "Z",
            "0",
            "-",
            ".",
            "_",
            "~",
            " ",
            "+",
            "%",
            "&",
            "=",
            "*",
            "'",
            "(",
            ")",
            "!",
            "/",
            "?",
            "#",
            ":",
            ";",
            "@",
            "[",
            "]",
            "{",
            "|",
            "\"",
            "\\",
            "<",
            "\u{e9}",
            "\u{df}",
            "\u{2603}",
            "\u{1f980}",
            "%20",
            "%2B",
            "oauth",
            "abc",
            "=",
            ",",
            "\u{1}",
            "\n",
        ];
        let length = self.below(longest + 1);
        (0..length).map(|_| self.pick(PIECES)).collect()
    }

    fn name(&mut self) -> String {
        let start = self.pick(&["a", "b", "c", "A", "x y", "\u{e9}", "a[0]", "a-", "a.", "Z"]);
        format!("{start}{}", self.text(3))
    }

    fn pairs(&mut self) -> Vec<(String, String)> {
        let count = self.below(6);
        let mut pairs: Vec<_> = (0..count).map(|_| (self.name(), self.text(8))).collect();
        if let (Some(first), 0) = (pairs.first().cloned(), self.below(3)) {
            let other = self.text(3);
            pairs.push((first.0, other));
        }
        pairs
    }
}

/// A request and what it is signed with.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Case {
    /// The HTTP method.
    pub method: String,
    /// Scheme, authority and path.
    pub uri: String,
    /// The query's parameters, decoded.
    pub query: Vec<(String, String)>,
    /// The form's parameters, decoded; `None` without a form.
    pub form: Option<Vec<(String, String)>>,
    /// `HMAC-SHA1`, `HMAC-SHA256`, `HMAC-SHA512` or `PLAINTEXT`.
    pub signature_method: String,
    /// The consumer's key.
    pub consumer_key: String,
    /// The consumer's secret.
    pub consumer_secret: String,
    /// Key and secret of a token.
    pub token: Option<(String, String)>,
    /// The nonce.
    pub nonce: String,
    /// The timestamp.
    pub timestamp: u64,
}

/// The next request of a sequence.
pub fn case(sequence: &mut Sequence) -> Case {
    let method = sequence.pick(&["GET", "POST", "PUT", "DELETE"]);
    let scheme = sequence.pick(&["http", "https"]);
    let host = sequence.pick(&[
        "h",
        "Example.COM",
        "a.b.c:8080",
        "127.0.0.1:3000",
        "xn--bcher-kva.example",
    ]);
    let path = sequence.pick(&[
        "/",
        "/a",
        "/a/b%20c/",
        "/%C3%BC/~x",
        "/a;b=c",
        "/1/status.json",
    ]);
    let signature_method = sequence.pick(&["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512", "PLAINTEXT"]);
    let word = |sequence: &mut Sequence, start: &str| {
        let visible = |c: &char| !c.is_control();
        let text: String = sequence.text(6).chars().filter(visible).collect();
        format!("{start}{text}")
    };
    Case {
        method: method.to_owned(),
        uri: format!("{scheme}://{host}{path}"),
        query: sequence.pairs(),
        form: (method != "GET" && sequence.below(2) == 0).then(|| sequence.pairs()),
        signature_method: signature_method.to_owned(),
        consumer_key: word(sequence, "key"),
        consumer_secret: word(sequence, "s"),
        token: (sequence.below(2) == 0).then(|| (word(sequence, "t"), word(sequence, "u"))),
        nonce: word(sequence, "n"),
        timestamp: 1_700_000_000 + u64::try_from(sequence.below(1_000_000)).unwrap_or(0),
    }
}

/// Encodes pairs as a form, with plus for a space.
#[must_use]
pub fn encoded(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| oauth1_core::percent::encode(text.as_bytes()).replace("%20", "+");
    let pairs: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}
