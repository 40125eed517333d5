//! The program `oauth1`: an OAuth 1.0a demo server, and the administration of consumers.
#![forbid(unsafe_code)]

mod cli;
mod consumer;
mod demo;
mod error;
mod explain;
mod keys;
mod output;
mod random;
mod sign;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    oauth1_demo::log();
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
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}
