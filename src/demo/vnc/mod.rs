//! The far side of a demo account's VncUrl: a console that speaks RFB in a WebSocket.
//!
//! ```text
//! WebSocket → bytes → session ─┬→ rfb ─ handshake → message → screen → display ← the API's screenshots
//!                              └→ carry → target (TCP | WebSocket): a real VNC server
//! ```
//!
//! - [`session`]: one client, its Close frame, and how all this ends
//! - [`rfb`]: the server of a simulated display: its idle limit, the answers sent
//! - [`handshake`]: versions 3.3, 3.7 and 3.8 up to ServerInit
//! - [`message`]: what a client says, bounded
//! - [`screen`]: what the client has asked for and not seen: pure
//! - [`target`], [`carry`]: a real VNC server in place of the simulated display

pub(crate) mod carry;
pub mod handshake;
pub mod message;
pub mod rfb;
pub mod screen;
pub(crate) mod session;
pub(crate) mod target;

pub(crate) use self::rfb::Console;
pub(crate) use self::session::{FarSide, session};
pub(crate) use self::target::Target;

/// How much may be on its way between a WebSocket and the other side, in bytes.
const ON_ITS_WAY: usize = 64 << 10;

/// How a session ends in good order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The client has left.
    ClientLeft,
    /// The client was silent for too long, so the server closes.
    Idle,
    /// Somebody else has opened the console.
    TakenOver,
    /// The target has closed its connection.
    TargetClosed,
}
