//! A real VNC server in place of a simulated display: over plain TCP, or over a WebSocket.

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

use super::STREAM_CAPACITY;
use crate::websocket::server_handshake::SUBPROTOCOL;
use crate::websocket::{self, BridgeError};

/// How long connecting to a target may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a target may take to read the last bytes and to close its side.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The address of a VNC server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// RFB over TCP, as Xtigervnc and QEMU speak it.
    Tcp(Authority),
    /// RFB in binary messages, as QEMU's `websocket=` and websockify speak it.
    WebSocket(Authority, Uri),
}

/// A text that is no target.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a target; use HOST:PORT (plain RFB) or ws://HOST:PORT[/PATH] (RFB in a WebSocket)")]
pub struct InvalidTarget;

/// Why a target cannot serve a client.
#[derive(Debug, Error)]
pub(crate) enum TargetError {
    /// The connection was refused.
    #[error("could not connect to the target {0}: {1}")]
    Unreachable(Authority, #[source] io::Error),
    /// No connection within [`CONNECT_TIMEOUT`].
    #[error("could not connect to the target {0} within {limit} s", limit = CONNECT_TIMEOUT.as_secs())]
    Slow(Authority),
    /// The server does not speak WebSocket with the subprotocol `binary`.
    #[error("the target {0} is not a VNC WebSocket: {1}")]
    Handshake(Authority, #[source] Box<tungstenite::Error>),
    /// The connection broke.
    #[error("the target's connection failed: {0}")]
    Lost(#[from] io::Error),
    /// The target broke the rules of RFC 6455.
    #[error("the target sent {0}")]
    WebSocket(#[from] BridgeError),
}

/// A connection to a target.
pub(crate) struct Connection {
    pub(crate) reader: Box<dyn AsyncRead + Send + Unpin>,
    pub(crate) writer: Box<dyn AsyncWrite + Send + Unpin>,
    web_socket: Option<WebSocketTask>,
}

/// The task that carries a WebSocket's bytes.
struct WebSocketTask {
    /// Dropping it makes the task send a Close frame.
    close: oneshot::Sender<()>,
    task: JoinHandle<Result<(), BridgeError>>,
}

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let is_complete = |authority: &Authority| {
            !authority.as_str().contains('@') && !authority.host().is_empty() && authority.port_u16() > Some(0)
        };
        let target = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("ws") => {
                let uri: Uri = format!("ws://{rest}").parse().map_err(|_| InvalidTarget)?;
                Self::WebSocket(uri.authority().ok_or(InvalidTarget)?.clone(), uri)
            }
            _ => Self::Tcp(text.parse().map_err(|_| InvalidTarget)?),
        };
        if is_complete(target.authority()) { Ok(target) } else { Err(InvalidTarget) }
    }
}

impl Target {
    /// The address of the server, as `HOST:PORT`.
    pub(crate) fn authority(&self) -> &Authority {
        match self {
            Self::Tcp(authority) | Self::WebSocket(authority, _) => authority,
        }
    }

    /// Connects within [`CONNECT_TIMEOUT`].
    pub(crate) async fn connect(&self) -> Result<Connection, TargetError> {
        let connecting = async {
            let address = self.authority();
            let unreachable = |error| TargetError::Unreachable(address.clone(), error);
            let stream = TcpStream::connect(address.as_str()).await.map_err(unreachable)?;
            // Keys are small and must not wait for more bytes.
            stream.set_nodelay(true).map_err(unreachable)?;
            match self {
                Self::Tcp(_) => Ok(Connection::tcp(stream)),
                Self::WebSocket(_, uri) => {
                    let refused = |error| TargetError::Handshake(address.clone(), Box::new(error));
                    Ok(Connection::web_socket(open_web_socket(uri, stream).await.map_err(refused)?))
                }
            }
        };
        timeout(CONNECT_TIMEOUT, connecting).await.unwrap_or_else(|_| Err(TargetError::Slow(self.authority().clone())))
    }
}

async fn open_web_socket(uri: &Uri, stream: TcpStream) -> Result<WebSocketStream<TcpStream>, tungstenite::Error> {
    let mut request = uri.into_client_request()?;
    // tungstenite refuses an answer without it.
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    let (socket, _) = client_async_with_config(request, stream, Some(websocket::websocket_config())).await?;
    Ok(socket)
}

impl Connection {
    fn tcp(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader: Box::new(reader), writer: Box::new(writer), web_socket: None }
    }

    fn web_socket(socket: WebSocketStream<TcpStream>) -> Self {
        let (near, far) = tokio::io::duplex(STREAM_CAPACITY);
        let (close, closed) = oneshot::channel::<()>();
        let task = tokio::spawn(websocket::bridge(socket, far, async {
            _ = closed.await;
            CloseFrame { code: CloseCode::Normal, reason: "".into() }
        }));
        let (reader, writer) = tokio::io::split(near);
        Self { reader: Box::new(reader), writer: Box::new(writer), web_socket: Some(WebSocketTask { close, task }) }
    }

    /// The error of a WebSocket that has ended, if it has one.
    pub(crate) async fn check_end(&mut self) -> Result<(), TargetError> {
        match self.web_socket.take() {
            // A task that cannot be joined ended with the runtime.
            Some(WebSocketTask { close: _close, task }) => Ok(task.await.unwrap_or(Ok(()))?),
            None => Ok(()),
        }
    }

    /// Closes the connection once the target has read all that was written to it, within [`CLOSE_TIMEOUT`].
    pub(crate) async fn close(mut self) {
        let closing = async {
            _ = self.writer.shutdown().await;
            drop(self.web_socket.map(|task| task.close));
            // A socket that is dropped with bytes unread is reset, and loses the last ones written.
            _ = tokio::io::copy(&mut self.reader, &mut tokio::io::sink()).await;
        };
        _ = timeout(CLOSE_TIMEOUT, closing).await;
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
            assert_eq!(bad.parse::<Target>(), Err(InvalidTarget), "{bad}");
        }
    }
}
