//! What every adapter must do, over real sockets with a real HTTP client.
//!
//! The suite makes the providers; the adapter's author serves [the application](#the-application)
//! with each, in his framework's own words, and runs all behaviours by one line:
//!
//! ```ignore
//! oauth1_conformance::adapter_suite!(|provider: Arc<Provider>| async {
//!     let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
//!     let address = listener.local_addr().unwrap();
//!     tokio::spawn(async move { axum::serve(listener, application(provider)).await.unwrap() });
//!     address
//! });
//! ```
//!
//! [`tls_suite!`](crate::tls_suite) (feature `tls`) does the same over TLS that the server ends itself,
//! with `tls_config()` as its configuration.
//!
//! # The application
//! Every route takes any method. *Identity* is `none`, `consumer KEY` or `user NAME by KEY`. All
//! answers not described otherwise are 200 and `text/plain; charset=utf-8`. The *own check* is a
//! guard on the framework's request, with the message `admins only`: it passes requests that the
//! application's own log-in has marked, for the header `x-admin: yes`. Redirects and refusals are
//! the adapter's. The server tells the adapter the address of its peers. Whether a body that nobody
//! reads ends the connection is the server's affair, so long as it says so. [`application`] has what
//! is no framework's.
//!
//! | path | guard or extractor | answer |
//! |---|---|---|
//! | `/echo` | | the identity, a line feed, the body as received |
//! | `/mounted/echo` | | the same, mounted below `/mounted` by the framework's own means |
//! | `/stream` | | the body's bytes are counted as they come, never held: their number |
//! | `/own-401` | | 401 with `WWW-Authenticate: Basic realm="app"`, another of `Negotiate`, and the text `log in` |
//! | `/own-403` | | 403 with `WWW-Authenticate: Basic realm="app"` and the text `never` |
//! | `/consumer` | guard `is_consumer` | the identity |
//! | `/consumer-app` | guard `is_consumer` with consumer `app` | the identity |
//! | `/user` | guard `is_oauth_user` | the identity |
//! | `/user-alice` | guard `is_oauth_user` with user `alice` | the identity |
//! | `/user-alice-by-app` | guard `is_oauth_user` with user `alice` and consumer `app` | the identity |
//! | `/realm` | guard `has_realm` of `photos` | the identity |
//! | `/custom` | guard `custom`, `short names only`: the consumer's key has three bytes at most | the identity |
//! | `/own-check` | guard `any_of(is_consumer, own check)` | the identity |
//! | `/browser-admin` | guard `all_of(not_oauth, own check)` | the identity |
//! | `/not-oauth` | guard `not_oauth` | the identity |
//! | `/any-of` | guard `any_of(is_consumer with app, is_oauth_user with alice)` | the identity |
//! | `/all-of` | guard `all_of(is_oauth_user, is_oauth_user with consumer app)` | the identity |
//! | `/extract-identity` | extractor of an identity | the identity |
//! | `/extract-consumer` | extractor of a consumer | its key |
//! | `/extract-user` | extractor of a user | the user's name |
//! | `/optional-identity` | optional extractor | the identity |
//! | `/optional-consumer` | optional extractor of a consumer | the identity |
//! | `/optional-user` | optional extractor of a user | the identity |
//! | the token paths | | the provider's token endpoints |
//! | the authorise path, GET | authorise extractor | `CONSUMER_KEY wants CALLBACK` |
//! | the authorise path, POST | authorise extractor | body `approve NAME`: 303 to the redirect, or `PIN CODE`; body `deny`: 303, or `denied` |
//! | `/below` | mounted by the framework's own means, with a layer of its own and none around it | its own `/echo`, token paths and authorise path |
//! | all others | | the framework's 404 |

pub mod application;
mod call;
mod client;
mod tokens;
mod world;

mod authorization;
mod body;
mod frozen;
mod guard;
mod http2;
mod identity;
mod mount;
mod own_check;
mod proxy;
mod refusal;
mod request_target;
#[cfg(feature = "tls")]
mod tls;
mod token_endpoint;
mod unread;
mod url;

pub use self::{
    authorization::*, body::*, frozen::*, guard::*, http2::*, identity::*, mount::*, own_check::*,
    proxy::*, refusal::*, request_target::*, token_endpoint::*, unread::*, url::*, world::Server,
};

#[cfg(feature = "tls")]
pub use self::tls::*;

