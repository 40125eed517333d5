//! A server that is not there.

use std::{error::Error, time::Duration};

use oauth1_store_sqlx::SqlStoreOptions;

#[tokio::test]
async fn why_a_database_is_out_of_reach_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    for scheme in ["postgres", "mysql"] {
        let options = SqlStoreOptions::default().with_acquire_timeout(Duration::from_millis(50));
        let error = options
            .connect(&format!("{scheme}://u:p@{address}/d"))
            .await
            .unwrap_err();
        let why = error.source().unwrap().to_string();
        assert!(why.contains("refused"), "{scheme}: {why}");
    }
}
