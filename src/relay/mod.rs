//! Joins a viewer to a console: bytes both ways, a keepalive where it harms nothing, and why it ended.
//!
//! ```text
//! viewer ─ read → [watch] → mask → one frame a read ──────→ console
//! viewer ← one write ← slices of what was read ← deframe ── console
//! ```
//!
//! - [`dial`]: from a VncUrl to an open WebSocket
//! - [`carry`]: the session, generic over both streams: the same for a relay, the page and an RFB client
//! - [`down`], [`up`]: its two directions
//! - [`leave`]: the last bytes, which are not lost
//! - [`pool`]: buffers, which a session has while bytes are on their way, and not while it is idle
//! - [`again`]: when to connect again after a drop: pure
//! - [`drops`]: what an end means, in words, and when somebody else is on the console: pure

pub(crate) mod backoff;
pub(crate) mod bridge;
pub(crate) mod buffer_pool;
pub(crate) mod dial;
pub(crate) mod disconnect;
mod downstream;
mod drain;
mod upstream;

pub(crate) use backoff::Backoff;
pub(crate) use bridge::{BridgeContext, BridgeEnd, Keepalive, bridge};
pub(crate) use buffer_pool::BufferPool;
pub(crate) use dial::{DialError, dial};
pub(crate) use disconnect::{DropReason, TakeoverDetector};
pub(crate) use drain::drain;
