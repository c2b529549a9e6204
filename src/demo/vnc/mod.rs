//! The far side of a simulated VncUrl: a console that speaks RFB in a WebSocket.
//!
//! ```text
//! WebSocket → bytes → session ─┬→ rfb (rfb::server) → screen → display ← the API's screenshots
//!                              └→ bridge → target (TCP | WebSocket): a real VNC server
//! ```
//!
//! - [`session`]: one client, and the Close frame at its end
//! - [`rfb`]: the server of a simulated display
//! - [`screen`]: what the display shows, and what the client has not seen: pure
//! - [`target`], [`bridge`]: a real VNC server in place of the simulated display

mod bridge;
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
    /// The instance was stopped.
    PoweredOff,
    TargetClosed,
}
