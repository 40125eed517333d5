//! What every [`Store`] must do.

pub mod decisions;
pub mod edges;
pub mod exchange;
mod fixture;
pub mod purge;
pub mod races;
pub mod renewal;
pub mod request_tokens;
pub mod revocation;

use std::sync::Arc;

use oauth1_provider::{Manager, Store};

/// What a maker for [`crate::store_suite`] makes: the manager of the store's consumers, and the
/// store. The suite creates the consumers first, for stores with foreign keys.
pub type Part = (Arc<dyn Manager>, Arc<dyn Store>);

/// Makes a named test of each behaviour of a store: see the crate's page.
#[macro_export]
macro_rules! store_suite {
    ($make:expr) => {
        $crate::tests!(
            store,
            $make,
            [
                request_tokens::unknown_tokens_are_none,
                request_tokens::created_request_token_has_all_its_fields,
                request_tokens::second_request_token_of_a_key_is_an_error,
                request_tokens::token_keys_are_compared_byte_by_byte,
                decisions::request_token_is_approved_once,
                decisions::unknown_request_token_is_not_pending,
                edges::request_token_is_dead_from_its_expiry_on,
                edges::unicode_and_long_texts_of_tokens_are_kept,
                edges::users_are_compared_byte_by_byte,
                edges::a_clock_that_goes_back_stops_nothing_and_repeats_nothing,
                edges::a_clock_that_went_ahead_and_back_burns_nothing,
                edges::a_time_at_the_end_of_the_scale_is_not_in_the_past,
                decisions::expired_request_token_is_not_approved,
                decisions::denied_request_token_is_gone,
                decisions::approved_request_token_is_not_denied,
                exchange::exchange_gives_an_access_token_for_the_approver,
                exchange::access_token_of_another_consumer_is_none,
                exchange::expired_access_token_is_still_found,
                exchange::exchange_by_another_consumer_finds_nothing_and_burns_nothing,
                exchange::exchange_before_approval_is_not_authorized,
                exchange::exchange_of_an_expired_request_token_is_expired,
                exchange::wrong_verifiers_burn_the_request_token_at_the_limit,
                exchange::fewer_wrong_verifiers_than_the_limit_burn_nothing,
                exchange::verifier_of_another_request_token_is_wrong,
                exchange::second_exchange_finds_nothing,
                exchange::exchange_for_a_taken_key_keeps_the_request_token,
                races::one_of_racing_exchanges_wins,
                races::racing_guesses_get_no_more_than_the_limit,
                races::one_of_racing_approvals_wins,
                races::one_of_racing_approvals_and_denials_wins,
                decisions::realms_are_narrowed_at_approval_and_kept,
                renewal::renewal_replaces_the_token_and_keeps_the_rest,
                renewal::an_expired_access_token_is_renewed_while_its_session_lasts,
                renewal::wrong_handles_and_other_consumers_renew_nothing,
                renewal::a_token_without_session_is_not_renewed,
                renewal::renewal_for_a_taken_key_keeps_the_old_token,
                races::one_of_racing_renewals_wins,
                renewal::revoked_tokens_are_not_renewed,
                purge::purge_keeps_what_can_be_renewed,
                revocation::access_tokens_of_a_user_are_listed_oldest_first,
                revocation::revocation_of_a_token_is_keyed_by_its_user,
                revocation::revocation_of_a_user_takes_all_of_its_tokens,
                revocation::revocation_of_a_consumer_takes_request_tokens_too,
                purge::purge_deletes_expired_tokens_only,
                purge::purge_of_tokens_is_bounded_by_its_limit,
            ]
        );
    };
}
