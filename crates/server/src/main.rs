//! The program `oauth1`: an OAuth 1.0a demo server, and the administration of consumers.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program speaks to its terminal"
)]

mod cli;
mod consumer;
mod demo;
mod error;
mod explain;
mod keys;
mod random;
mod sign;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match Cli::parse().command {
        Command::Demo(options) => demo::run(options).await,
        Command::Consumer(options) => consumer::run(options).await,
        Command::Keys(options) => keys::run(options).await,
        Command::Sign(options) => sign::run(options),
        Command::Explain(options) => return explain::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("oauth1: {error}");
            ExitCode::FAILURE
        }
    }
}
