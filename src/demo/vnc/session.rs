//! One console: a WebSocket and its far side, until either ends or somebody else takes the console over.

use std::pin::pin;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::carry::carry;
use super::rfb::{self, Console, RfbError};
use super::target::{Target, TargetError};
use super::{End, ON_ITS_WAY};
use crate::websocket::{self, PumpError};

/// How long the far side may take for a client that has left.
const LAST_BYTES_LIMIT: Duration = Duration::from_secs(2);

/// What a console shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FarSide<'a> {
    /// A simulated display.
    Display(Console<'a>),
    /// What a real VNC server shows.
    Target(&'a Target),
}

/// Why a session cannot go on.
#[derive(Debug, Error)]
pub(crate) enum SessionError {
    /// The simulated display's server did not understand the client.
    #[error(transparent)]
    Rfb(#[from] RfbError),
    /// The target cannot be reached, or was lost.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The client's WebSocket is none.
    #[error(transparent)]
    WebSocket(#[from] PumpError),
}

/// A console for one client, on a WebSocket that is already upgraded (with [`websocket::config`]).
///
/// The Close frame says how it ended: 1000 in good order (also after `taken_over`), 1002 for a client that was not
/// understood, 1011 for a target that failed.
pub(crate) async fn session<S>(
    socket: WebSocketStream<S>,
    far_side: FarSide<'_>,
    idle_limit: Duration,
    taken_over: impl Future<Output = ()>,
) -> Result<End, SessionError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (near, far) = tokio::io::duplex(ON_ITS_WAY);
    let (done, told) = oneshot::channel();
    let serving = async {
        let mut reached = None;
        let playing = async {
            match far_side {
                FarSide::Display(console) => Ok(rfb::serve(near, console, idle_limit).await?),
                FarSide::Target(target) => {
                    let target = reached.insert(target.connect().await?);
                    let end = carry(near, &mut target.reader, &mut target.writer, idle_limit).await?;
                    if end == End::TargetClosed {
                        target.verdict().await?;
                    }
                    Ok(end)
                }
            }
        };
        let ended = tokio::select! {
            () = taken_over => Ok(End::TakenOver),
            ended = playing => ended,
        };
        // Nobody is told when the client went first.
        _ = done.send(farewell(&ended));
        if let Some(target) = reached {
            target.leave().await;
        }
        ended
    };
    let farewell = async { told.await.unwrap_or(CloseFrame { code: CloseCode::Away, reason: "".into() }) };
    let (mut serving, mut pumping) = (pin!(serving), pin!(websocket::join(socket, far, farewell)));
    let (ended, pumped) = tokio::select! {
        ended = &mut serving => (ended, pumping.await),
        pumped = &mut pumping => (timeout(LAST_BYTES_LIMIT, serving).await.unwrap_or(Ok(End::ClientLeft)), pumped),
    };
    // When both complain, the pump's is the cause: it cuts the far side's stream.
    pumped?;
    ended
}

fn farewell(ended: &Result<End, SessionError>) -> CloseFrame {
    let (code, reason) = match ended {
        Ok(End::ClientLeft) => (CloseCode::Normal, "bye".to_owned()),
        Ok(End::Idle) => (CloseCode::Normal, "nothing was heard from the viewer for too long".to_owned()),
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
