//! `oauth1 keys`: the keys that seal secrets in a database.

use indicatif::{ProgressBar, ProgressStyle};
use oauth1_store_sqlx::{KeyRing, SqlStoreOptions};
use serde_json::json;

use crate::{
    cli::{self, KeysAction},
    error::Error,
    output::print_line,
};

pub(crate) async fn run(options: cli::Keys) -> Result<(), Error> {
    match options.action {
        KeysAction::Generate { id } => {
            let key = KeyRing::generate(&id)?;
            print_line(&*key)
        }
        KeysAction::Rotate { database, json } => rotate(&database, json).await,
    }
}

async fn rotate(database: &cli::Database, json: bool) -> Result<(), Error> {
    let ring = KeyRing::from_file_or_env(database.keys.as_deref())?;
    let ring = ring.ok_or_else(|| {
        Error::new(
            "no keys: name a file by --keys, or set OAUTH1_KEYS (see `oauth1 keys generate`)",
        )
    })?;
    let current = ring.current().to_owned();
    let store = SqlStoreOptions::default().with_key_ring(ring);
    let store = store.connect(&database.database).await?;
    // Hidden by itself where standard error is no terminal.
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let sealed = store.rotate_keys(|progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    });
    let sealed = sealed.await;
    bar.finish_and_clear();
    let sealed = sealed?;
    if json {
        print_line(json!({ "key": current, "sealed": sealed }))
    } else {
        let told = format_args!("{sealed} rows sealed; the key {current:?} is the only one in use");
        print_line(told)
    }
}
