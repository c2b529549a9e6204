//! Keys and the pointer. RFC 6143, sections 7.5.4 and 7.5.5.

use tokio::io::{AsyncRead, AsyncWrite};

use super::super::protocol::{self, NO_MOTION};
use super::{Client, ClientError};

/// How a server takes positions of the pointer. rfbproto.rst, "QEMU Pointer Motion Change Pseudo-encoding".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PointerMode {
    /// As pixels of the screen. All servers but QEMU, and QEMU if the guest has a tablet.
    Absolute,
    /// As motion: the guest has a mouse only, and decides itself how far the pointer goes.
    Relative,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Whether the server accepts scancodes. A server says so in its first update, so the answer is final once
    /// [`Client::refresh_screen`] has returned.
    pub(crate) fn accepts_scancodes(&self) -> bool {
        self.messages.accepts_scancodes
    }

    /// How the server takes positions now. QEMU says so before its first update, and again when it changes.
    pub(crate) fn pointer_mode(&self) -> PointerMode {
        self.messages.pointer_mode
    }

    /// Presses or releases a key. The server gets the scancode if there is one and it accepts scancodes (rfbproto.rst, "QEMU
    /// Extended Key Event Message"), the keysym otherwise (RFC 6143, section 7.5.4).
    ///
    /// A scancode is that of an XT keyboard, set 1, with the prefix 0xE0 in its higher byte.
    pub(crate) async fn send_key(
        &mut self,
        keysym: u32,
        scancode: Option<u16>,
        is_down: bool,
    ) -> Result<(), ClientError> {
        match scancode.filter(|_| self.accepts_scancodes()) {
            Some(scancode) => self.send_input(&protocol::qemu_key_event(is_down, keysym, scancode)).await,
            None => self.send_input(&protocol::key_event(is_down, keysym)).await,
        }
    }

    /// Says where the pointer is, in pixels, and which buttons are down: bit 0 is the left one. RFC 6143, section 7.5.5.
    pub(crate) async fn send_pointer(&mut self, buttons: u8, x: u16, y: u16) -> Result<(), ClientError> {
        self.send_input(&protocol::pointer_event(buttons, x, y)).await
    }

    /// Says how far the pointer moves, for [`PointerMode::Relative`], and which buttons are down.
    pub(crate) async fn send_motion(&mut self, buttons: u8, dx: i16, dy: i16) -> Result<(), ClientError> {
        let [x, y] = [dx, dy].map(|motion| NO_MOTION.wrapping_add_signed(motion));
        self.send_input(&protocol::pointer_event(buttons, x, y)).await
    }

    async fn send_input(&mut self, message: &[u8]) -> Result<(), ClientError> {
        self.has_unconfirmed_input = true;
        self.connection.queue(message);
        Ok(self.connection.flush().await?)
    }
}
