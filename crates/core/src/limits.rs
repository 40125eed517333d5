//! Upper limits on what is read before any work is done on it.

/// Upper limits, checked before work is done. There are no lower ones: a short nonce is fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Parameters of a request, all transports together. Default 1,000.
    pub parameters: usize,
    /// Bytes of a parameter's name as sent. Default 1,024.
    pub name_bytes: usize,
    /// Bytes of a parameter's value as sent. Default 1,048,576: some clients post whole texts.
    pub value_bytes: usize,
    /// Bytes of an Authorization header value. Default 8,192.
    pub header_bytes: usize,
    /// Bytes of the query. Default 65,536.
    pub query_bytes: usize,
    /// Bytes of a form body. Default 1,048,576.
    pub body_bytes: usize,
    /// Bytes of a consumer key, token, nonce, verifier or timestamp, decoded. Default 256.
    pub identifier_bytes: usize,
    /// Bytes of a callback, decoded. Default 2,048.
    pub callback_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            parameters: 1_000,
            name_bytes: 1_024,
            value_bytes: 1_048_576,
            header_bytes: 8_192,
            query_bytes: 65_536,
            body_bytes: 1_048_576,
            identifier_bytes: 256,
            callback_bytes: 2_048,
        }
    }
}
