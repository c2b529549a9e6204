//! What a client does: keys. RFC 6143, section 7.5.4.

use tokio::io::{AsyncRead, AsyncWrite};

use super::super::protocol;
use super::{Client, ClientError};

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Whether the server has said that it takes scancodes. It says so with an update, so that it is known after
    /// [`Client::whole_screen`].
    pub(crate) fn takes_scancodes(&self) -> bool {
        self.updates.takes_scancodes
    }

    /// A key goes down or up: by its scancode where there is one and the server takes it (rfbproto.rst, "QEMU Extended Key
    /// Event Message"), else by its keysym (RFC 6143, section 7.5.4).
    ///
    /// Scancodes are those of an XT keyboard, set 1; those with the prefix 0xE0 have it in their higher byte.
    pub(crate) async fn key(&mut self, keysym: u32, scancode: Option<u16>, is_down: bool) -> Result<(), ClientError> {
        self.is_unheard = true;
        match scancode.filter(|_| self.takes_scancodes()) {
            Some(scancode) => self.wire.push(&protocol::qemu_key_event(is_down, keysym, scancode)),
            None => self.wire.push(&protocol::key_event(is_down, keysym)),
        }
        Ok(self.wire.flush().await?)
    }
}
