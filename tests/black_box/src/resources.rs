//! The four resources.

use std::fmt::Write;

use oauth1_provider::core::{SignatureMethod, Transport};
use sha2::{Digest, Sha256};

use crate::{FORM, Program, app, with};

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

pub fn resources_tell_who_called_with_what(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.access_token();
    for (path, signer, kind) in [
        ("/api/whoami", app(), "consumer"),
        ("/api/consumer", app(), "consumer"),
        ("/api/whoami", with(&token), "user"),
        ("/api/user", with(&token), "user"),
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let target = format!("{path}?a=1%20%2B&b=&c&%C3%BC=*~");
            let seen = demo.call(&signer, method, &target, "").json();
            assert_eq!(seen["kind"], kind);
            assert_eq!(seen["consumer_key"], "demo-consumer");
            let user = if kind == "user" {
                "demo".into()
            } else {
                serde_json::Value::Null
            };
            assert_eq!(seen["user"], user);
            assert_eq!(seen["method"], method);
            assert_eq!(seen["query"], "a=1%20%2B&b=&c&%C3%BC=*~");
            assert_eq!(seen["body_bytes"], 0);
            assert_eq!(seen["body_sha256"], sha256(b""));
        }
    }
}

pub fn bodies_reach_the_handler_as_they_were_sent(program: &Program) {
    let demo = program.start(&[]);
    let form = "b=2&a=1&a=%2B+%C3%BC&empty=";
    let seen = demo.call(&app(), "POST", "/api/whoami", form).json();
    assert_eq!(seen["body_bytes"], form.len());
    assert_eq!(seen["body_sha256"], sha256(form.as_bytes()));
    for (content_type, body) in [
        ("application/json", b"{\"a\":\"\xc3\xbc\"}".to_vec()),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\n\r\n\xff\x00\r\n--x--".to_vec(),
        ),
        ("application/octet-stream", vec![0xff; 3 << 20]),
    ] {
        let header = demo
            .signed(&app(), "PUT", "/api/whoami", "")
            .authorization();
        let headers = [
            ("authorization", header.as_str()),
            ("content-type", content_type),
        ];
        let seen = demo
            .send("PUT", "/api/whoami", &headers, body.clone())
            .json();
        assert_eq!(seen["body_sha256"], sha256(&body), "{content_type}");
    }
}

pub fn form_body_past_one_mebibyte_is_413(program: &Program) {
    let demo = program.start(&[]);
    let mut form = format!("a={}", "x".repeat((1 << 20) - 2));
    assert_eq!(demo.call(&app(), "POST", "/api/whoami", &form).status, 200);
    form.push('x');
    assert_eq!(demo.call(&app(), "POST", "/api/whoami", &form).status, 413);
    let headers = [("content-type", FORM)];
    assert_eq!(
        demo.send("POST", "/oauth/request_token", &headers, form)
            .status,
        413
    );
}

pub fn without_credentials_401_and_with_the_wrong_kind_403(program: &Program) {
    let demo = program.start(&[]);
    let token = demo.access_token();
    for path in ["/api/whoami", "/api/consumer", "/api/user"] {
        let answer = demo.send("GET", path, &[], "");
        assert_eq!(answer.status, 401, "{path}");
        assert!(
            answer
                .header("www-authenticate")
                .starts_with("OAuth realm="),
            "{path}"
        );
    }
    let answer = demo.get(&with(&token), "/api/consumer");
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("The current user must be a consumer"));
    let answer = demo.get(&app(), "/api/user");
    assert_eq!(answer.status, 403);
    assert!(
        answer
            .text
            .contains("The current user must be a consumer acting on behalf of a user")
    );
}

pub fn public_resource_is_for_everybody_but_oauth(program: &Program) {
    let demo = program.start(&[]);
    assert_eq!(demo.send("GET", "/api/public", &[], "").status, 200);
    assert_eq!(
        demo.send(
            "GET",
            "/api/public?realm=x",
            &[("authorization", "Basic dTpw")],
            ""
        )
        .status,
        200
    );
    let answer = demo.get(&app(), "/api/public");
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("Access through OAuth forbidden"));
}

pub fn every_method_and_transport_is_accepted_on_loopback(program: &Program) {
    let demo = program.start(&[]);
    for method in SignatureMethod::ALL
        .into_iter()
        .filter(|method| !method.is_rsa())
    {
        for transport in [Transport::Header, Transport::Query, Transport::Body] {
            let signer = app().with_method(method).with_transport(transport);
            let signed = demo.signed(&signer, "POST", "/api/whoami?x=1", "y=2&z=%20");
            let authorization = signed.authorization();
            let mut headers = vec![("content-type", FORM)];
            if transport == Transport::Header {
                headers.push(("authorization", &authorization));
            }
            let target = format!("/api/whoami?{}", signed.query().unwrap());
            let answer = demo.send("POST", &target, &headers, signed.body().unwrap());
            assert_eq!(answer.json()["kind"], "consumer", "{method} {transport:?}");
        }
    }
}
