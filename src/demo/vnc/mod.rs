//! The far side of a demo account's VncUrl: a console that speaks RFB in a WebSocket.
//!
//! ```text
//! WebSocket → bytes → rfb ─ handshake → message → screen → test_card
//! ```
//!
//! - [`rfb`]: the session: one client, its idle limit, the answers sent
//! - [`handshake`]: versions 3.3, 3.7 and 3.8 up to ServerInit
//! - [`message`]: what a client says, bounded
//! - [`screen`]: what the client has asked for and not seen: pure
//! - [`pixel_format`], [`area`]: words of the wire: pure
//! - [`test_card`], [`font`]: the picture: pure

pub mod area;
pub mod font;
pub mod handshake;
pub mod message;
pub mod pixel_format;
pub mod rfb;
pub mod screen;
pub mod test_card;

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

pub use self::rfb::{End, RfbError, serve};
use crate::websocket;

/// How much may be on its way between the WebSocket and the server, in bytes.
const ON_ITS_WAY: usize = 64 << 10;

/// A console for one client, on a WebSocket that is already upgraded (with [`websocket::config`]).
///
/// The Close frame says how it ended: 1000 in good order, 1002 for a client that was not understood. What is wrong
/// with the WebSocket itself is an [`RfbError::Stream`] around a [`websocket::PumpError`].
pub async fn session<S>(socket: WebSocketStream<S>, name: &str, idle_limit: Duration) -> Result<End, RfbError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (near, far) = tokio::io::duplex(ON_ITS_WAY);
    let (done, told) = oneshot::channel();
    let serving = async {
        let ended = serve(near, name, idle_limit).await;
        // Nobody is told when the client went first.
        _ = done.send(farewell(&ended));
        ended
    };
    let farewell = async { told.await.unwrap_or(CloseFrame { code: CloseCode::Away, reason: "".into() }) };
    let (ended, pumped) = tokio::join!(serving, websocket::join(socket, far, farewell));
    // When both complain, the pump's is the cause: it cuts the server's stream.
    pumped.map_err(|error| RfbError::Stream(io::Error::other(error)))?;
    ended
}

fn farewell(ended: &Result<End, RfbError>) -> CloseFrame {
    let (code, reason) = match ended {
        Ok(End::ClientLeft) => (CloseCode::Normal, "bye".to_owned()),
        Ok(End::Idle) => (CloseCode::Normal, "nothing was heard from the viewer for too long".to_owned()),
        Err(error) => (CloseCode::Protocol, error.to_string()),
    };
    CloseFrame { code, reason: reason.into() }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
