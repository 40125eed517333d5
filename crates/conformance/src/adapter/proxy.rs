//! The URL that the client saw, behind proxies. The suite's own connections come from loopback.

use oauth1_provider::{IpNet, ProviderBuilder, TrustedProxies};

use super::{
    call::Call,
    world::{Server, World, as_consumer},
};

const LOOPBACK: &str = "127.0.0.0/8";
const ELSEWHERE: &str = "192.0.2.0/24";

fn networks(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn forwarded(builder: ProviderBuilder, texts: &[&str]) -> ProviderBuilder {
    builder.with_trusted_proxies(TrustedProxies::sending_forwarded(networks(texts)))
}

fn x_forwarded(builder: ProviderBuilder, texts: &[&str]) -> ProviderBuilder {
    builder.with_trusted_proxies(TrustedProxies::sending_x_forwarded(networks(texts)))
}

/// With all the headers that a proxy could send, for `https://public.example`.
fn behind_a_proxy(world: &World) -> Call<'_> {
    world
        .get("/echo")
        .header(
            "forwarded",
            "for=198.51.100.7;proto=https;host=public.example",
        )
        .header("x-forwarded-for", "198.51.100.7")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "public.example")
}

/// The status of a request that was signed for this URL.
async fn status(call: Call<'_>, scheme: &str, authority: &str) -> u16 {
    let call = call.signed_as(scheme, authority);
    call.signed(as_consumer("app")).send().await.status
}

/// RFC 7239.
pub async fn forwarded_header_of_a_trusted_proxy_is_believed(server: &Server) {
    let world = server
        .start_with(|builder| forwarded(builder, &[LOOPBACK]))
        .await;
    assert_eq!(
        status(behind_a_proxy(&world), "https", "public.example").await,
        200
    );
    let call = behind_a_proxy(&world).signed(as_consumer("app"));
    assert_eq!(call.send().await.status, 401, "its own URL was not seen");
    // What a proxy does not tell is the request's own.
    let own = world.address.to_string();
    let call = world.get("/echo").header("forwarded", "proto=https");
    assert_eq!(status(call, "https", &own).await, 200);
    let call = world
        .get("/echo")
        .header("forwarded", "host=\"h.example:8080\"");
    assert_eq!(status(call, "http", "h.example:8080").await, 200);
    assert_eq!(status(world.get("/echo"), "http", &own).await, 200);
}

/// By usage.
pub async fn x_forwarded_headers_of_a_trusted_proxy_are_believed(server: &Server) {
    let world = server
        .start_with(|builder| x_forwarded(builder, &[LOOPBACK]))
        .await;
    assert_eq!(
        status(behind_a_proxy(&world), "https", "public.example").await,
        200
    );
    let call = behind_a_proxy(&world).header("x-forwarded-port", "8443");
    assert_eq!(status(call, "https", "public.example:8443").await, 200);
    let call = behind_a_proxy(&world).header("x-forwarded-port", "443");
    assert_eq!(status(call, "https", "public.example").await, 200);
    let call = world.get("/echo").header("x-forwarded-proto", "https");
    assert_eq!(status(call, "https", &world.address.to_string()).await, 200);
}

/// A proxy hands on what it does not know, as anybody wrote it.
pub async fn forwarded_headers_of_the_other_kind_are_not_read(server: &Server) {
    let world = server
        .start_with(|builder| forwarded(builder, &[LOOPBACK]))
        .await;
    let call = || {
        world
            .get("/echo")
            .header("x-forwarded-host", "evil.example")
    };
    assert_eq!(
        status(call(), "http", &world.address.to_string()).await,
        200
    );
    let world = server
        .start_with(|builder| x_forwarded(builder, &[LOOPBACK]))
        .await;
    let call = || world.get("/echo").header("forwarded", "host=evil.example");
    assert_eq!(
        status(call(), "http", &world.address.to_string()).await,
        200
    );
    assert_eq!(status(call(), "http", "evil.example").await, 401);
}

/// Only configured peers (PITFALLS 23).
pub async fn forwarded_headers_of_other_peers_are_not_believed(server: &Server) {
    for trust in [forwarded, x_forwarded] {
        let world = server
            .start_with(|builder| trust(builder, &[ELSEWHERE]))
            .await;
        assert_eq!(
            status(behind_a_proxy(&world), "https", "public.example").await,
            401
        );
        let own = world.address.to_string();
        assert_eq!(status(behind_a_proxy(&world), "http", &own).await, 200);
    }
}

