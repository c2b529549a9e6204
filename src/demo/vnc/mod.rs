//! The far side of a simulated VncUrl: a console that speaks RFB in a WebSocket.
//!
//! ```text
//! WebSocket → bytes → session ─┬→ rfb ─ handshake → message → screen → display ← the API's screenshots
//!                              └→ bridge → target (TCP | WebSocket): a real VNC server
//! ```
//!
//! - [`session`]: one client, and the Close frame at its end
//! - [`rfb`]: the server of a simulated display; [`error`]: why it ends a session
//! - [`handshake`]: versions 3.3, 3.7 and 3.8 up to ServerInit
//! - [`message`], [`read`]: a client's messages, bounded
//! - [`screen`]: the client's requests, and the areas that it has not seen: pure
//! - [`target`], [`bridge`]: a real VNC server in place of the simulated display

mod bridge;
mod error;
mod handshake;
mod message;
mod read;
pub(crate) mod rfb;
mod screen;
mod session;
mod target;

pub(crate) use self::rfb::Console;
pub(crate) use self::session::{FarSide, serve_session};
pub(crate) use self::target::Target;

/// The capacity of the stream between a WebSocket and its other side, in bytes.
const STREAM_CAPACITY: usize = 64 << 10;

/// How a session ends in good order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    ClientLeft,
    /// The client has sent nothing for too long.
    Idle,
    /// Another session has opened the console.
    TakenOver,
    TargetClosed,
}
