//! OAuth 1.0a provider for axum: extractors, guards and routes.
