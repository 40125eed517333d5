//! Three processes on one PostgreSQL and one Redis: nothing is lost, nothing accepted twice.
//!
//! ```ignore
//! fleet::suite!(Program::new(env!("CARGO_BIN_EXE_oauth1")).with_arguments(&["demo"]));
//! ```
//! `TEST_POSTGRES_URL` and `TEST_REDIS_URL` name the services, as `scripts/databases` starts them.
//! Tests that stop a service start one of their own.
#![forbid(unsafe_code)]
#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "tests fail by panicking, and are named by their claim"
)]

mod connection;
mod load;
mod node;
mod services;

pub mod caches;
pub mod killed;
pub mod once;
pub mod outage;

/// Makes a named test of each behaviour.
#[macro_export]
macro_rules! suite {
    ($program:expr) => {
        $crate::tests!(
            $program,
            [
                caches::what_one_process_changes_is_seen_by_the_others_at_once_by_notice,
                caches::without_notices_a_change_is_seen_within_the_time_to_live,
                once::thousand_requests_sent_to_all_three_are_accepted_once_each,
                once::one_sqlite_file_is_enough_for_three_processes,
                once::two_hundred_exchanges_raced_on_all_three_give_two_hundred_tokens,
                killed::kill_9_in_a_loop_loses_no_acknowledged_token_and_accepts_nothing_twice,
                outage::database_that_stops_means_503_until_it_is_back,
                outage::redis_that_stops_means_503_until_it_is_back,
                outage::killed_master_behind_sentinels_lets_nothing_in_twice,
                outage::killed_master_of_a_redis_cluster_lets_nothing_in_twice,
            ]
        );
    };
}

/// Turns behaviours into tests; called by [`suite`].
#[doc(hidden)]
#[macro_export]
macro_rules! tests {
    ($program:expr, [$($module:ident::$name:ident),* $(,)?]) => {
        $(
            #[test]
            fn $name() {
                $crate::$module::$name(&$program);
            }
        )*
    };
}
