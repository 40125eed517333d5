//! Browser users by cookie, API clients by OAuth, and what each may do.

black_box::sessions_suite!(env!("CARGO_BIN_EXE_example-axum-sessions"));
