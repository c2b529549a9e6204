//! What a client says after the handshake. RFC 6143, section 7.5.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::rfb::RfbError;
use crate::picture::Rectangle;
use crate::rfb::PixelFormat;

/// RFC 6143, section 7.5.1.
const SET_PIXEL_FORMAT: u8 = 0;
/// RFC 6143, section 7.5.2.
const SET_ENCODINGS: u8 = 2;
/// RFC 6143, section 7.5.3.
const FRAMEBUFFER_UPDATE_REQUEST: u8 = 3;
/// RFC 6143, section 7.5.4.
const KEY_EVENT: u8 = 4;
/// RFC 6143, section 7.5.5.
const POINTER_EVENT: u8 = 5;
/// RFC 6143, section 7.5.6.
const CLIENT_CUT_TEXT: u8 = 6;

/// Source: QEMU's docs/interop/vnc-ext-key-event and the community's rfbproto, section "QEMU Client Message".
const QEMU: u8 = 255;
/// Its submessage with a key in it.
const QEMU_EXTENDED_KEY_EVENT: u8 = 0;
/// The pseudo-encoding by which both sides agree on that.
pub(crate) const EXTENDED_KEY_EVENT: i32 = -258;

/// The longest text a client may cut, in bytes. The RFC has no bound.
pub(crate) const LONGEST_CUT: u32 = 1 << 20;

/// What this server makes of a client's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientMessage {
    /// SetPixelFormat, section 7.5.1.
    SetPixelFormat(PixelFormat),
    /// FramebufferUpdateRequest, section 7.5.3.
    UpdateRequest {
        /// Whether the client knows the area's former contents.
        incremental: bool,
        /// The area, which may be empty, or larger than the picture.
        area: Rectangle,
    },
    /// KeyEvent, section 7.5.4.
    Key {
        /// Whether it goes down.
        down: bool,
        /// Which key, in X Window System numbers.
        keysym: u32,
    },
    /// QEMU Extended Key Event: its scancode is the key, its keysym only what the client makes of it.
    ExtendedKey {
        /// Whether it goes down.
        down: bool,
        /// XT, set 1.
        scancode: u32,
    },
    /// SetEncodings, section 7.5.2. Any client takes Raw (section 7.7).
    Encodings {
        /// Whether QEMU Extended Key Events may come.
        extended_keys: bool,
    },
    /// PointerEvent or ClientCutText: read and done with.
    Ignored,
}

/// Reads a message to its end. `None` when the client has left between two.
pub(crate) async fn read<R>(stream: &mut R) -> Result<Option<ClientMessage>, RfbError>
where
    R: AsyncRead + Unpin,
{
    let Some(kind) = byte(stream).await? else { return Ok(None) };
    let message = match kind {
        SET_PIXEL_FORMAT => {
            let [_, _, _, format @ ..]: [u8; 19] = bytes(stream).await?;
            ClientMessage::SetPixelFormat(format.try_into()?)
        }
        SET_ENCODINGS => {
            let [_, count @ ..]: [u8; 3] = bytes(stream).await?;
            let mut extended_keys = false;
            for _ in 0..u16::from_be_bytes(count) {
                extended_keys |= i32::from_be_bytes(bytes(stream).await?) == EXTENDED_KEY_EVENT;
            }
            ClientMessage::Encodings { extended_keys }
        }
        FRAMEBUFFER_UPDATE_REQUEST => {
            let [incremental, x0, x1, y0, y1, w0, w1, h0, h1] = bytes(stream).await?;
            let [x, y, width, height] = [[x0, x1], [y0, y1], [w0, w1], [h0, h1]].map(u16::from_be_bytes);
            ClientMessage::UpdateRequest { incremental: incremental != 0, area: Rectangle { x, y, width, height } }
        }
        KEY_EVENT => {
            let [down, _, _, keysym @ ..]: [u8; 7] = bytes(stream).await?;
            ClientMessage::Key { down: down != 0, keysym: u32::from_be_bytes(keysym) }
        }
        POINTER_EVENT => skip(stream, 5).await?,
        CLIENT_CUT_TEXT => {
            let [_, _, _, length @ ..]: [u8; 7] = bytes(stream).await?;
            let length = u32::from_be_bytes(length);
            if length > LONGEST_CUT {
                return Err(RfbError::CutText(length));
            }
            skip(stream, length.into()).await?
        }
        QEMU => {
            let [kind]: [u8; 1] = bytes(stream).await?;
            if kind != QEMU_EXTENDED_KEY_EVENT {
                return Err(RfbError::QemuMessage(kind));
            }
            let [down0, down1, _, _, _, _, scancode @ ..]: [u8; 10] = bytes(stream).await?;
            let down = u16::from_be_bytes([down0, down1]) != 0;
            ClientMessage::ExtendedKey { down, scancode: u32::from_be_bytes(scancode) }
        }
        unknown => return Err(RfbError::Message(unknown)),
    };
    Ok(Some(message))
}

/// Reads one byte. `None` when the client has left.
pub(crate) async fn byte<R>(stream: &mut R) -> Result<Option<u8>, RfbError>
where
    R: AsyncRead + Unpin,
{
    let mut byte = [0];
    let count = stream.read(&mut byte).await?;
    let [byte] = byte;
    Ok((count != 0).then_some(byte))
}

/// Reads a fixed number of bytes, all of which must come.
pub(crate) async fn bytes<R, const N: usize>(stream: &mut R) -> Result<[u8; N], RfbError>
where
    R: AsyncRead + Unpin,
{
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Reads past `count` bytes, in pieces of a few kilobytes.
async fn skip<R>(stream: &mut R, count: u64) -> Result<ClientMessage, RfbError>
where
    R: AsyncRead + Unpin,
{
    let skipped = tokio::io::copy(&mut stream.take(count), &mut tokio::io::sink()).await?;
    if skipped == count { Ok(ClientMessage::Ignored) } else { Err(RfbError::CutOff) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All messages in `wire`, up to its end or the first error.
    async fn read_all(mut wire: &[u8]) -> (Vec<ClientMessage>, Option<RfbError>) {
        let mut messages = Vec::new();
        loop {
            match read(&mut wire).await {
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
            ClientMessage::Encodings { extended_keys: false },
            ClientMessage::UpdateRequest { incremental: true, area },
            ClientMessage::Key { down: true, keysym: 0xff0d },
            ClientMessage::Ignored,
            ClientMessage::Ignored,
            ClientMessage::Key { down: false, keysym: 0x61 },
            ClientMessage::Encodings { extended_keys: true },
            ClientMessage::ExtendedKey { down: true, scancode: 30 },
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
        assert_eq!(messages, [ClientMessage::Encodings { extended_keys: false }, ClientMessage::Ignored]);
        assert!(error.is_none(), "{error:?}");
    }
}
