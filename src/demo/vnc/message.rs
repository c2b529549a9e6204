//! A client's messages after the handshake. RFC 6143, section 7.5.

use tokio::io::AsyncRead;

use super::error::RfbError;
use super::read::{read_array, read_byte, skip};
use crate::picture::Rectangle;
use crate::rfb::protocol::{client_message, decode_rectangle, length, qemu_message};
use crate::rfb::{Encoding, PixelFormat};

/// The longest ClientCutText that is taken, in bytes. The RFC has no limit.
const MAX_CUT_TEXT_LEN: u32 = 1 << 20;

/// A client's message, with the fields that this server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientMessage {
    /// RFC 6143, section 7.5.1.
    SetPixelFormat(PixelFormat),
    /// RFC 6143, section 7.5.3. The area may be empty, or larger than the picture.
    UpdateRequest { is_incremental: bool, area: Rectangle },
    /// KeyEvent. RFC 6143, section 7.5.4.
    Key { is_down: bool, keysym: u32 },
    /// QEMU Extended Key Event, without its keysym: the scancode of XT set 1 decides.
    ExtendedKey { is_down: bool, scancode: u32 },
    /// RFC 6143, section 7.5.2. Raw, the only encoding sent, need not be announced (section 7.7).
    SetEncodings { has_extended_keys: bool },
    /// PointerEvent or ClientCutText.
    Ignored,
}

