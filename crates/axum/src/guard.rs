//! Guards as layers.

pub use oauth1_tower::{GuardLayer, request_guard};
