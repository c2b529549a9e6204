//! A client of the protocol: it looks at a screen and presses keys.
//!
//! ```text
//! stream ─ handshake → wire ─→ updates ─→ decode → screen
//!                        └←── requests, keys
//! ```
//!
//! - [`handshake`]: versions 3.3, 3.7 and 3.8, None and VNC authentication ([`vnc_auth`])
//! - [`wire`]: a bounded buffer, and calls that may be dropped
//! - [`updates`]: the server's messages: pure
//! - [`input`]: a client's keys, down and up

mod error;
mod handshake;
mod input;
mod updates;
mod vnc_auth;
mod wire;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;

pub use self::error::ClientError;
use self::updates::{Progress, Updates};
use self::wire::Wire;
use super::decode::{Canvas, DecodeError};
use super::encoding::Encoding;
use super::framebuffer::Framebuffer;
use super::pixel_format::PixelFormat;
use super::pixels::Pixels;
use super::protocol::{self, client_message, led};
use crate::picture::Rectangle;
use crate::secret::Secret;

/// What is announced beside the encodings of pixels. No quality of JPEG is: the pixels are exact.
const PSEUDO_ENCODINGS: [Encoding; 5] = [
    Encoding::DesktopSize,
    Encoding::ExtendedDesktopSize,
    Encoding::LastRect,
    Encoding::QemuExtendedKeyEvent,
    Encoding::QemuLedState,
];

/// So many pixels are drawn at once; then others have their turn, so that a time limit holds whatever a server sends.
const AT_ONCE: u32 = 4 << 20;

/// As many pixels a message counts for, besides those it draws.
const MESSAGE: u32 = 4 << 10;

/// How a client wants its session.
#[derive(Clone, Debug)]
pub struct Options {
    /// The VNC password, if there is one. RFC 6143, section 7.2.2.
    pub password: Option<Secret>,
    /// Whether others may stay. RFC 6143, section 7.3.1.
    pub shared: bool,
    /// How pixels are to come.
    pub pixels: Pixels,
    /// Encodings of pixels, the best first. Servers may send Raw in any case.
    pub encodings: &'static [Encoding],
}

impl Options {
    /// The encodings that this client knows, in the order that serves it best. The first whole screen is the measure: TigerVNC
    /// has it ready in Tight after 4.4 ms, in ZRLE after 6.6; to QEMU they are one, in time and in bytes.
    pub const ENCODINGS: &'static [Encoding] =
        &[Encoding::Tight, Encoding::Zrle, Encoding::CopyRect, Encoding::Hextile, Encoding::Raw];
}

impl Default for Options {
    /// No password, shared, all encodings, and pixels as the real servers have them, which costs neither side a conversion.
    fn default() -> Self {
        let pixels = Pixels::TrueColour(PixelFormat::NATIVE);
        Self { password: None, shared: true, pixels, encodings: Self::ENCODINGS }
    }
}

/// The lamps of a keyboard. rfbproto.rst, "QEMU LED State Pseudo-encoding".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leds {
    /// Scroll Lock.
    pub(crate) scroll: bool,
    /// Num Lock.
    pub(crate) num: bool,
    /// Caps Lock.
    pub(crate) caps: bool,
}

impl Leds {
    fn from_bits(bits: u8) -> Self {
        let is_lit = |led: u8| bits & led != 0;
        Self { scroll: is_lit(led::SCROLL_LOCK), num: is_lit(led::NUM_LOCK), caps: is_lit(led::CAPS_LOCK) }
    }
}

/// What a server lets its client know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An update is complete, and with it a request is answered, whatever was drawn. RFC 6143, section 7.6.1.
    Update {
        /// An area around all that was drawn; nothing of it needs to look different. `None` when nothing was.
        damage: Option<Rectangle>,
    },
    /// The screen has a new size, and is black. QEMU forgets what was requested before.
    Resized,
    /// RFC 6143, section 7.6.3.
    Bell,
    /// The lamps of the keyboard.
    Leds(Leds),
}

