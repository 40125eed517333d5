//! The program `oauth1` from outside: processes, sockets, files, pages.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![forbid(unsafe_code)]

use black_box::Program;

mod command_line;
mod consumers;
mod explaining;
mod keys;
mod limits;
mod printing;
mod signing;
mod starting;

const DEMO: Program = Program::new(env!("CARGO_BIN_EXE_oauth1")).with_arguments(&["demo"]);

black_box::suite!(crate::DEMO);
