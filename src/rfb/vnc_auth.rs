//! VNC authentication. RFC 6143, section 7.2.2.

use des::Des;
use des::cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use super::protocol::length;
use crate::secret::Secret;

/// Encrypts the server's challenge with the password, of which only the first eight bytes count. A shorter password is
/// padded with zeros.
pub(crate) fn encrypt_challenge(
    password: &Secret,
    mut challenge: [u8; length::VNC_CHALLENGE],
) -> [u8; length::VNC_CHALLENGE] {
    let mut key = Zeroizing::new([0; 8]);
    for (key, byte) in key.iter_mut().zip(password.expose().bytes()) {
        // The first implementation reversed the bits of each byte, and all others follow it (RFC 6143, erratum 4951).
        *key = byte.reverse_bits();
    }
    let cipher = Des::new((&*key).into());
    for block in challenge.as_chunks_mut::<8>().0 {
        cipher.encrypt_block(block.into());
    }
    challenge
}