/// A session.
///
/// All calls but `connect` may be dropped before they are done, for a time limit: nothing is lost, and what was half said is
/// said with the next call. After an error there is no session any more.
#[derive(Debug)]
pub struct Client<S> {
    wire: Wire<S>,
    name: String,
    updates: Updates,
    /// A request for the whole screen has not been answered in full.
    is_asked: bool,
    /// What was drawn since others had their turn, in pixels.
    drawn: u32,
    /// A key was sent, and no request behind it has been answered.
    is_unheard: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Greets a server. What the client wants is said with the first call.
    pub async fn connect(mut stream: S, options: &Options) -> Result<Self, ClientError> {
        let init = handshake::handshake(&mut stream, options).await?;
        let canvas = Canvas::new(init.size, options.pixels).map_err(DecodeError::from)?;
        let mut wire = Wire::new(stream);
        // SetPixelFormat, section 7.5.1.
        wire.push(&[client_message::SET_PIXEL_FORMAT, 0, 0, 0]);
        wire.push(&options.pixels.encode());
        // SetEncodings, section 7.5.2.
        let encodings = options.encodings.iter().chain(&PSEUDO_ENCODINGS);
        wire.push(&[client_message::SET_ENCODINGS, 0]);
        wire.push(&(encodings.clone().count() as u16).to_be_bytes());
        encodings.for_each(|encoding| wire.push(&encoding.number().to_be_bytes()));
        Ok(Self { wire, name: init.name, updates: Updates::new(canvas), is_asked: false, drawn: 0, is_unheard: false })
    }

    /// The desktop's name, fit for a terminal. RFC 6143, section 7.3.2.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What the screen shows, as far as it has come.
    pub fn screen(&self) -> &Framebuffer {
        &self.updates.canvas.screen
    }

    /// Whether every pixel has come since the whole screen was last requested, or since it has its size.
    pub(crate) fn is_complete(&self) -> bool {
        self.updates.canvas.coverage.is_complete()
    }

    /// Whether the server has read all keys: a whole screen has come that was requested behind them, and
    /// servers take messages in their order.
    pub(crate) fn is_heard(&self) -> bool {
        !self.is_unheard
    }

    /// The lamps of the keyboard, if the server has spoken of them.
    pub(crate) fn leds(&self) -> Option<Leds> {
        self.updates.leds
    }

    /// Requests all of the screen: at once, or what of it changes, when it does. RFC 6143, section 7.5.3.
    pub(crate) async fn request(&mut self, is_incremental: bool) -> Result<(), ClientError> {
        if !is_incremental {
            self.updates.canvas.expect_all();
            self.is_asked = true;
        }
        self.wire.push(&protocol::framebuffer_update_request(is_incremental, self.screen().bounds()));
        Ok(self.wire.flush().await?)
    }

    /// Waits for what the server says next.
    pub async fn next(&mut self) -> Result<Event, ClientError> {
        self.wire.flush().await?;
        loop {
            if let Some(event) = self.go_on().await? {
                return Ok(event);
            }
            self.fill().await?;
        }
    }

    /// Waits until the screen shows what it shows now, all of it.
    ///
    /// A server answers every request, so that what was requested before is read first: it is stale. Only an answer to an
    /// incremental request that is on its way at this moment can still come in between.
    pub async fn whole_screen(&mut self) -> Result<(), ClientError> {
        self.drain().await?;
        while self.is_asked && !self.is_complete() {
            self.next().await?;
        }
        self.request(false).await?;
        while !self.is_complete() {
            match self.next().await? {
                // QEMU has forgotten the request.
                Event::Resized => self.request(false).await?,
                // TigerVNC's server answers with the layout of its screens first, and then waits for a request for what is
                // new: all of it. To QEMU this one says nothing.
                Event::Update { damage: None } => self.request(true).await?,
                _ => {}
            }
        }
        self.is_unheard = false;
        Ok(())
    }

    /// Takes all that has come, without waiting for more, up to the end of the message under way.
    async fn drain(&mut self) -> Result<(), ClientError> {
        self.wire.flush().await?;
        loop {
            while self.go_on().await?.is_some() {}
            match self.fill().now_or_never() {
                Some(filled) => filled?,
                None if self.updates.is_between_messages() => return Ok(()),
                None => self.fill().await?,
            }
        }
    }

    /// Takes what has come, up to the next event.
    async fn go_on(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            if self.drawn >= AT_ONCE {
                self.drawn = 0;
                yield_now().await;
            }
            let mut input = self.wire.input();
            let progress = self.updates.go_on(&mut input);
            let left = input.len();
            self.wire.keep(left);
            match progress? {
                Progress::Event(event) => {
                    self.drawn = self.drawn.saturating_add(MESSAGE);
                    self.is_asked &= event != Event::Resized;
                    return Ok(Some(event));
                }
                Progress::Wanting => return Ok(None),
                Progress::Drawn(pixels) => self.drawn = self.drawn.saturating_add(pixels),
            }
        }
    }

    async fn fill(&mut self) -> Result<(), ClientError> {
        match self.wire.fill().await? {
            true => Ok(()),
            false if self.updates.is_between_messages() && self.wire.input().len() == 0 => Err(ClientError::Closed),
            false => Err(ClientError::CutOff),
        }
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
