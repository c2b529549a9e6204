//! An RFB client: reads the screen, and sends keys and pointer events.
//!
//! ```text
//! stream ─ handshake → connection ─→ server_messages ─→ decode → screen
//!                           └←── requests, keys, pointer events
//! ```
//!
//! - [`handshake`]: versions 3.3, 3.7 and 3.8, security None and VNC authentication
//! - [`connection`]: a bounded input buffer, and calls that can be cancelled
//! - [`server_messages`]: the server's messages: pure
//! - [`input`]: key and pointer events

mod connection;
mod error;
mod handshake;
mod input;
mod limits;
mod server_messages;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::yield_now;
use tokio::time::timeout;

use self::connection::Connection;
pub use self::error::ClientError;
pub(crate) use self::input::PointerMode;
use self::server_messages::{Progress, ServerMessages};
use super::cursor_shape::CursorShape;
use super::decode::{Canvas, DecodeError};
use super::encoding::Encoding;
use super::framebuffer::Framebuffer;
use super::moved_area::MovedArea;
use super::pixel_format::PixelFormat;
use super::pixels::PixelMode;
use super::protocol::{self, client_message, led};
use crate::picture::Rectangle;
use crate::secret::Secret;

/// Extensions that the client announces. It announces no JPEG quality, so that all pixels are exact.
const PSEUDO_ENCODINGS: [Encoding; 6] = [
    Encoding::DesktopSize,
    Encoding::ExtendedDesktopSize,
    Encoding::LastRect,
    Encoding::QemuExtendedKeyEvent,
    Encoding::QemuLedState,
    Encoding::QemuPointerMotionChange,
];

/// How many pixels are decoded before other tasks run, so that a time limit holds whatever the server sends.
const MAX_PIXELS_PER_TURN: u32 = 4 << 20;

/// What each message counts for in [`MAX_PIXELS_PER_TURN`], besides the pixels that it draws.
const MESSAGE_COST: u32 = 4 << 10;

/// How long the rest of a screen may take after a part of it, before the whole screen is requested again. Servers that have
/// more to send have it at hand; QEMU takes up to 0.7 s for a whole screen.
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// How a client wants its session.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// The VNC password. RFC 6143, section 7.2.2.
    pub password: Option<Secret>,
    /// Whether other clients may stay connected. RFC 6143, section 7.3.1.
    pub shared: bool,
    /// How the server encodes a pixel.
    pub pixels: PixelMode,
    /// How the server encodes rectangles, in order of preference. It may use Raw in any case.
    pub encodings: &'static [Encoding],
    /// Whether the server sends the shape of the pointer. It may draw the pointer on the screen otherwise.
    pub wants_cursor: bool,
}

impl ClientOptions {
    /// All supported encodings, the fastest for the first whole screen first: TigerVNC has it ready in 4.4 ms with Tight and
    /// in 6.6 ms with ZRLE. With QEMU the two are equal, in time and in bytes.
    pub const ENCODINGS: &'static [Encoding] =
        &[Encoding::Tight, Encoding::Zrle, Encoding::CopyRect, Encoding::Hextile, Encoding::Raw];
}

impl Default for ClientOptions {
    /// No password, shared, all encodings, and the pixel format of the real servers, so that neither side converts pixels.
    fn default() -> Self {
        let pixels = PixelMode::TrueColour(PixelFormat::NATIVE);
        Self { password: None, shared: true, pixels, encodings: Self::ENCODINGS, wants_cursor: false }
    }
}

/// The LEDs of the keyboard. rfbproto.rst, "QEMU LED State Pseudo-encoding".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leds {
    pub(crate) scroll_lock: bool,
    pub(crate) num_lock: bool,
    pub(crate) caps_lock: bool,
}

impl Leds {
    fn from_bits(bits: u8) -> Self {
        let is_lit = |led: u8| bits & led != 0;
        Self {
            scroll_lock: is_lit(led::SCROLL_LOCK),
            num_lock: is_lit(led::NUM_LOCK),
            caps_lock: is_lit(led::CAPS_LOCK),
        }
    }

    /// As in the protocol.
    pub(crate) fn bits(self) -> u8 {
        let bit = |is_lit: bool, led: u8| if is_lit { led } else { 0 };
        bit(self.scroll_lock, led::SCROLL_LOCK)
            | bit(self.num_lock, led::NUM_LOCK)
            | bit(self.caps_lock, led::CAPS_LOCK)
    }
}

