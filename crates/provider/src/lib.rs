//! OAuth 1.0a provider: traits for consumers, tokens and nonces, the flows of RFC 5849, identities and guards.
