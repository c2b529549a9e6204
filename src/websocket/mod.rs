//! The part of RFC 6455 that VNC needs: binary messages that carry a stream of bytes, with the subprotocol `binary`.
//!
//! - [`client_handshake`], [`server_handshake`]: the two sides of the opening handshake
//! - [`bridge`]: a WebSocket to a byte stream and back, and how it closes (with tungstenite's frames)
//! - [`frame`]: a client's frames: pure. The relay uses them instead of tungstenite's, because framing is most of what a relay
//!   costs: payloads are passed on from the buffer that they were read into, several frames in one write

pub(crate) mod bridge;
pub(crate) mod client_handshake;
pub mod frame;
pub mod server_handshake;

pub(crate) use bridge::BridgeError;
pub use bridge::{bridge, websocket_config};
pub(crate) use server_handshake::accept_handshake;