/// From the right, while each is a trusted one.
pub async fn proxies_in_a_chain_are_believed_from_the_right(server: &Server) {
    let both = [LOOPBACK, ELSEWHERE];
    let world = server.start_with(|builder| forwarded(builder, &both)).await;
    let call = |value: &str| world.get("/echo").header("forwarded", value);
    let chain = "host=evil.example, for=198.51.100.7;host=public.example;proto=https, \
                 for=192.0.2.9;host=inner.example;proto=http";
    assert_eq!(status(call(chain), "https", "public.example").await, 200);
    let direct = "host=evil.example, for=198.51.100.7;host=public.example";
    assert_eq!(status(call(direct), "http", "public.example").await, 200);
    assert_eq!(status(call(direct), "http", "evil.example").await, 401);

    let world = server
        .start_with(|builder| x_forwarded(builder, &both))
        .await;
    let call = || {
        world
            .get("/echo")
            .header("x-forwarded-for", "198.51.100.7, 192.0.2.9")
            .header(
                "x-forwarded-host",
                "evil.example, public.example, inner.example",
            )
    };
    assert_eq!(status(call(), "http", "public.example").await, 200);
    assert_eq!(status(call(), "http", "evil.example").await, 401);
}

/// Fails closed: what was signed is unknown. Requests without OAuth do not mind.
pub async fn malformed_forwarded_headers_refuse_signed_requests_only(server: &Server) {
    let standard = server
        .start_with(|builder| forwarded(builder, &[LOOPBACK]))
        .await;
    let usual = server
        .start_with(|builder| x_forwarded(builder, &[LOOPBACK]))
        .await;
    for (world, name, value) in [
        (&standard, "forwarded", "host"),
        (&standard, "forwarded", "host=\"a b\""),
        (&standard, "forwarded", "proto=gopher"),
        (&standard, "forwarded", "host=\"h"),
        (&usual, "x-forwarded-proto", "gopher"),
        (&usual, "x-forwarded-host", "user@h"),
        (&usual, "x-forwarded-port", "99999"),
        (&usual, "x-forwarded-prefix", "?"),
    ] {
        let call = || world.get("/echo").header(name, value);
        let answer = call().signed(as_consumer("app")).send().await;
        assert_eq!(answer.status, 400, "{name}: {value}");
        assert_eq!(answer.text(), "malformed Host\n");
        let answer = call().send().await;
        assert_eq!((answer.status, answer.text()), (200, "none\n"));
        let signer = as_consumer("app").with_parameter("oauth_callback", "oob");
        let call = world.post("/oauth/request_token").header(name, value);
        assert_eq!(call.signed(signer).send().await.status, 400);
    }
}

/// A path of the public URL is one that the proxy strips.
pub async fn prefix_of_the_public_url_is_signed(server: &Server) {
    let world = server
        .start_with(|builder| builder.with_public_url("https://example.com/api"))
        .await;
    let call = |path: &str| {
        let call = world.get(path).signed_as("https", "example.com");
        call.signed(as_consumer("app"))
    };
    assert_eq!(
        call("/echo").signed_for("/api/echo").send().await.status,
        200
    );
    assert_eq!(call("/echo").send().await.status, 401);
    let signer = as_consumer("app").with_parameter("oauth_callback", "oob");
    let call = world
        .post("/oauth/request_token")
        .signed_as("https", "example.com");
    let call = call.signed_for("/api/oauth/request_token").signed(signer);
    assert_eq!(call.send().await.status, 200);
}

/// By `X-Forwarded-Prefix`; a stranger's counts for nothing.
pub async fn stripped_prefix_of_a_trusted_proxy_is_signed(server: &Server) {
    for (network, status) in [(LOOPBACK, 200), (ELSEWHERE, 401)] {
        let world = server
            .start_with(|builder| x_forwarded(builder, &[network]))
            .await;
        let call = world.get("/echo").header("x-forwarded-prefix", "/sub/");
        let call = call.signed_for("/sub/echo").signed(as_consumer("app"));
        assert_eq!(call.send().await.status, status);
    }
}
