//! Connects a viewer to a console: copies bytes both ways, sends keepalives, and explains why the session ended.
//!
//! ```text
//! viewer ─ read → [observer] → mask → one frame per read ─→ console
//! viewer ← one vectored write ← payloads of one read ← deframe ── console
//! ```
//!
//! - [`dial`]: from a VncUrl to an open WebSocket
//! - [`bridge`]: the session, generic over both streams, for `relay`, the console page and the RFB client
//! - [`upstream`], [`downstream`]: its two directions
//! - [`local_greeting`]: greets a viewer before its console is opened
//! - [`drain`]: delivers the last bytes to the viewer
//! - [`buffer_pool`]: lends buffers to sessions, so that an idle session has none
//! - [`backoff`]: when to reconnect (pure)
//! - [`disconnect`]: why a session ended, and whether another session took the console over (pure)

pub(crate) mod backoff;
pub(crate) mod bridge;
pub(crate) mod buffer_pool;
pub(crate) mod context;
pub(crate) mod dial;
pub(crate) mod disconnect;
mod downstream;
mod drain;
mod frame_writer;
pub(crate) mod local_greeting;
mod shared;
mod upstream;

pub(crate) use backoff::ReconnectBackoff;
pub(crate) use bridge::{BridgeEnd, bridge};
pub(crate) use buffer_pool::BufferPool;
pub(crate) use context::{BridgeContext, Keepalive};
pub(crate) use dial::{DialError, dial};
pub(crate) use disconnect::{DropReason, TakeoverDetector};
pub(crate) use drain::drain;
pub(crate) use local_greeting::LocalGreeting;
