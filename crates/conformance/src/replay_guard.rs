//! What every [`ReplayGuard`] must do.

pub mod edges;
mod fixture;
pub mod nonces;
pub mod purge;
pub mod races;

use std::sync::Arc;

use oauth1_provider::ReplayGuard;

/// What a maker for [`crate::replay_guard_suite`] makes.
pub type Part = Arc<dyn ReplayGuard>;

/// Makes a named test of each behaviour of a replay guard: see the crate's page. A guard that
/// forgets by a clock of its own, and so has nothing to purge, says so:
/// `replay_guard_suite!(make, own_clock)`.
#[macro_export]
macro_rules! replay_guard_suite {
    ($make:expr) => {
        $crate::replay_guard_suite!($make, own_clock);
        $crate::tests!(
            replay_guard,
            $make,
            [
                purge::purge_forgets_dead_nonces_once,
                purge::purge_called_until_zero_forgets_all,
            ]
        );
    };
    ($make:expr, own_clock) => {
        $crate::tests!(
            replay_guard,
            $make,
            [
                nonces::nonce_is_fresh_once,
                nonces::nonce_of_another_consumer_is_fresh,
                nonces::nonce_with_another_token_or_none_is_fresh,
                nonces::nonce_at_another_timestamp_is_fresh,
                nonces::second_nonce_of_a_second_leaves_the_first_replayed,
                nonces::parts_of_an_entry_are_not_run_together,
                edges::nonces_are_compared_byte_by_byte,
                edges::long_and_unicode_nonces_are_told_apart,
                races::one_of_racing_requests_is_fresh,
                races::racing_requests_with_different_nonces_are_all_fresh,
                edges::nonce_is_replayed_up_to_keep_until,
                edges::a_clock_that_goes_back_makes_nothing_fresh,
                edges::a_clock_that_went_ahead_and_back_makes_nothing_fresh,
                edges::timestamps_at_the_ends_of_the_scale_are_not_fresh_twice,
                purge::purge_forgets_no_live_nonce,
            ]
        );
    };
}
