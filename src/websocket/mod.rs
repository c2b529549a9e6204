//! RFC 6455 as far as VNC needs it: binary messages that carry a stream of bytes, subprotocol `binary`.
//!
//! - [`accept`]: the server's half of the opening handshake
//! - [`pump`]: an accepted WebSocket to bytes and back, and how it closes

pub mod accept;
pub mod pump;

pub use accept::{Accepted, NotAHandshake, accept};
pub use pump::{PumpError, config, join};
