//! RFC 6143, the remote framebuffer protocol, as far as it is followed from beside: pure.
//!
//! ```text
//! server's bytes ─┐
//!                 ├→ watch ─ greeting (to ServerInit) → messages (the client's borders) → a keepalive, or none
//! client's bytes ─┘
//! ```

mod greeting;
mod messages;
mod watch;

pub use greeting::Lost;
pub use watch::{KEEPALIVE_LENGTH, Watch};
