//! What the suites cannot show on one store: several processes, outages, earlier versions, TLS.

#[path = "../common/mod.rs"]
mod common;

mod clocks;
mod migrations;
mod outages;
mod rows;
mod tables;
mod tls;
