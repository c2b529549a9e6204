//! RFC 6143, the remote framebuffer protocol: a client, and sessions of others followed from beside.
//!
//! ```text
//! server's bytes ─┐
//!                 ├→ watch ─ greeting (to ServerInit) → messages (the client's borders) → a keepalive, or none
//! client's bytes ─┘
//!
//! stream → client ─┬→ decode → framebuffer
//!                  └← keys, pointer
//! ```
//!
//! - [`protocol`], [`encoding`], [`version`], [`pixel_format`]: numbers and layouts of messages
//! - [`client`]: a session, generic over its stream
//! - [`decode`]: rectangles of pixels, one encoding a file: pure
//! - [`pixels`], [`framebuffer`], [`coverage`]: from the wire's colours to red, green and blue: pure
//! - [`watch`], [`greeting`], [`messages`]: from beside: pure

mod client;
mod coverage;
mod decode;
pub(crate) mod encoding;
mod framebuffer;
pub(crate) mod observer;
mod pixel_format;
mod pixels;
pub(crate) mod protocol;
mod version;

pub use client::{Client, ClientError, Event, Options};
pub use encoding::Encoding;
pub use framebuffer::Framebuffer;
pub(crate) use observer::{DesyncReason, Observer};
pub use pixel_format::PixelFormat;
pub(crate) use pixel_format::PixelFormatError;
pub use pixels::Pixels;
pub(crate) use version::{UnknownVersion, Version};
