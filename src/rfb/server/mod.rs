//! An RFB server for one client at a time, over any stream: the parts that a session is made of.
//!
//! ```text
//! stream ─ handshake → message → view ─ take_due → update → encode → stream
//!                                 ↑ damage, size, LEDs, name      ↑ pixels: PixelSource
//! ```
//!
//! - [`handshake`]: versions 3.3, 3.7 and 3.8, security None or VNC authentication, up to ServerInit
//! - [`message`], [`read`], [`client_encodings`]: a client's messages, bounded
//! - [`view`]: what the client has requested, knows and has not seen, in [`stale_area`]: pure
//! - [`announcement`]: sizes, names, LEDs and the colour map as the client reads them: pure
//! - [`update`], [`encode`]: an update in pieces, in the client's pixel format, as Raw, ZRLE or Tight
//!
//! A slow client gets newer pixels instead of a queue: an update is encoded when the client has requested it and has taken
//! the one before, piece by piece. What the console moves is moved by the client too, if it has the source as it was: else it
//! is encoded anew.

mod announcement;
mod client_encodings;
mod encode;
mod error;
mod handshake;
mod message;
mod pixel_source;
mod read;
mod stale_area;
mod update;
mod view;

pub(crate) use client_encodings::PixelEncoding;
pub(crate) use encode::Encoder;
pub(crate) use error::ServerError;
pub(crate) use handshake::{Security, accept, agree_on_security, agree_on_version, initialise, refuse};
pub(crate) use message::{ClientMessage, read_message};
pub(crate) use pixel_source::PixelSource;
pub(crate) use update::send_update;
pub(crate) use view::{ClientView, Update};
