//! OAuth 1.0a provider as tower layer and service.
