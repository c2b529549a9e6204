//! Joins a WebSocket to a byte stream: binary messages carry the bytes, and their borders mean nothing. RFC 6455.

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

/// The longest message taken from a client, in bytes.
const LONGEST_MESSAGE: usize = 1 << 20;
/// The longest message sent, in bytes.
const PIECE: usize = 64 << 10;
/// The longest reason of a Close frame: 125 bytes less the code. RFC 6455, section 5.5.
const LONGEST_REASON: usize = 123;
/// How long a client may take for the last bytes, and then for its half of the closing handshake.
const FAREWELL_LIMIT: Duration = Duration::from_secs(2);

/// Why a client is sent away.
#[derive(Debug, Error)]
pub enum PumpError {
    /// RFB is not text.
    #[error("a text message, where only binary ones are understood")]
    Text,
    /// RFC 6455 is broken, or a message is too long.
    #[error("not a WebSocket message: {0}")]
    WebSocket(#[source] Box<tungstenite::Error>),
}

type Outgoing<S> = SplitSink<WebSocketStream<S>, Message>;
type Incoming<S> = SplitStream<WebSocketStream<S>>;

/// The limits to set where the connection is upgraded: whatever is longer is refused before memory is taken for it.
pub fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .max_message_size(Some(LONGEST_MESSAGE))
        .max_frame_size(Some(LONGEST_MESSAGE))
        .max_write_buffer_size(LONGEST_MESSAGE)
}

/// Carries bytes both ways until one side ends, and closes the WebSocket.
///
/// `bytes` leads to the server, and `farewell` becomes ready when that is done and has dropped its end: it is the
/// Close frame to send behind the last bytes (of a reason longer than the frame takes, the beginning is sent). A
/// client that leaves, with or without a Close frame, is no error. When this returns, the server reads an end.
pub async fn join<S>(
    socket: WebSocketStream<S>,
    bytes: DuplexStream,
    farewell: impl Future<Output = CloseFrame>,
) -> Result<(), PumpError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut outgoing, mut incoming) = socket.split();
    let (from_server, to_server) = tokio::io::split(bytes);
    let mut farewell = pin!(farewell);
    let (ended, frame) = {
        let mut carried = pin!(async {
            tokio::select! {
                () = down(from_server, &mut outgoing) => Ok(Ended::Server),
                result = up(&mut incoming, to_server) => result.map(|()| Ended::Client),
            }
        });
        tokio::select! {
            ended = &mut carried => (ended, None),
            // The server is done, and what it still had to say is on its way, if the client takes it.
            frame = &mut farewell => (timeout(FAREWELL_LIMIT, carried).await.unwrap_or(Ok(Ended::Client)), Some(frame)),
        }
    };
    let (frame, result) = match ended {
        Ok(Ended::Client) => return Ok(()),
        Ok(Ended::Server) => {
            let frame = match frame {
                Some(frame) => frame,
                None => farewell.await,
            };
            (frame, Ok(()))
        }
        Err(error) => (refusal(&error), Err(error)),
    };
    // Not even the client of a broken session is left without a word; but nobody waits for it for long.
    _ = timeout(FAREWELL_LIMIT, close(outgoing, incoming, frame)).await;
    result
}

enum Ended {
    Client,
    Server,
}

/// From the server to the client, to the server's end. A client that is gone shows on the way up.
async fn down<S>(mut from_server: ReadHalf<DuplexStream>, outgoing: &mut Outgoing<S>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut piece = vec![0; PIECE];
    loop {
        // A stream in memory does not fail.
        let count = from_server.read(&mut piece).await.unwrap_or_default();
        match piece.get(..count) {
            None | Some([]) => return,
            Some(read) => {
                if outgoing.send(Message::Binary(Bytes::copy_from_slice(read))).await.is_err() {
                    return std::future::pending().await;
                }
            }
        }
    }
}

/// From the client to the server, to the client's end.
async fn up<S>(incoming: &mut Incoming<S>, mut to_server: WriteHalf<DuplexStream>) -> Result<(), PumpError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = incoming.next().await {
        match message {
            // A server that is done reads no more; its last words still have to go down.
            Ok(Message::Binary(bytes)) => _ = to_server.write_all(&bytes).await,
            Ok(Message::Text(_)) => return Err(PumpError::Text),
            // Pings and closes are answered by tungstenite, as soon as the next message is asked for.
            Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_)) => {}
            // Just gone.
            Err(tungstenite::Error::Io(_)) => return Ok(()),
            Err(tungstenite::Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => return Ok(()),
            Err(error) => return Err(PumpError::WebSocket(Box::new(error))),
        }
    }
    Ok(())
}

/// RFC 6455, section 7.4.1.
fn refusal(error: &PumpError) -> CloseFrame {
    let code = match error {
        PumpError::Text => CloseCode::Unsupported,
        PumpError::WebSocket(error) => match **error {
            tungstenite::Error::Capacity(_) => CloseCode::Size,
            _ => CloseCode::Protocol,
        },
    };
    CloseFrame { code, reason: error.to_string().into() }
}

/// The closing handshake, begun from here. RFC 6455, section 7.1.2.
async fn close<S>(mut outgoing: Outgoing<S>, mut incoming: Incoming<S>, frame: CloseFrame)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut end = frame.reason.len().min(LONGEST_REASON);
    while !frame.reason.is_char_boundary(end) {
        end -= 1;
    }
    let reason = frame.reason.get(..end).unwrap_or_default().to_owned();
    if outgoing.send(Message::Close(Some(CloseFrame { code: frame.code, reason: reason.into() }))).await.is_ok() {
        // What the client still sends has nobody to go to.
        while let Some(Ok(_)) = incoming.next().await {}
    }
}

#[cfg(test)]
#[path = "bridge_tests.rs"]
mod tests;
