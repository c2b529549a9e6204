//! A real VNC server in place of the test card: plain TCP, or a WebSocket.

use std::io;
use std::str::FromStr;
use std::time::Duration;

use hyper::Uri;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use hyper::http::uri::Authority;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{WebSocketStream, client_async_with_config, tungstenite};

use super::ON_ITS_WAY;
use crate::websocket::server_handshake::SUBPROTOCOL;
use crate::websocket::{self, PumpError};

/// How long a target may take to be there.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a target may take to hear the last bytes and to close its side.
const FAREWELL_LIMIT: Duration = Duration::from_secs(2);

/// Where consoles lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// RFB over TCP, as Xtigervnc and QEMU speak it.
    Tcp(Authority),
    /// RFB in binary messages, as QEMU's `websocket=` and websockify speak it.
    WebSocket(Authority, Uri),
}

/// What is no target.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a target is HOST:PORT (plain RFB) or ws://HOST:PORT[/PATH] (RFB in a WebSocket)")]
pub struct NotATarget;

/// Why a target does not serve a client.
#[derive(Debug, Error)]
pub(crate) enum TargetError {
    /// Nobody there.
    #[error("could not connect to the target {0}: {1}")]
    Unreachable(Authority, #[source] io::Error),
    /// Nobody there in time.
    #[error("could not connect to the target {0} within {limit} s", limit = CONNECT_LIMIT.as_secs())]
    Slow(Authority),
    /// Somebody there who is no WebSocket server of subprotocol `binary`.
    #[error("the target {0} is no WebSocket for VNC: {1}")]
    Handshake(Authority, #[source] Box<tungstenite::Error>),
    /// The connection broke.
    #[error("the target's connection failed: {0}")]
    Lost(#[from] io::Error),
    /// RFC 6455 is broken.
    #[error("the target sent {0}")]
    WebSocket(#[from] PumpError),
}

/// A target that was reached.
pub(crate) struct Connection {
    /// What it says.
    pub(crate) reader: Box<dyn AsyncRead + Send + Unpin>,
    /// Where it listens.
    pub(crate) writer: Box<dyn AsyncWrite + Send + Unpin>,
    pump: Option<Pump>,
}

/// What carries a WebSocket's bytes.
struct Pump {
    /// Its end is the pump's farewell.
    open: oneshot::Sender<()>,
    task: JoinHandle<Result<(), PumpError>>,
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let is_whole = |authority: &Authority| {
            !authority.as_str().contains('@') && !authority.host().is_empty() && authority.port_u16() > Some(0)
        };
        let target = if text.starts_with("ws://") {
            let uri: Uri = text.parse().map_err(|_| NotATarget)?;
            Self::WebSocket(uri.authority().ok_or(NotATarget)?.clone(), uri)
        } else {
            Self::Tcp(text.parse().map_err(|_| NotATarget)?)
        };
        if is_whole(target.authority()) { Ok(target) } else { Err(NotATarget) }
    }
}

impl Target {
    /// `HOST:PORT`
    pub(crate) fn authority(&self) -> &Authority {
        match self {
            Self::Tcp(authority) | Self::WebSocket(authority, _) => authority,
        }
    }

    /// Reaches it.
    pub(crate) async fn connect(&self) -> Result<Connection, TargetError> {
        let connecting = async {
            let address = self.authority();
            let unreachable = |error| TargetError::Unreachable(address.clone(), error);
            let stream = TcpStream::connect(address.as_str()).await.map_err(unreachable)?;
            // Keys are small, and wait for nothing.
            stream.set_nodelay(true).map_err(unreachable)?;
            match self {
                Self::Tcp(_) => Ok(Connection::tcp(stream)),
                Self::WebSocket(_, uri) => {
                    let refused = |error| TargetError::Handshake(address.clone(), Box::new(error));
                    Ok(Connection::web_socket(shake_hands(uri, stream).await.map_err(refused)?))
                }
            }
        };
        timeout(CONNECT_LIMIT, connecting).await.unwrap_or_else(|_| Err(TargetError::Slow(self.authority().clone())))
    }
}

async fn shake_hands(uri: &Uri, stream: TcpStream) -> Result<WebSocketStream<TcpStream>, tungstenite::Error> {
    let mut request = uri.into_client_request()?;
    // An answer without it is refused by tungstenite.
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let (socket, _) = client_async_with_config(request, stream, Some(websocket::config())).await?;
    Ok(socket)
}

impl Connection {
    fn tcp(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: Box::new(reader), writer: Box::new(writer), pump: None }
    }

    fn web_socket(socket: WebSocketStream<TcpStream>) -> Self {
        let (near, far) = tokio::io::duplex(ON_ITS_WAY);
        let (open, told) = oneshot::channel::<()>();
        let task = tokio::spawn(websocket::join(socket, far, async {
            _ = told.await;
            CloseFrame { code: CloseCode::Normal, reason: "".into() }
        }));
        let (reader, writer) = tokio::io::split(near);
        Self { reader: Box::new(reader), writer: Box::new(writer), pump: Some(Pump { open, task }) }
    }

    /// Why there is no more to read.
    pub(crate) async fn verdict(&mut self) -> Result<(), TargetError> {
        match self.pump.take() {
            // A task that is not there any more ended with the runtime.
            Some(Pump { open: _open, task }) => Ok(task.await.unwrap_or(Ok(()))?),
            None => Ok(()),
        }
    }

    /// Leaves the target with all that was written to it.
    pub(crate) async fn leave(mut self) {
        let leaving = async {
            _ = self.writer.shutdown().await;
            drop(self.pump.map(|pump| pump.open));
            // A socket that is dropped with bytes unread is reset, and takes the last ones written with it.
            _ = tokio::io::copy(&mut self.reader, &mut tokio::io::sink()).await;
        };
        _ = timeout(FAREWELL_LIMIT, leaving).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_two_forms() {
        for good in ["127.0.0.1:5901", "[::1]:5901", "qemu.example:1"] {
            let target = good.parse().unwrap();
            assert!(matches!(&target, Target::Tcp(authority) if authority == good), "{target:?}");
        }
        for (good, path) in [("ws://h:5701", "/"), ("ws://h:5701/a/b?c=d", "/a/b?c=d"), ("ws://[::1]:5701/", "/")] {
            match good.parse().unwrap() {
                Target::WebSocket(authority, uri) => {
                    assert_eq!(uri.path_and_query().unwrap(), path);
                    assert_eq!(authority.port_u16(), Some(5701));
                }
                other => panic!("{other:?}"),
            }
        }
        let bad = [
            "",
            "h",
            ":1",
            "h:",
            "h:0",
            "h:65536",
            "h::1",
            "::1:5901",
            "h:1/",
            "u@h:1",
            "a b:1",
            "ws://h",
            "ws://h/p",
            "ws://",
            "ws://:1",
            "ws://u@h:1",
            "wss://h:1",
            "http://h:1",
            "vnc://h:1",
        ];
        for bad in bad {
            assert_eq!(bad.parse::<Target>(), Err(NotATarget), "{bad}");
        }
    }
}
