//! What every [`Manager`] must do.

pub mod changes;
pub mod edges;
mod fixture;
pub mod races;
pub mod records;

use std::sync::Arc;

use oauth1_provider::Manager;

/// What a maker for [`crate::manager_suite`] makes.
pub type Part = Arc<dyn Manager>;

/// Makes a named test of each behaviour of a manager: see the crate's page.
#[macro_export]
macro_rules! manager_suite {
    ($make:expr) => {
        $crate::tests!(
            manager,
            $make,
            [
                records::unknown_consumer_is_none,
                records::credentials_keep_their_type,
                records::created_consumer_has_all_its_fields,
                records::empty_policy_lists_stay_empty,
                records::second_create_of_a_key_changes_nothing,
                records::consumers_are_listed_in_the_order_of_keys_by_pages,
                changes::disabled_consumer_is_found_with_its_reason_until_enabled,
                changes::rotation_keeps_two_secrets_live,
                changes::configuration_is_replaced_as_a_whole,
                changes::second_rotation_drops_the_oldest_secret,
                changes::deleted_consumer_is_gone,
                changes::consumer_created_after_deletion_starts_anew,
                changes::change_of_unknown_consumer_is_false,
                changes::deletion_of_unknown_consumer_is_false,
                changes::change_touches_its_consumer_only,
                edges::unicode_and_long_consumer_keys_are_kept,
                edges::consumer_keys_are_compared_byte_by_byte,
                edges::unicode_and_long_texts_of_consumers_are_kept,
                edges::an_overlap_up_to_the_end_of_the_scale_is_not_over,
                races::one_of_racing_creates_wins,
                races::one_of_racing_deletes_wins,
            ]
        );
    };
}
