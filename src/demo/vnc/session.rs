//! One session: a WebSocket and its far side, until either ends or another session takes the console over.

use std::pin::pin;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::bridge::bridge;
use super::rfb::{self, Console};
use super::target::{Target, TargetError};
use super::{End, STREAM_CAPACITY};
use crate::rfb::server::ServerError;
use crate::websocket::{self, BridgeError};

/// How long the far side may take to read the last bytes of a client that has left.
const LAST_BYTES_TIMEOUT: Duration = Duration::from_secs(2);

/// What a console leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FarSide<'a> {
    /// A simulated display.
    Display(Console<'a>),
    /// A real VNC server.
    Target(&'a Target),
}

/// Why a session failed.
#[derive(Debug, Error)]
pub(crate) enum SessionError {
    /// The simulated display's server did not understand the client.
    #[error(transparent)]
    Rfb(#[from] ServerError),
    /// The target cannot be reached, or was lost.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The client broke the rules of WebSocket.
    #[error(transparent)]
    WebSocket(#[from] BridgeError),
}

/// Serves one client on a WebSocket that is already upgraded (with [`websocket::websocket_config`]).
///
/// The Close frame says how it ended: 1000 in good order (also if the account ends it), 1002 for a client that broke the
/// protocol, 1011 for a target that failed.
pub(crate) async fn serve_session<S>(
    socket: WebSocketStream<S>,
    far_side: FarSide<'_>,
    idle_limit: Duration,
    ended_by_account: impl Future<Output = End>,
) -> Result<End, SessionError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (near, far) = tokio::io::duplex(STREAM_CAPACITY);
    let (end_sender, end_receiver) = oneshot::channel();
    let serving = async {
        let mut connection = None;
        let bridging = async {
            match far_side {
                FarSide::Display(console) => Ok(rfb::serve(near, console, idle_limit).await?),
                FarSide::Target(target) => {
                    let target = connection.insert(target.connect().await?);
                    let end = bridge(near, &mut target.reader, &mut target.writer, idle_limit).await?;
                    if end == End::TargetClosed {
                        target.check_end().await?;
                    }
                    Ok(end)
                }
            }
        };
        let ended = tokio::select! {
            end = ended_by_account => Ok(end),
            ended = bridging => ended,
        };
        // If the client has left first, no Close frame is sent.
        _ = end_sender.send(close_frame(&ended));
        if let Some(target) = connection {
            target.close().await;
        }
        ended
    };
    let farewell = async { end_receiver.await.unwrap_or(CloseFrame { code: CloseCode::Away, reason: "".into() }) };
    let (mut serving, mut joining) = (pin!(serving), pin!(websocket::bridge(socket, far, farewell)));
    let (ended, joined) = tokio::select! {
        ended = &mut serving => (ended, joining.await),
        joined = &mut joining => (timeout(LAST_BYTES_TIMEOUT, serving).await.unwrap_or(Ok(End::ClientLeft)), joined),
    };
    // If both fail, the WebSocket's error is the cause: it cuts the far side's stream.
    joined?;
    ended
}

fn close_frame(ended: &Result<End, SessionError>) -> CloseFrame {
    let (code, reason) = match ended {
        Ok(End::ClientLeft) => (CloseCode::Normal, "bye".to_owned()),
        Ok(End::Idle) => (CloseCode::Normal, "nothing was heard from the viewer for too long".to_owned()),
        Ok(End::PoweredOff) => (CloseCode::Normal, "the instance was stopped".to_owned()),
        Ok(End::TakenOver) => (CloseCode::Normal, "another session was opened".to_owned()),
        Ok(End::TargetClosed) => (CloseCode::Normal, "the target closed the connection".to_owned()),
        Err(error @ SessionError::Target(_)) => (CloseCode::Error, error.to_string()),
        Err(error) => (CloseCode::Protocol, error.to_string()),
    };
    CloseFrame { code, reason: reason.into() }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
