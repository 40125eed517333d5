//! What a provider must do when its parts fail: errors, lost answers and silence mean 503 or no
//! answer at all, never acceptance, and leave nothing half done.

pub mod flows;
pub mod requests;
mod world;

use std::sync::Arc;

use oauth1_provider::{Manager, ReplayGuard, Store};

/// What a maker for [`crate::outage_suite`] makes: consumers, tokens and nonces, all empty. The
/// suite puts the faults before them.
pub type Part = (Arc<dyn Manager>, Arc<dyn Store>, Arc<dyn ReplayGuard>);

/// Makes a named test of each behaviour of a provider over failing parts: see the crate's page.
#[macro_export]
macro_rules! outage_suite {
    ($make:expr) => {
        $crate::tests!(
            outage,
            $make,
            [
                requests::failed_look_ups_are_503_and_spend_no_nonce,
                requests::a_guard_that_fails_is_503,
                requests::a_guard_whose_answer_is_lost_is_503_and_the_nonce_spent,
                requests::callers_that_hang_up_on_silent_parts_leave_nothing_half_done,
                requests::silent_parts_are_503_when_the_time_is_up,
                requests::wrong_signatures_get_nowhere_in_any_outage,
                requests::requests_that_need_no_silent_part_go_on,
                flows::no_request_token_is_given_without_being_kept,
                flows::an_approval_that_fails_can_be_repeated_and_one_that_is_lost_cannot,
                flows::silent_stores_are_503_when_the_time_is_up,
                flows::an_exchange_that_fails_can_be_repeated,
                flows::an_exchange_whose_answer_is_lost_gives_no_second_token,
            ]
        );
    };
}
