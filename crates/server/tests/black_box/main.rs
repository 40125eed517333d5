//! The program `oauth1` from outside: processes, sockets, files, pages.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![forbid(unsafe_code)]

mod browser;
mod demo;

mod authorize_page;
mod command_line;
mod logs;
mod once;
mod resources;
mod restart;
mod stop;
