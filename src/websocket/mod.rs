//! RFC 6455 as far as VNC needs it: binary messages that carry a stream of bytes, subprotocol `binary`.
//!
//! - [`accept`]: the server's half of the opening handshake
//! - [`pump`]: an accepted WebSocket to bytes and back, and how it closes (tungstenite's framing)
//! - [`ask`]: the client's half of the opening handshake: pure
//! - [`frame`]: the client's frames: pure. Its own, since what a relay costs is framing: payloads are passed on from
//!   where they were read, several frames in one write.

pub(crate) mod bridge;
pub(crate) mod client_handshake;
pub mod frame;
pub mod server_handshake;

pub(crate) use bridge::PumpError;
pub use bridge::{config, join};
pub(crate) use server_handshake::accept;
