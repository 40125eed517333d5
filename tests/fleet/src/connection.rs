//! HTTP/1.1 over one kept connection, as plain as can be: what is sent is what was signed.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, SystemTime},
};

use oauth1_provider::core::{Nonce, Request, Signer, Timestamp};

/// The host that clients of the fleet see, whichever process answers.
const HOST: &str = "fleet.example";
/// Longer than any answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A signed request, ready to be sent to any process.
#[derive(Clone, Debug)]
pub(crate) struct Signed(Vec<u8>);

impl Signed {
    pub(crate) fn new(signer: &Signer, method: &str, path: &str, nonce: &str) -> Self {
        let request = Request::new(method, "http", HOST, path, None);
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let nonce = Nonce::new(nonce).unwrap();
        let signed = signer.sign(&request, Timestamp::from_secs(now), &nonce);
        let authorization = signed.unwrap().authorization();
        Self(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 0\r\n\
                 Authorization: {authorization}\r\n\r\n"
            )
            .into_bytes(),
        )
    }

    /// Sends it over a connection of its own. An error means that nobody knows what became of it.
    pub(crate) fn send_to(&self, address: SocketAddr) -> io::Result<Answer> {
        Connection::open(address)?.send(self)
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A kept connection.
#[derive(Debug)]
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self(BufReader::new(stream)))
    }

    pub(crate) fn send(&mut self, request: &Signed) -> io::Result<Answer> {
        self.0.get_mut().write_all(&request.0)?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if self.0.read_until(b'\n', &mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(&head).unwrap();
        let status = response.code.unwrap();
        let length = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |header| {
                std::str::from_utf8(header.value).unwrap().parse().unwrap()
            });
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        let body = String::from_utf8(body).unwrap();
        Ok(Answer { status, body })
    }
}
