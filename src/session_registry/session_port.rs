//! The TCP port of a session, and how its two ends prove to each other that they are this user's.
//!
//! ```text
//! client → server   the client's secret, 64 hexadecimal digits
//! server → client   the server's secret, 64 hexadecimal digits; or the connection is closed
//! server → client   RFB
//! ```
//!
//! Only this user can read the two secrets. Without the server's, a program of another user could take the port of a command
//! that was killed, and be sent what is typed.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::listen::{self, Stream};
use crate::secret::{Secret, is_equal_in_constant_time};
use crate::system::random;

/// The length of a secret in hexadecimal digits, of 4 bits each.
const SECRET_LEN: usize = 64;

/// The time in which one end must prove itself to the other.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// A port on 127.0.0.1 with its secrets.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SessionPort {
    pub(super) port: u16,
    pub(super) client_secret: Secret,
    pub(super) server_secret: Secret,
}

impl SessionPort {
    /// Any free port.
    pub(super) const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    /// Makes new secrets for a port.
    pub(super) fn new(port: u16) -> Self {
        let secret = || Secret::new(random::hex_256());
        Self { port, client_secret: secret(), server_secret: secret() }
    }

    /// Reads the port of a record. `None` if it has none, or faulty ones.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let port: Self = serde_json::from_slice(bytes).ok()?;
        let is_secret = |secret: &Secret| {
            let text = secret.expose();
            text.len() == SECRET_LEN && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
        };
        (is_secret(&port.client_secret) && is_secret(&port.server_secret)).then_some(port)
    }

    /// Connects, and proves that this process is the user's. What follows is RFB.
    pub(super) async fn connect(&self) -> io::Result<Stream> {
        in_time(async {
            let mut stream = listen::connect_to_port((Ipv4Addr::LOCALHOST, self.port).into()).await?;
            stream.write_all(self.client_secret.expose().as_bytes()).await?;
            stream.flush().await?;
            expect(&mut stream, &self.server_secret).await?;
            Ok(stream)
        })
        .await
    }

    /// Waits until a client has proved that it is the user's. If it fails, the caller closes the connection. Fails after 5 s.
    pub(crate) async fn admit(&self, stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
        in_time(async {
            expect(stream, &self.client_secret).await?;
            stream.write_all(self.server_secret.expose().as_bytes()).await?;
            stream.flush().await
        })
        .await
    }
}

/// Reads the secret of the other end.
async fn expect(stream: &mut (impl AsyncRead + Unpin), secret: &Secret) -> io::Result<()> {
    let mut found = Zeroizing::new([0; SECRET_LEN]);
    stream.read_exact(&mut *found).await?;
    match is_equal_in_constant_time(&*found, secret.expose().as_bytes()) {
        true => Ok(()),
        false => Err(io::Error::new(io::ErrorKind::PermissionDenied, "it does not know the secret of the session")),
    }
}

async fn in_time<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    let late = || io::Error::new(io::ErrorKind::TimedOut, format!("it sent no secret within {TIME_LIMIT:?}"));
    timeout(TIME_LIMIT, work).await.map_err(|_| late())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_has_two_secrets_of_256_bits() {
        let [one, other] = [SessionPort::new(1), SessionPort::new(1)];
        let secrets = [&one.client_secret, &one.server_secret, &other.client_secret, &other.server_secret];
        let mut texts = secrets.map(Secret::expose);
        texts.sort_unstable();
        assert!(texts.iter().all(|text| text.len() * 4 == 256) && texts.windows(2).all(|two| two[0] != two[1]));
        assert!(!texts.iter().any(|text| format!("{one:?}{other:?}").contains(text)));
    }

    #[tokio::test]
    async fn only_the_whole_secret_of_the_client_is_admitted() {
        let port = SessionPort::new(1);
        let (right, other) = (port.client_secret.expose(), SessionPort::new(1));
        let last = if right.ends_with('0') { "1" } else { "0" };
        let almost = format!("{}{last}", &right[..SECRET_LEN - 1]);
        let zeros = "0".repeat(SECRET_LEN);
        for (sent, is_admitted) in [
            (right, true),
            (almost.as_str(), false),
            (&right[..SECRET_LEN - 1], false),
            (port.server_secret.expose(), false),
            (other.client_secret.expose(), false),
            (zeros.as_str(), false),
            ("", false),
        ] {
            let (mut client, mut server) = tokio::io::duplex(256);
            client.write_all(sent.as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
            assert_eq!(port.admit(&mut server).await.is_ok(), is_admitted);
            drop(server);
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            assert_eq!(answer, if is_admitted { port.server_secret.expose() } else { "" });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_nothing_is_given_5_s() {
        let (_client, mut server) = tokio::io::duplex(256);
        let began = tokio::time::Instant::now();
        let error = SessionPort::new(1).admit(&mut server).await.unwrap_err();
        assert_eq!((error.kind(), began.elapsed().as_secs()), (io::ErrorKind::TimedOut, 5));
    }

    #[test]
    fn a_record_without_whole_secrets_has_no_port() {
        let secret = "0".repeat(SECRET_LEN);
        let parsed = |port: &str, one: &str, other: &str| {
            let text = format!(r#"{{"Port":{port},"ClientSecret":"{one}","ServerSecret":"{other}","More":1}}"#);
            SessionPort::parse(text.as_bytes()).is_some()
        };
        assert!(parsed("65535", &secret, &secret));
        assert!(!parsed("65536", &secret, &secret) && !parsed("-1", &secret, &secret));
        assert!(!parsed("1", &secret[1..], &secret) && !parsed("1", &secret, ""));
        assert!(!parsed("1", &secret, &secret.replace('0', "g")));
        assert!(SessionPort::parse(b"{}").is_none());
    }
}
