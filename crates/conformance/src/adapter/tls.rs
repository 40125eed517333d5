//! TLS that the server itself ends, over real sockets: the connection's scheme is `https`
//! ([RFC 5849 section 3.4.1.2](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.2)).
//!
use std::{net::SocketAddr, sync::Arc};

use oauth1_provider::core::SignatureMethod;
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        crypto::ring::default_provider,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    },
};

use super::{
    call::Call,
    client::{Answer, Connection, send_http2_over},
    request_target::{PATHS, asking},
    world::{Server, World},
};

/// Its own authority, for `localhost` and until 2120.
const CERTIFICATE: &[u8] = include_bytes!("tls/certificate.pem");
const KEY: &[u8] = include_bytes!("tls/key.pem");

/// The server's half, with a certificate of the suite's own: for HTTP/2 and HTTP/1.1.
#[must_use]
pub fn tls_config() -> ServerConfig {
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
    let builder = builder.with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(CERTIFICATE).unwrap()
}

async fn connect(address: SocketAddr, protocol: &str) -> TlsStream<TcpStream> {
    let mut authorities = RootCertStore::empty();
    authorities.add(certificate()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(authorities);
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    let stream = connector.connect(name, stream).await.unwrap();
    let agreed = stream.get_ref().1.alpn_protocol();
    assert_eq!(agreed, Some(protocol.as_bytes()));
    stream
}

async fn send(call: Call<'_>) -> Answer {
    let stream = connect(call.address(), "http/1.1").await;
    let mut connection = Connection::over(stream).await;
    connection.send(call.request()).await
}

async fn send_http2(call: Call<'_>) -> Answer {
    let stream = connect(call.address(), "h2").await;
    send_http2_over(stream, call.request_http2_as("https")).await
}

/// A request of `app`, signed for a URL with this scheme.
fn signed<'w>(world: &'w World, path: &str, scheme: &str, method: SignatureMethod) -> Call<'w> {
    let call = world.post(path).signed(asking().with_method(method));
    call.signed_as(scheme, &world.address.to_string())
}

/// Each scheme and method with the status of its answer, everywhere, over both versions of HTTP.
async fn answers(server: &Server, expected: &[(&str, SignatureMethod, u16)]) {
    let methods = SignatureMethod::ALL;
    let world = server
        .start_with(|builder| builder.with_methods(methods))
        .await;
    for path in PATHS {
        for &(scheme, method, status) in expected {
            let call = || signed(&world, path, scheme, method);
            let answer = send(call()).await;
            assert_eq!(answer.status, status, "{path} {scheme}: {answer:?}");
            let answer = send_http2(call()).await;
            assert_eq!(answer.status, status, "{path} {scheme}, HTTP/2: {answer:?}");
        }
    }
}

/// And for no other scheme.
pub async fn request_over_tls_is_signed_for_https(server: &Server) {
    let method = SignatureMethod::HmacSha256;
    answers(server, &[("https", method, 200), ("http", method, 401)]).await;
}

/// [Section 3.4.4](https://www.rfc-editor.org/rfc/rfc5849#section-3.4.4):
///
/// > It MUST be used with a transport-layer mechanism such as TLS or SSL
pub async fn plaintext_over_tls_is_accepted(server: &Server) {
    answers(server, &[("https", SignatureMethod::Plaintext, 200)]).await;
}

/// An adapter that sees requests only has to be told: else the connection is `http`, what was signed
/// for `https` is refused, and no PLAINTEXT passes.
pub async fn tls_that_nobody_tells_of_is_none(server: &Server) {
    let method = SignatureMethod::HmacSha256;
    let expected = [
        ("https", method, 401),
        ("http", method, 200),
        ("https", SignatureMethod::Plaintext, 400),
    ];
    answers(server, &expected).await;
}

/// Makes a named test of each behaviour of an adapter whose server ends TLS: see
/// [`crate::adapter`]. With `silent`, also of what it does when its server does not tell it.
#[macro_export]
macro_rules! tls_suite {
    ($serve:expr) => {
        $crate::adapter_tests!(
            $serve,
            [
                request_over_tls_is_signed_for_https,
                plaintext_over_tls_is_accepted,
            ]
        );
    };
    ($serve:expr, silent: $silent:expr) => {
        $crate::tls_suite!($serve);
        $crate::adapter_tests!($silent, [tls_that_nobody_tells_of_is_none]);
    };
}
