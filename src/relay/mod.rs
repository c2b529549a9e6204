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

pub mod backoff;
pub mod bridge;
pub mod buffer_pool;
pub mod dial;
pub mod disconnect;
mod downstream;
mod drain;
mod upstream;

pub use backoff::Backoff;
pub use bridge::{BridgeContext, BridgeEnd, BridgeOutcome, Keepalive, bridge};
pub use buffer_pool::BufferPool;
pub use dial::{DialError, dial};
pub use disconnect::{DropReason, TakeoverDetector};
pub use drain::drain;
