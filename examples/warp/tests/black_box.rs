//! The example is the demo: it passes the same suite.

black_box::suite!(black_box::Program::new(env!("CARGO_BIN_EXE_example-warp")));
