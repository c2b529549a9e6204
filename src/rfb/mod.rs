//! RFC 6143, the remote framebuffer protocol: a client, a server, and an observer that follows the
//! sessions of other clients.
//!
//! ```text
//! server's bytes ─┐
//!                 ├→ observer ─ handshake (to ServerInit) → client_messages → when a keepalive can be sent
//! client's bytes ─┘
//!
//! stream → client ─┬→ decode → framebuffer
//!                  └← keys, pointer events, requests
//! stream ← server ← pixels of any screen
//! ```
//!
//! - [`protocol`], [`encoding`], [`version`], [`pixel_format`]: numbers and layouts of messages
//! - [`client`]: a session over any stream
//! - [`server`]: the parts of a server for one client
//! - [`vnc_auth`]: the password of VNC authentication: pure
//! - [`decode`]: one file for each encoding of rectangles: pure
//! - [`pixels`], [`framebuffer`], [`coverage`]: from the server's pixels to red, green and blue: pure
//! - [`cursor_shape`]: the pointer's shape: pure
//! - [`moved_area`]: an area whose pixels come from another place: pure
//! - [`observer`]: reads along with both sides of a session: pure

mod client;
mod coverage;
mod cursor_shape;
mod decode;
pub(crate) mod encoding;
mod framebuffer;
mod moved_area;
pub(crate) mod observer;
mod pixel_format;
mod pixels;
pub(crate) mod protocol;
pub(crate) mod server;
#[cfg(test)]
mod test_formats;
mod version;
mod vnc_auth;

pub(crate) use client::PointerMode;
pub use client::{Client, ClientError, ClientOptions, Event};
pub(crate) use cursor_shape::CursorShape;
pub use encoding::Encoding;
pub use framebuffer::Framebuffer;
pub(crate) use moved_area::MovedArea;
pub use observer::{DesyncReason, Observer};
pub use pixel_format::PixelFormat;
pub use pixels::PixelMode;
pub(crate) use version::{NotAVersion, Version};
