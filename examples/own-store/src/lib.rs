//! Consumers, tokens and nonces in a journal: a text file to which every change is added, as one
//! line of JSON, before it is acknowledged. At the start the lines are carried out again.
#![forbid(unsafe_code)]

mod consumers;
mod entry;
mod journal;
mod nonces;
mod tokens;

pub use crate::journal::Journal;
