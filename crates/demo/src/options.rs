//! The command line of the demo and of the examples.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use clap::Args;

use crate::log;

/// The options of the demo.
#[derive(Args, Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Where to listen; port 0 takes a free one. On a loopback address PLAINTEXT is accepted, too.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Database URL: `sqlite:PATH`, `postgres://...` or `mysql://...` [default: in memory, gone at exit].
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Where nonces are kept: `redis://...`, `rediss://...`, `redis+sentinel://...` or
    /// `redis+cluster://...` [default: in the database].
    #[arg(long, value_name = "URL")]
    pub replay: Option<String>,
    /// For how long consumers and access tokens are kept in memory, so that most requests need no
    /// database. What another process changes is seen within this time, or at once where
    /// `--replay` names a Redis for all of them [default: not at all; a database in memory: 5].
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub cache: u64,
    /// A file with the keys that seal secrets in the database [default: those in the environment
    /// variable `OAUTH1_KEYS`, if any].
    #[arg(long, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// How long a form may take to come.
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..))]
    pub body_timeout: u64,
    /// A consumer to seed; repeatable.
    #[arg(
        long,
        value_name = "KEY:SECRET",
        allow_hyphen_values = true,
        default_value = "demo-consumer:demo-consumer-secret"
    )]
    pub consumer: Vec<Pair>,
    /// A user who can log in; repeatable.
    #[arg(
        long,
        value_name = "NAME:PASSWORD",
        allow_hyphen_values = true,
        default_value = "demo:demo"
    )]
    pub user: Vec<Pair>,
}

/// `NAME:SECRET`.
#[derive(Clone)]
#[non_exhaustive]
pub struct Pair {
    /// What stands before the first colon.
    pub name: String,
    /// What stands behind it.
    pub secret: String,
}

impl FromStr for Pair {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((name, secret)) if !name.is_empty() && !secret.is_empty() => Ok(Self {
                name: name.to_owned(),
                secret: secret.to_owned(),
            }),
            _ => Err("write NAME:SECRET"),
        }
    }
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:[redacted]", self.name)
    }
}

impl Options {
    /// The options of a program that has no others, from its command line; helps and ends the
    /// program itself where they are wrong. Errors are logged as `RUST_LOG` says, by default from
    /// warnings on.
    #[must_use]
    pub fn from_command_line() -> Self {
        #[derive(clap::Parser)]
        struct Program {
            #[command(flatten)]
            options: Options,
        }
        log();
        <Program as clap::Parser>::parse().options
    }
}
