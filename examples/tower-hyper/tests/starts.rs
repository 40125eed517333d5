//! The example does what its README says.

use std::process::Command;

use black_box::{Demo, consumer};

fn start() -> Demo {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-tower-hyper"));
    Demo::start_other(command.args(["127.0.0.1:0", "shop:shop-secret", "bank:bank-secret"]))
}

#[test]
fn events_are_taken_from_partners_and_counted_for_each() {
    let receiver = start();
    let (shop, bank) = (
        consumer("shop", "shop-secret"),
        consumer("bank", "bank-secret"),
    );
    for form in ["kind=sale&amount=12", "kind=sale&amount=%2B13"] {
        assert_eq!(receiver.call(&shop, "POST", "/events", form).status, 202);
    }
    let answer = receiver.get(&shop, "/events");
    assert_eq!(answer.text, "2 events; last: kind=sale&amount=%2B13");
    assert_eq!(receiver.get(&bank, "/events").text, "0 events; last: ");
}

#[test]
fn json_has_to_have_its_hash_signed() {
    let receiver = start();
    let shop = consumer("shop", "shop-secret");
    let send = |signer, body: &str| {
        let header = receiver
            .signed(signer, "POST", "/events", "")
            .authorization();
        let headers = [
            ("authorization", header.as_str()),
            ("content-type", "application/json"),
        ];
        receiver.send("POST", "/events", &headers, body).status
    };
    let hashed = shop.clone().with_body_hash(b"{\"amount\":12}");
    assert_eq!(send(&hashed, "{\"amount\":12}"), 202);
    assert_eq!(send(&hashed, "{\"amount\":99}"), 401);
    assert_eq!(send(&shop, "{\"amount\":12}"), 400);
}

#[test]
fn strangers_are_refused_with_the_challenge() {
    let receiver = start();
    let answer = receiver.send("POST", "/events", &[], "kind=sale");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), "OAuth realm=\"API\"");
    let forger = consumer("shop", "guess");
    assert_eq!(
        receiver
            .call(&forger, "POST", "/events", "kind=sale")
            .status,
        401
    );
}
