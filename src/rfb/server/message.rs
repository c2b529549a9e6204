//! A client's messages after the handshake. RFC 6143, section 7.5.

use tokio::io::AsyncRead;

use super::super::pixels::PixelMode;
use super::super::protocol::{client_message, decode_rectangle, length, qemu_message};
use super::client_encodings::ClientEncodings;
use super::error::ServerError;
use super::read::{read_array, read_byte, skip};
use crate::picture::Rectangle;

/// The longest ClientCutText that is taken, in bytes. The RFC has no limit.
const MAX_CUT_TEXT_LEN: u32 = 1 << 20;

/// A client's message, with the fields that a server uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientMessage {
    /// RFC 6143, section 7.5.1.
    SetPixelFormat(PixelMode),
    /// RFC 6143, section 7.5.2.
    SetEncodings(ClientEncodings),
    /// RFC 6143, section 7.5.3. The area may be empty, or larger than the picture.
    UpdateRequest { is_incremental: bool, area: Rectangle },
    /// KeyEvent. RFC 6143, section 7.5.4.
    Key { is_down: bool, keysym: u32 },
    /// QEMU Extended Key Event: its keycode is a scancode of XT set 1, in which bit 7 stands for the prefix 0xE0.
    ExtendedKey { is_down: bool, keysym: u32, keycode: u32 },
    /// PointerEvent, with one bit for each button that is down. RFC 6143, section 7.5.5.
    Pointer { buttons: u8, x: u16, y: u16 },
    /// SetDesktopSize: the client wants another size. rfbproto.rst, "SetDesktopSize".
    SetDesktopSize,
    /// ClientCutText, which no console takes.
    Ignored,
}

/// Reads a message to its end, `None` if the client has left between two.
pub(crate) async fn read_message<R>(stream: &mut R) -> Result<Option<ClientMessage>, ServerError>
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
            let mut encodings = ClientEncodings::default();
            for _ in 0..u16::from_be_bytes(count) {
                encodings.add(i32::from_be_bytes(read_array(stream).await?));
            }
            ClientMessage::SetEncodings(encodings)
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
            let [buttons, x0, x1, y0, y1] = read_array::<R, { length::POINTER_EVENT - 1 }>(stream).await?;
            ClientMessage::Pointer { buttons, x: u16::from_be_bytes([x0, x1]), y: u16::from_be_bytes([y0, y1]) }
        }
        client_message::CLIENT_CUT_TEXT => {
            let [_, _, _, len @ ..] = read_array::<R, { length::CUT_TEXT_HEADER - 1 }>(stream).await?;
            let (len, max) = (u32::from_be_bytes(len), MAX_CUT_TEXT_LEN);
            if len > max {
                return Err(ServerError::CutText { len, max });
            }
            skip(stream, len.into()).await?;
            ClientMessage::Ignored
        }
        client_message::SET_DESKTOP_SIZE => {
            let [_, _, _, _, _, screens, _] = read_array::<R, { length::SET_DESKTOP_SIZE_HEADER - 1 }>(stream).await?;
            skip(stream, u64::from(screens) * length::SCREEN as u64).await?;
            ClientMessage::SetDesktopSize
        }
        client_message::QEMU => {
            let [kind]: [u8; 1] = read_array(stream).await?;
            if kind != qemu_message::EXTENDED_KEY_EVENT {
                return Err(ServerError::QemuMessage(kind));
            }
            let [down0, down1, k0, k1, k2, k3, keycode @ ..] =
                read_array::<R, { length::QEMU_EXTENDED_KEY_EVENT - length::QEMU_HEADER }>(stream).await?;
            let is_down = u16::from_be_bytes([down0, down1]) != 0;
            let (keysym, keycode) = (u32::from_be_bytes([k0, k1, k2, k3]), u32::from_be_bytes(keycode));
            ClientMessage::ExtendedKey { is_down, keysym, keycode }
        }
        unknown => return Err(ServerError::Message(unknown)),
    };
    Ok(Some(message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfb::PixelFormat;

    fn encodings(numbers: &[i32]) -> ClientEncodings {
        let mut encodings = ClientEncodings::default();
        numbers.iter().for_each(|number| encodings.add(*number));
        encodings
    }

    /// All messages in `wire`, up to its end or the first error.
    async fn read_all(mut wire: &[u8]) -> (Vec<ClientMessage>, Option<ServerError>) {
        let mut messages = Vec::new();
        loop {
            match read_message(&mut wire).await {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, None),
                Err(error) => return (messages, Some(error)),
            }
        }
    }

    /// RFC 6143, sections 7.5.1 to 7.5.6, and rfbproto.rst, one of each, with something in the padding.
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
        &[255, 0, 0, 0, 0, 0, 255, 81, 0, 0, 0, 0xcb],
        &[0, 9, 9, 9, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9],
        &[251, 9, 3, 32, 2, 88, 1, 9, 0, 0, 0, 1, 0, 0, 0, 0, 3, 32, 2, 88, 0, 0, 0, 0],
    ];

    #[tokio::test]
    async fn one_of_each() {
        let (messages, error) = read_all(&SESSION.concat()).await;
        let format = PixelFormat::try_from([16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]).unwrap();
        let area = Rectangle { x: 639, y: 3, width: 9, height: 1 };
        let expected = [
            ClientMessage::SetPixelFormat(PixelMode::TrueColour(format)),
            ClientMessage::SetEncodings(encodings(&[16, -223])),
            ClientMessage::UpdateRequest { is_incremental: true, area },
            ClientMessage::Key { is_down: true, keysym: 0xff0d },
            ClientMessage::Pointer { buttons: 1, x: 5, y: 6 },
            ClientMessage::Ignored,
            ClientMessage::Key { is_down: false, keysym: 0x61 },
            ClientMessage::SetEncodings(encodings(&[0, -258])),
            ClientMessage::ExtendedKey { is_down: true, keysym: 0x61, keycode: 30 },
            ClientMessage::ExtendedKey { is_down: false, keysym: 0xff51, keycode: 0xcb },
            ClientMessage::SetPixelFormat(PixelMode::ColourMap),
            ClientMessage::SetDesktopSize,
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
                Some(ServerError::CutOff) => assert!(!ends.contains(&length), "{length}"),
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
        assert_eq!(messages, [ClientMessage::SetEncodings(encodings(&[])), ClientMessage::Ignored]);
        assert!(error.is_none(), "{error:?}");
    }
}
