//! What access tokens give access to, and for how long: realms and sessions; and the problems on
//! the way to one, as OAuth Problem Reporting tells them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod problems;
mod realms;
mod sessions;
mod world;