/// Reads a message to its end, `None` if the client has left between two.
pub(crate) async fn read_message<R>(stream: &mut R) -> Result<Option<ClientMessage>, RfbError>
where
    R: AsyncRead + Unpin,
{
    let Some(kind) = read_byte(stream).await? else { return Ok(None) };
    let message = match kind {
        client_message::SET_PIXEL_FORMAT => {
            let [_, _, _, format @ ..] = read_array::<R, { length::SET_PIXEL_FORMAT - 1 }>(stream).await?;
            ClientMessage::SetPixelFormat(format.try_into()?)
        }
        client_message::SET_ENCODINGS => {
            let [_, count @ ..] = read_array::<R, { length::SET_ENCODINGS_HEADER - 1 }>(stream).await?;
            let mut has_extended_keys = false;
            for _ in 0..u16::from_be_bytes(count) {
                let number = i32::from_be_bytes(read_array(stream).await?);
                has_extended_keys |= number == Encoding::QemuExtendedKeyEvent.number();
            }
            ClientMessage::SetEncodings { has_extended_keys }
        }
        client_message::FRAMEBUFFER_UPDATE_REQUEST => {
            let [is_incremental, area @ ..] =
                read_array::<R, { length::FRAMEBUFFER_UPDATE_REQUEST - 1 }>(stream).await?;
            ClientMessage::UpdateRequest { is_incremental: is_incremental != 0, area: decode_rectangle(area) }
        }
        client_message::KEY_EVENT => {
            let [is_down, _, _, keysym @ ..] = read_array::<R, { length::KEY_EVENT - 1 }>(stream).await?;
            ClientMessage::Key { is_down: is_down != 0, keysym: u32::from_be_bytes(keysym) }
        }
        client_message::POINTER_EVENT => {
            read_array::<R, { length::POINTER_EVENT - 1 }>(stream).await?;
            ClientMessage::Ignored
        }
        client_message::CLIENT_CUT_TEXT => {
            let [_, _, _, len @ ..] = read_array::<R, { length::CUT_TEXT_HEADER - 1 }>(stream).await?;
            let (len, max) = (u32::from_be_bytes(len), MAX_CUT_TEXT_LEN);
            if len > max {
                return Err(RfbError::CutText { len, max });
            }
            skip(stream, len.into()).await?;
            ClientMessage::Ignored
        }
        client_message::QEMU => {
            let [kind]: [u8; 1] = read_array(stream).await?;
            if kind != qemu_message::EXTENDED_KEY_EVENT {
                return Err(RfbError::QemuMessage(kind));
            }
            let [down0, down1, _, _, _, _, scancode @ ..] =
                read_array::<R, { length::QEMU_EXTENDED_KEY_EVENT - length::QEMU_HEADER }>(stream).await?;
            let is_down = u16::from_be_bytes([down0, down1]) != 0;
            ClientMessage::ExtendedKey { is_down, scancode: u32::from_be_bytes(scancode) }
        }
        unknown => return Err(RfbError::Message(unknown)),
    };
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All messages in `wire`, up to its end or the first error.
    async fn read_all(mut wire: &[u8]) -> (Vec<ClientMessage>, Option<RfbError>) {
        let mut messages = Vec::new();
        loop {
            match read_message(&mut wire).await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, None),
                Err(error) => return (messages, Some(error)),
            }
        }
    }

    /// RFC 6143, sections 7.5.1 to 7.5.6, one of each, with something in the padding.
    const SESSION: &[&[u8]] = &[
        &[0, 9, 9, 9, 16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 9, 9, 9],
        &[2, 9, 0, 2, 0, 0, 0, 16, 255, 255, 255, 33],
        &[3, 1, 2, 127, 0, 3, 0, 9, 0, 1],
        &[4, 1, 9, 9, 0, 0, 255, 13],
        &[5, 1, 0, 5, 0, 6],
        &[6, 9, 9, 9, 0, 0, 0, 3, 4, 1, 9],
        &[4, 0, 9, 9, 0, 0, 0, 97],
        &[2, 9, 0, 2, 0, 0, 0, 0, 255, 255, 254, 254],
        &[255, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 30],
    ];

    #[tokio::test]
    async fn one_of_each() {
        let (messages, error) = read_all(&SESSION.concat()).await;
        let format = PixelFormat::try_from([16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]).unwrap();
        let area = Rectangle { x: 639, y: 3, width: 9, height: 1 };
        let expected = [
            ClientMessage::SetPixelFormat(format),
            ClientMessage::SetEncodings { has_extended_keys: false },
            ClientMessage::UpdateRequest { is_incremental: true, area },
            ClientMessage::Key { is_down: true, keysym: 0xff0d },
            ClientMessage::Ignored,
            ClientMessage::Ignored,
            ClientMessage::Key { is_down: false, keysym: 0x61 },
            ClientMessage::SetEncodings { has_extended_keys: true },
            ClientMessage::ExtendedKey { is_down: true, scancode: 30 },
        ];
        assert_eq!(messages, expected);
        assert!(error.is_none(), "{error:?}");
    }

    #[tokio::test]
    async fn a_message_cut_off_is_an_error_and_an_end_between_two_is_none() {
        let whole = SESSION.concat();
        let mut ends = vec![0];
        ends.extend(SESSION.iter().scan(0, |end, message| {
            *end += message.len();
            Some(*end)
        }));
        for length in 0..=whole.len() {
            let (_, error) = read_all(&whole[..length]).await;
            match error {
                None => assert!(ends.contains(&length), "{length}"),
                Some(RfbError::CutOff) => assert!(!ends.contains(&length), "{length}"),
                Some(error) => panic!("{length}: {error}"),
            }
        }
    }

    #[tokio::test]
    async fn what_is_unknown_or_too_long_is_named() {
        for (wire, message) in [
            (&[1][..], "a client message of type 1, which RFC 6143 does not know"),
            (&[254], "a client message of type 254, which RFC 6143 does not know"),
            (&[255, 1], "a QEMU client message of type 1, where only the Extended Key Event (0) is known"),
            (&[6, 0, 0, 0, 0, 16, 0, 1], "a cut text of 1048577 bytes, where 1048576 are the most"),
            (&[6, 0, 0, 0, 255, 255, 255, 255], "a cut text of 4294967295 bytes, where 1048576 are the most"),
            (
                &[0, 0, 0, 0, 24, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0],
                "an unusable pixel format: 24 bits per pixel are not supported, only 8, 16 and 32",
            ),
        ] {
            let (messages, error) = read_all(wire).await;
            assert_eq!((messages.len(), error.unwrap().to_string().as_str()), (0, message));
        }
    }

    #[tokio::test]
    async fn the_longest_of_each_is_read_to_its_end() {
        let mut wire = vec![2, 0, 255, 255];
        wire.resize(4 + 65535 * 4, 7);
        wire.extend([6, 0, 0, 0, 0, 16, 0, 0]);
        wire.resize(wire.len() + (1 << 20), 7);
        let (messages, error) = read_all(&wire).await;
        assert_eq!(messages, [ClientMessage::SetEncodings { has_extended_keys: false }, ClientMessage::Ignored]);
        assert!(error.is_none(), "{error:?}");
    }
}