/// Makes a named test of each behaviour of an adapter: see [`crate::adapter`].
#[macro_export]
macro_rules! adapter_suite {
    ($serve:expr) => {
        $crate::adapter_tests!(
            $serve,
            [
                unsigned_request_is_nobodys,
                other_authorization_schemes_are_nobodys,
                signed_request_is_its_consumers,
                signed_request_with_a_token_is_its_users_by_the_consumer,
                parameters_in_the_query_identify,
                parameters_in_a_form_body_identify,
                extractors_give_the_identity_they_are_named_for,
                extractors_refuse_other_identities,
                optional_extractor_gives_none_without_oauth,
                identity_of_one_request_is_not_that_of_the_next_on_a_connection,
                identity_in_http2,
                wrong_signature_is_refused_with_the_challenge,
                unknown_consumer_and_wrong_signature_are_told_alike,
                missing_parameter_is_400,
                duplicated_parameter_is_400,
                replayed_request_is_refused,
                old_and_future_timestamps_are_refused,
                bad_attempt_passes_as_anonymous_if_so_configured,
                replay_guard_that_is_down_means_503,
                store_that_is_down_means_503,
                hostile_bytes_are_never_a_server_error,
                guards_without_credentials_answer_401_with_the_challenge,
                guards_refuse_the_wrong_kind_with_403_and_their_message,
                guards_pass_the_right_kind,
                guards_with_arguments_look_at_them,
                combined_guards_combine,
                not_oauth_refuses_every_oauth_request,
                challenge_is_added_to_the_handlers_own_401,
                form_body_reaches_the_handler_whole,
                form_body_without_oauth_reaches_the_handler_whole,
                json_and_multipart_bodies_reach_the_handler_untouched,
                chunked_form_body_counts,
                empty_bodies_are_fine,
                form_body_at_the_limit_is_fine_and_past_it_413,
                chunked_form_body_past_the_limit_is_413,
                other_bodies_have_no_limit_of_ours,
                hundred_megabytes_stream_through,
                form_body_counts_for_every_method,
                changed_form_body_is_refused,
                form_beside_another_content_type_counts,
                body_hash_is_verified_on_the_bytes_received,
                query_is_signed,
                path_is_signed_as_sent,
                host_is_signed_with_its_port,
                default_port_in_the_host_header_is_dropped,
                mounted_handler_signs_what_the_client_saw,
                public_url_counts_before_the_host_header,
                forwarded_headers_of_strangers_are_not_believed,
                two_host_headers_are_no_server_error,
                request_token_is_given,
                request_token_needs_post,
                exchange_gives_an_access_token_once,
                token_paths_may_be_equal,
                token_paths_match_exactly,
                token_endpoint_refusals_are_not_cached,
                replay_at_the_token_endpoints_is_refused,
                form_body_past_the_limit_is_413_at_the_token_endpoints,
                authorise_shows_the_pending_token,
                approve_redirects_with_token_and_verifier,
                approve_out_of_band_gives_a_pin,
                deny_redirects_and_kills_the_token,
                second_approval_is_refused,
                unknown_token_at_authorise_is_a_clean_refusal,
                forwarded_header_of_a_trusted_proxy_is_believed,
                x_forwarded_headers_of_a_trusted_proxy_are_believed,
                forwarded_headers_of_the_other_kind_are_not_read,
                forwarded_headers_of_other_peers_are_not_believed,
                proxies_in_a_chain_are_believed_from_the_right,
                malformed_forwarded_headers_refuse_signed_requests_only,
                prefix_of_the_public_url_is_signed,
                stripped_prefix_of_a_trusted_proxy_is_signed,
                token_endpoints_below_a_mount_sign_what_the_client_saw,
                requests_below_a_mount_are_verified_once,
                custom_guards_look_at_the_identity,
                own_checks_combine_with_guards,
                own_checks_without_oauth_are_for_browser_users_only,
                realm_guard_looks_at_what_was_granted,
                user_guard_looks_at_user_and_consumer,
                other_challenges_are_kept,
                form_body_counts_in_http2,
                authority_is_signed_in_http2,
                other_bodies_stream_in_http2,
                guards_and_challenge_in_http2,
                token_endpoints_answer_in_http2,
                refusals_are_the_same_in_every_adapter,
                outages_are_the_same_in_every_adapter,
                token_answers_and_redirects_are_the_same_in_every_adapter,
                problem_reports_are_the_same_in_every_adapter,
                guards_report_problems_where_reports_are_on,
                optional_extractors_of_one_kind_give_none_for_the_other,
                head_requests_are_signed_as_head,
                absolute_request_target_is_signed_by_its_path,
                authority_of_an_absolute_request_target_counts_before_host,
                scheme_of_the_request_target_is_not_believed,
                plaintext_over_http_is_refused_whatever_the_client_writes,
                form_body_behind_expect_continue_counts,
                broken_form_body_hurts_nobody_else,
                unread_bodies_cost_no_answer_and_no_later_request,
                form_body_that_does_not_come_is_408,
            ]
        );
    };
}

/// Turns behaviours into tests; called by [`adapter_suite`].
#[doc(hidden)]
#[macro_export]
macro_rules! adapter_tests {
    ($serve:expr, [$($name:ident),* $(,)?]) => {
        $(
            #[test]
            fn $name() {
                $crate::run(async {
                    let server = $crate::adapter::Server::new(|provider| Box::pin(($serve)(provider)));
                    $crate::adapter::$name(&server).await;
                });
            }
        )*
    };
}