/// A message from the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An update is complete, which answers a request. RFC 6143, section 7.6.1.
    Update {
        /// An area around everything that was drawn, `None` if nothing was. Its pixels may be the same as before.
        damage: Option<Rectangle>,
    },
    /// The screen has a new size, and is black. QEMU forgets earlier requests.
    Resized,
    /// RFC 6143, section 7.6.3.
    Bell,
    /// The state of the keyboard's LEDs.
    Leds(Leds),
    /// The pointer has another shape.
    Cursor,
}

/// A session with a server.
///
/// All calls but `connect` are cancel-safe, so they can have a time limit: no input is lost, and the next call sends the rest
/// of a message. After an error the session has ended.
#[derive(Debug)]
pub struct Client<S> {
    connection: Connection<S>,
    desktop_name: String,
    messages: ServerMessages,
    /// Whether a request for the whole screen is not fully answered yet.
    is_screen_requested: bool,
    /// Whether a request was sent after the end of the last update. Servers may answer several requests with one update.
    has_open_request: bool,
    /// Pixels decoded since other tasks ran.
    pixels_this_turn: u32,
    /// Whether a key or pointer event was sent, and no later request has been answered yet.
    has_unconfirmed_input: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Does the handshake. The pixel format and the encodings are sent with the next call.
    pub async fn connect(mut stream: S, options: &ClientOptions) -> Result<Self, ClientError> {
        let init = handshake::perform_handshake(&mut stream, options).await?;
        let canvas = Canvas::new(init.size, options.pixels).map_err(DecodeError::from)?;
        let mut connection = Connection::new(stream);
        connection.queue(&[client_message::SET_PIXEL_FORMAT, 0, 0, 0]);
        connection.queue(&options.pixels.encode());
        let cursor = options.wants_cursor.then_some(&Encoding::Cursor);
        let encodings = options.encodings.iter().chain(&PSEUDO_ENCODINGS).chain(cursor);
        connection.queue(&[client_message::SET_ENCODINGS, 0]);
        connection.queue(&(encodings.clone().count() as u16).to_be_bytes());
        encodings.for_each(|encoding| connection.queue(&encoding.number().to_be_bytes()));
        Ok(Self {
            connection,
            desktop_name: init.name,
            messages: ServerMessages::new(canvas),
            is_screen_requested: false,
            has_open_request: false,
            pixels_this_turn: 0,
            has_unconfirmed_input: false,
        })
    }

    /// The desktop name, safe to print. RFC 6143, section 7.3.2.
    pub(crate) fn desktop_name(&self) -> &str {
        &self.desktop_name
    }

    /// The screen, with what has been received so far.
    pub fn screen(&self) -> &Framebuffer {
        &self.messages.canvas.screen
    }

    /// Whether every pixel has been received since the last request for the whole screen, or the last change of its size.
    /// A screen without pixels is not complete: its console is about to set a video mode.
    pub(crate) fn is_screen_complete(&self) -> bool {
        !self.screen().bounds().is_empty() && self.messages.canvas.coverage.is_complete()
    }

    /// Whether a request was sent after the end of the last update: the server will answer it.
    pub(crate) fn has_open_request(&self) -> bool {
        self.has_open_request
    }

    /// Whether the server has read all keys and pointer events. Servers read messages in order, so it has once it has answered a later request
    /// for the whole screen.
    pub(crate) fn is_input_confirmed(&self) -> bool {
        !self.has_unconfirmed_input
    }

    /// The keyboard's LEDs, `None` if the server has not sent them.
    pub(crate) fn leds(&self) -> Option<Leds> {
        self.messages.leds
    }

    /// What the last update has moved, in its order: areas within its damage.
    pub(crate) fn moves(&self) -> &[MovedArea] {
        &self.messages.canvas.moves
    }

    /// The shape of the pointer, `None` if the server has not sent it.
    pub(crate) fn cursor(&self) -> Option<&Arc<CursorShape>> {
        self.messages.cursor.as_ref()
    }

    /// Requests the whole screen. RFC 6143, section 7.5.3.
    pub(crate) async fn request_screen(&mut self) -> Result<(), ClientError> {
        self.messages.canvas.expect_all();
        self.is_screen_requested = true;
        self.send_request(false).await
    }

    /// Requests what changes on the screen; the server answers when something does. RFC 6143, section 7.5.3.
    pub(crate) async fn request_changes(&mut self) -> Result<(), ClientError> {
        self.send_request(true).await
    }

    /// Requests what is missing of the screen that was requested, changed or not.
    pub(crate) async fn request_missing(&mut self) -> Result<(), ClientError> {
        self.send_request(false).await
    }

