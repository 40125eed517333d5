//! The example does what its README says. `scripts/clients` launches it with a real library, too.

use std::process::Command;

use black_box::{Demo, FORM, consumer};
use oauth1_provider::core::Transport;

const LAUNCH: &str = "lti_message_type=basic-lti-launch-request&lti_version=LTI-1p0\
                      &resource_link_id=course%2B1&user_id=u&roles=Learner";

#[test]
fn launches_are_verified_and_told() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-lti-launch"));
    let tool = Demo::start_other(command.args(["127.0.0.1:0", "platform", "secret"]));
    let launch = |secret| {
        let signer = consumer("platform", secret)
            .with_transport(Transport::Body)
            .with_parameter("oauth_callback", "about:blank");
        let body = tool.signed(&signer, "POST", "/launch", LAUNCH).body();
        let headers = [("content-type", FORM)];
        tool.send("POST", "/launch", &headers, body.unwrap_or_default())
    };
    let told = launch("secret").json();
    assert_eq!(
        (&told["platform"], &told["resource"]),
        (&"LMS".into(), &"course+1".into())
    );
    assert_eq!(launch("guess").status, 401);
    assert_eq!(
        tool.send("POST", "/launch", &[("content-type", FORM)], LAUNCH)
            .status,
        401
    );
}
