//! What a client does: keys. RFC 6143, section 7.5.4.

use tokio::io::{AsyncRead, AsyncWrite};

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
        let [k0, k1, k2, k3] = keysym.to_be_bytes();
        match scancode.filter(|_| self.takes_scancodes()) {
            Some(scancode) => {
                let [c0, c1, c2, c3] = keycode(scancode).to_be_bytes();
                self.wire.push(&[255, 0, 0, is_down.into(), k0, k1, k2, k3, c0, c1, c2, c3]);
            }
            None => self.wire.push(&[4, is_down.into(), 0, 0, k0, k1, k2, k3]),
        }
        Ok(self.wire.flush().await?)
    }
}

/// As the message carries it: "2-byte XT scancodes whose first byte is 0xe0 and second byte is less than 0x7f are encoded
/// with the high bit of the first byte set", which QEMU and noVNC read as the second byte with its high bit set.
fn keycode(scancode: u16) -> u32 {
    match scancode.to_be_bytes() {
        [0xe0, second @ 0..0x7f] => u32::from(second | 0x80),
        _ => scancode.into(),
    }
}
