//! Joins a WebSocket to a byte stream. Binary messages carry the bytes; where a message ends has no meaning. RFC 6455.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, error::ProtocolError};

/// The longest message that a client may send, in bytes.
const MAX_RECEIVED_MESSAGE_LEN: usize = 1 << 20;
/// The longest message that is sent to a client, in bytes.
const MAX_SENT_MESSAGE_LEN: usize = 64 << 10;
/// The longest reason of a Close frame, in bytes: 125 without the code. RFC 6455, section 5.5.
const MAX_REASON_LEN: usize = 123;
/// How long a client may take to receive the last bytes, and then to answer the Close frame.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Why a client's connection is closed with an error.
#[derive(Debug, Error)]
pub enum BridgeError {
    /// RFB is binary.
    #[error("a text message; only binary messages are supported")]
    Text,
    /// The client violates RFC 6455, or sends too long a message.
    #[error("invalid WebSocket message: {0}")]
    WebSocket(#[source] Box<tungstenite::Error>),
}

type Outgoing<S> = SplitSink<WebSocketStream<S>, Message>;
type Incoming<S> = SplitStream<WebSocketStream<S>>;

/// The limits of a WebSocket whose connection has been upgraded. Longer messages are refused before memory is allocated.
pub fn websocket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .max_message_size(Some(MAX_RECEIVED_MESSAGE_LEN))
        .max_frame_size(Some(MAX_RECEIVED_MESSAGE_LEN))
        .max_write_buffer_size(MAX_RECEIVED_MESSAGE_LEN)
}

/// Carries bytes in both directions until one side ends, then closes the WebSocket and the stream.
///
/// `server` is the stream to the server. `close_frame` becomes ready when the server has finished and dropped its end; the
/// frame follows the last bytes, and a reason that is too long is cut. A client that leaves with or without a Close frame is
/// not an error.
pub async fn bridge<S>(
    socket: WebSocketStream<S>,
    server: DuplexStream,
    close_frame: impl Future<Output = CloseFrame>,
) -> Result<(), BridgeError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut outgoing, mut incoming) = socket.split();
    let (from_server, to_server) = tokio::io::split(server);
    let mut close_frame = pin!(close_frame);
    let (ended, frame) = {
        let mut forwarding = pin!(async {
            tokio::select! {
                () = forward_to_client(from_server, &mut outgoing) => Ok(Ended::Server),
                result = forward_to_server(&mut incoming, to_server) => result.map(|()| Ended::Client),
            }
        });
        tokio::select! {
            ended = &mut forwarding => (ended, None),
            // The server has finished; its last bytes are sent while the client receives them.
            frame = &mut close_frame => (timeout(CLOSE_TIMEOUT, forwarding).await.unwrap_or(Ok(Ended::Client)), Some(frame)),
        }
    };
    let (frame, result) = match ended {
        Ok(Ended::Client) => return Ok(()),
        Ok(Ended::Server) => {
            let frame = match frame {
                Some(frame) => frame,
                None => close_frame.await,
            };
            (frame, Ok(()))
        }
        Err(error) => (error_frame(&error), Err(error)),
    };
    // After an error, too, the Close frame says why.
    _ = timeout(CLOSE_TIMEOUT, close(outgoing, incoming, frame)).await;
    result
}

enum Ended {
    Client,
    Server,
}

/// Forwards bytes until the server ends. That the client is gone is noticed by [`forward_to_server`].
async fn forward_to_client<S>(mut from_server: ReadHalf<DuplexStream>, outgoing: &mut Outgoing<S>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut buffer = vec![0; MAX_SENT_MESSAGE_LEN];
    loop {
        // A stream in memory does not fail.
        let count = from_server.read(&mut buffer).await.unwrap_or_default();
        match buffer.get(..count) {
            None | Some([]) => return,
            Some(read) => {
                if outgoing.send(Message::Binary(Bytes::copy_from_slice(read))).await.is_err() {
                    return std::future::pending().await;
                }
            }
        }
    }
}

/// Forwards bytes until the client ends.
async fn forward_to_server<S>(
    incoming: &mut Incoming<S>,
    mut to_server: WriteHalf<DuplexStream>,
) -> Result<(), BridgeError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = incoming.next().await {
        match message {
            // A server that has finished reads no more, but its last bytes are still on their way to the client.
            Ok(Message::Binary(bytes)) => _ = to_server.write_all(&bytes).await,
            Ok(Message::Text(_)) => return Err(BridgeError::Text),
            // tungstenite answers pings and Close frames with the next read.
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_)) => {}
            // The client is gone.
            Err(tungstenite::Error::Io(_)) => return Ok(()),
            Err(tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => return Ok(()),
            Err(error) => return Err(BridgeError::WebSocket(Box::new(error))),
        }
    }
    Ok(())
}

/// RFC 6455, section 7.4.1.
fn error_frame(error: &BridgeError) -> CloseFrame {
    let code = match error {
        BridgeError::Text => CloseCode::Unsupported,
        BridgeError::WebSocket(error) => match **error {
            tungstenite::Error::Capacity(_) => CloseCode::Size,
            _ => CloseCode::Protocol,
        },
    };
    CloseFrame { code, reason: error.to_string().into() }
}

/// Does the closing handshake. RFC 6455, section 7.1.2.
async fn close<S>(mut outgoing: Outgoing<S>, mut incoming: Incoming<S>, frame: CloseFrame)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut end = frame.reason.len().min(MAX_REASON_LEN);
    while !frame.reason.is_char_boundary(end) {
        end -= 1;
    }
    let reason = frame.reason.get(..end).unwrap_or_default().to_owned();
    if outgoing.send(Message::Close(Some(CloseFrame { code: frame.code, reason: reason.into() }))).await.is_ok() {
        // What the client sends before its Close frame is ignored.
        while let Some(Ok(_)) = incoming.next().await {}
    }
}

#[cfg(test)]
#[path = "bridge_tests.rs"]
mod tests;
