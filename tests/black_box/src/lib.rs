//! The demo from outside: processes, sockets, files, pages. One suite for every program that
//! takes its options and serves its endpoints: `oauth1 demo` and the adapters' examples.
//!
//! ```ignore
//! black_box::suite!(black_box::Program::new(env!("CARGO_BIN_EXE_example-axum")));
//! ```
#![forbid(unsafe_code)]
#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::exhaustive_structs,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "tests fail by panicking, and are named by their claim"
)]

mod browser;
mod demo;

pub mod authorize_page;
pub mod logs;
pub mod once;
pub mod resources;
pub mod restart;
pub mod sessions;
pub mod stop;

pub use crate::{
    browser::Browser,
    demo::{Answer, CALLBACK, Demo, FORM, Program, Token, app, consumer, with},
};

/// Runs a test with what databases need.
pub fn run(test: impl Future<Output = ()>) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().build().unwrap().block_on(test);
}

/// Makes a named test of each behaviour.
#[macro_export]
macro_rules! suite {
    ($program:expr) => {
        $crate::tests!(
            $program,
            authorize_page,
            [
                approval_out_of_band_shows_the_code_once,
                approval_with_a_callback_redirects_with_token_and_verifier,
                denial_redirects_with_user_refused_and_kills_the_token,
                second_user_cannot_approve_nor_see_the_verifier,
                wrong_password_logs_nobody_in,
                decision_needs_post_a_log_in_and_the_csrf_token_of_this_session_token_and_user,
                log_in_changes_the_session_and_the_cookie_is_guarded,
                pages_are_never_framed_cached_or_scripted,
                unknown_exchanged_and_hostile_tokens_are_clean_refusals,
                callbacks_elsewhere_and_dangerous_ones_are_refused_at_step_one,
                form_that_never_ends_is_408,
            ]
        );
        $crate::tests!(
            $program,
            once,
            [
                fifty_parallel_exchanges_give_one_access_token,
                fifty_copies_of_one_request_are_accepted_once,
                fifty_request_tokens_are_all_different,
                replay_is_refused_on_every_endpoint_and_transport,
            ]
        );
        $crate::tests!(
            $program,
            resources,
            [
                resources_tell_who_called_with_what,
                bodies_reach_the_handler_as_they_were_sent,
                form_body_past_one_mebibyte_is_413,
                without_credentials_401_and_with_the_wrong_kind_403,
                public_resource_is_for_everybody_but_oauth,
                every_method_and_transport_is_accepted_on_loopback,
            ]
        );
        $crate::tests!(
            $program,
            restart,
            [
                acknowledged_token_survives_kill_9,
                pending_and_approved_tokens_survive_kill_9,
                replay_is_refused_after_kill_9,
                consumers_given_again_are_kept_and_a_changed_secret_counts,
            ]
        );
        $crate::tests!(
            $program,
            stop,
            [
                signals_end_it_gracefully_and_no_end_leaves_a_file,
                request_under_way_is_answered_after_the_signal,
            ]
        );
        $crate::tests!(
            $program,
            logs,
            [
                logs_at_trace_hold_no_secret,
                logs_that_cannot_be_written_cost_no_answer,
            ]
        );
    };
}

/// Makes a named test of each behaviour of the examples with a log-in of their own: of a path to
/// the program.
#[macro_export]
macro_rules! sessions_suite {
    ($program:expr) => {
        $crate::async_tests!(
            $program,
            sessions,
            [
                browser_users_come_by_cookie_and_api_clients_by_oauth,
                a_cookie_adds_nothing_to_oauth,
                log_in_by_oauth_is_none_and_logging_out_ends_a_session,
            ]
        );
    };
}

/// Turns behaviours into tests; called by [`sessions_suite`].
#[doc(hidden)]
#[macro_export]
macro_rules! async_tests {
    ($program:expr, $module:ident, [$($name:ident),* $(,)?]) => {
        $(
            #[test]
            fn $name() {
                $crate::run($crate::$module::$name($program));
            }
        )*
    };
}

/// Turns behaviours into tests; called by [`suite`].
#[doc(hidden)]
#[macro_export]
macro_rules! tests {
    ($program:expr, $module:ident, [$($name:ident),* $(,)?]) => {
        mod $module {
            $(
                #[test]
                fn $name() {
                    $crate::$module::$name(&$program);
                }
            )*
        }
    };
}
