//! Where the programs log.

/// Logs to standard error what `RUST_LOG` says, by default from warnings on. A log that nobody can
/// take, on a full disk or behind a reader who left, is lost: the request it tells of is answered
/// all the same.
pub fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // It would be told on standard error, too, by a macro that panics where that fails.
        .log_internal_errors(false)
        .init();
}
