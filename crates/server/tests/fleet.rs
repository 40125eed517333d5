//! Three processes of the demo on one database.
#![forbid(unsafe_code)]

use black_box::Program;

fleet::suite!(Program::new(env!("CARGO_BIN_EXE_oauth1")).with_arguments(&["demo"]));
