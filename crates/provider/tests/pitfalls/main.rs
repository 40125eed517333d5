//! What providers of OAuth 1.0a got wrong, each as a claim about ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail by panicking"
)]

mod answers;
mod credentials;
mod flow;
mod randomness;
mod replay;
mod world;
