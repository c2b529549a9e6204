//! Keys and the pointer. RFC 6143, sections 7.5.4 and 7.5.5.

use tokio::io::{AsyncRead, AsyncWrite};

use super::super::protocol;
use super::{Client, ClientError};

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Whether the server accepts scancodes. A server says so in its first update, so the answer is final once
    /// [`Client::refresh_screen`] has returned.
    pub(crate) fn accepts_scancodes(&self) -> bool {
        self.messages.accepts_scancodes
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
        self.has_unconfirmed_keys = true;
        match scancode.filter(|_| self.accepts_scancodes()) {
            Some(scancode) => self.connection.queue(&protocol::qemu_key_event(is_down, keysym, scancode)),
            None => self.connection.queue(&protocol::key_event(is_down, keysym)),
        }
        Ok(self.connection.flush().await?)
    }

    /// Moves the pointer, and presses or releases its buttons: one bit each, the first for the left button. RFC 6143, section
    /// 7.5.5.
    pub(crate) async fn send_pointer(&mut self, buttons: u8, x: u16, y: u16) -> Result<(), ClientError> {
        self.connection.queue(&protocol::pointer_event(buttons, x, y));
        Ok(self.connection.flush().await?)
    }
}
