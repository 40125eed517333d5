//! What access tokens give access to, and for how long: realms and sessions.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod realms;
mod sessions;
mod world;