    /// Requests what is missing of the screen, or else what changes on it, unless a request is open.
    pub(crate) async fn keep_request_open(&mut self) -> Result<(), ClientError> {
        match (self.has_open_request, self.is_screen_complete()) {
            (true, _) => Ok(()),
            (false, true) => self.request_changes().await,
            (false, false) => self.request_rest().await,
        }
    }

    async fn send_request(&mut self, is_incremental: bool) -> Result<(), ClientError> {
        let request = protocol::framebuffer_update_request(is_incremental, self.screen().bounds());
        self.connection.queue(&request);
        self.has_open_request = true;
        Ok(self.connection.flush().await?)
    }

    /// Waits for the next event.
    pub async fn next_event(&mut self) -> Result<Event, ClientError> {
        self.connection.flush().await?;
        loop {
            if let Some(event) = self.advance().await? {
                return Ok(event);
            }
            self.fill().await?;
        }
    }

    /// Waits until the screen has the whole of the server's current picture.
    ///
    /// Servers answer every request, so answers to earlier requests, which are out of date, are read first. Only the answer to
    /// an incremental request that the server is sending at this moment can still come in between.
    pub async fn refresh_screen(&mut self) -> Result<(), ClientError> {
        self.drain().await?;
        if self.is_screen_requested {
            self.receive_screen(|_| false).await?;
        }
        self.request_screen().await?;
        self.receive_screen(|_| false).await?;
        self.has_unconfirmed_input = false;
        Ok(())
    }

    /// Waits until the screen that was requested is complete, or `is_enough` is true.
    pub(crate) async fn receive_screen(&mut self, is_enough: impl Fn(&Self) -> bool) -> Result<(), ClientError> {
        let mut is_partly_answered = false;
        while !self.is_screen_complete() && !is_enough(self) {
            if !self.has_open_request {
                self.request_rest().await?;
                is_partly_answered = true;
            }
            let next_event = self.next_event();
            if !is_partly_answered {
                next_event.await?;
            } else if let Ok(event) = timeout(REST_TIMEOUT, next_event).await {
                event?;
            } else {
                // What was received stays: the next answer may have another part only.
                self.send_request(false).await?;
                is_partly_answered = false;
            }
        }
        Ok(())
    }

    /// Requests what is missing of the screen after an update that did not complete it.
    async fn request_rest(&mut self) -> Result<(), ClientError> {
        match (self.screen().bounds().is_empty(), self.is_screen_requested) {
            // Nothing can be drawn on a screen without pixels. The server sends its size when it has one.
            (true, _) => Ok(()),
            // The screen had another size when it was requested. QEMU has forgotten the request.
            (false, false) => self.request_screen().await,
            // A server may send the screen in several updates, one a request (RFC 6143, section 7.5.3). TigerVNC's first has
            // its screen layout alone, after each request for the whole screen; the whole screen is the answer to this request.
            // QEMU answers this one only if something changes.
            (false, true) => self.request_changes().await,
        }
    }

    /// Reads everything that has arrived, to the end of the current message.
    async fn drain(&mut self) -> Result<(), ClientError> {
        self.connection.flush().await?;
        loop {
            while self.advance().await?.is_some() {}
            match self.fill().now_or_never() {
                Some(filled) => filled?,
                None if self.messages.is_between_messages() => return Ok(()),
                None => self.fill().await?,
            }
        }
    }

    /// Decodes what has arrived, up to the next event. `None` if more input is needed.
    async fn advance(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            if self.pixels_this_turn >= MAX_PIXELS_PER_TURN {
                self.pixels_this_turn = 0;
                yield_now().await;
            }
            let mut input = self.connection.input();
            let progress = self.messages.advance(&mut input);
            let remaining = input.len();
            self.connection.consume_up_to(remaining);
            match progress? {
                Progress::Event(event) => {
                    self.pixels_this_turn = self.pixels_this_turn.saturating_add(MESSAGE_COST);
                    self.is_screen_requested &= event != Event::Resized;
                    self.has_open_request &= !matches!(event, Event::Update { .. });
                    return Ok(Some(event));
                }
                Progress::NeedsInput => return Ok(None),
                Progress::Drawn { pixels } => self.pixels_this_turn = self.pixels_this_turn.saturating_add(pixels),
            }
        }
    }

    async fn fill(&mut self) -> Result<(), ClientError> {
        match self.connection.fill().await? {
            true => Ok(()),
            false if self.messages.is_between_messages() && self.connection.input().len() == 0 => {
                Err(ClientError::Closed)
            }
            false => Err(ClientError::ClosedInMessage),
        }
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;

#[cfg(test)]
mod screen_tests;
