//! Follows the client's messages after the handshake. RFC 6143, section 7.5, and the extensions of the community's protocol
//! document (rfbproto.rst). A client announces an extension among its encodings before it uses it.

use super::desync_reason::DesyncReason;
use crate::picture::Rectangle;
use crate::rfb::encoding::Encoding;
use crate::rfb::protocol::{
    EXTENDED_BUTTONS_BIT, GENERAL_INPUT_BIG_ENDIAN_BIT, client_message, decode_rectangle, length, qemu_message,
};

/// The longest start of a message that is read, in bytes. The rest is skipped.
const MAX_START_LEN: usize = length::FRAMEBUFFER_UPDATE_REQUEST;

/// The extensions that change the client's messages.
const EXTENSIONS: [Encoding; 10] = [
    Encoding::DesktopSize,
    Encoding::QemuExtendedKeyEvent,
    Encoding::QemuAudio,
    Encoding::GeneralInput,
    Encoding::ExtendedDesktopSize,
    Encoding::Xvp,
    Encoding::Fence,
    Encoding::ContinuousUpdates,
    Encoding::ExtendedMouseButtons,
    Encoding::ExtendedClipboard,
];

/// Finds where the client's messages begin and end.
#[derive(Debug)]
pub(crate) struct ClientMessages {
    /// The start of the current message, or an encoding of SetEncodings.
    start: [u8; MAX_START_LEN],
    start_len: usize,
    /// How many bytes of the current message are still to be skipped.
    to_skip: u64,
    /// How many encodings of a SetEncodings are still to come.
    encodings: u16,
    /// Which of [`EXTENSIONS`] the client has announced, one bit each.
    announced: u16,
    /// Width and height of the screen, in pixels, as far as the client knows.
    size: (u16, u16),
}

/// What the start of a message says about the rest.
enum Rest {
    /// More of the start is needed.
    Unknown,
    /// So many bytes, which are skipped.
    Bytes(u64),
    /// So many encodings of four bytes.
    Encodings(u16),
    /// None: the message is a FramebufferUpdateRequest.
    UpdateRequest(Rectangle),
}

impl ClientMessages {
    /// Starts after the handshake, with the screen size of ServerInit.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self { start: [0; MAX_START_LEN], start_len: 0, to_skip: 0, encodings: 0, announced: 0, size }
    }

    /// Whether the last message is complete and the next has not begun.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.start_len == 0 && self.to_skip == 0 && self.encodings == 0
    }

    /// Width and height of the screen, in pixels: those of ServerInit, or of the client's last request from the top left
    /// corner on, if the client has announced that it understands changes of the size.
    pub(crate) fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Adds bytes from the client.
    pub(crate) fn add_bytes(&mut self, mut bytes: &[u8]) -> Result<(), DesyncReason> {
        loop {
            if self.to_skip > 0 {
                let count = usize::try_from(self.to_skip).unwrap_or(usize::MAX).min(bytes.len());
                self.to_skip -= count as u64;
                bytes = &bytes[count..];
            }
            let Some((first, rest)) = bytes.split_first() else {
                return Ok(());
            };
            (self.start[self.start_len], bytes) = (*first, rest);
            self.start_len += 1;
            if self.encodings > 0 {
                self.read_encoding();
                continue;
            }
            match self.rest()? {
                Rest::Unknown => continue,
                Rest::Bytes(count) => self.to_skip = count,
                Rest::Encodings(count) => (self.encodings, self.announced) = (count, 0),
                Rest::UpdateRequest(area) => self.update_size(area),
            }
            self.start_len = 0;
        }
    }

    /// Reads an encoding of SetEncodings, once its four bytes are there.
    fn read_encoding(&mut self) {
        if self.start_len < length::ENCODING {
            return;
        }
        let [a, b, c, d, ..] = self.start;
        let number = i32::from_be_bytes([a, b, c, d]);
        if let Some(index) = EXTENSIONS.iter().position(|known| known.number() == number) {
            self.announced |= 1 << index;
        }
        self.encodings -= 1;
        self.start_len = 0;
    }

    /// A client that has not announced changes of the size knows no other size than that of ServerInit.
    fn update_size(&mut self, area: Rectangle) {
        let size_changes = [Encoding::DesktopSize, Encoding::ExtendedDesktopSize];
        let can_change = size_changes.into_iter().any(|encoding| self.has_announced(encoding));
        if can_change && (area.x, area.y) == (0, 0) && !area.is_empty() {
            self.size = (area.width, area.height);
        }
    }

    fn has_announced(&self, encoding: Encoding) -> bool {
        EXTENSIONS.iter().position(|known| *known == encoding).is_some_and(|index| self.announced & (1 << index) != 0)
    }

    /// What follows the start of the current message.
    fn rest(&self) -> Result<Rest, DesyncReason> {
        let start = &self.start[..self.start_len];
        let kind = start[0];
        let require = |extension| {
            if self.has_announced(extension) { Ok(()) } else { Err(DesyncReason::UnknownMessage(kind)) }
        };
        let u16_at = |at: usize| u16::from_be_bytes([start[at], start[at + 1]]);
        let u32_at = |at: usize| u32::from_be_bytes([start[at], start[at + 1], start[at + 2], start[at + 3]]);
        // For a message of a fixed length.
        let fixed = |length: usize| Ok(Rest::Bytes((length - start.len()) as u64));
        // For a message whose length depends on its first bytes.
        let needs = |length: usize| (start.len() < length).then_some(Rest::Unknown);
        match kind {
            client_message::SET_PIXEL_FORMAT => fixed(length::SET_PIXEL_FORMAT),
            client_message::SET_ENCODINGS => {
                Ok(needs(length::SET_ENCODINGS_HEADER).unwrap_or_else(|| match u16_at(2) {
                    0 => Rest::Bytes(0),
                    count => Rest::Encodings(count),
                }))
            }
            client_message::FRAMEBUFFER_UPDATE_REQUEST => match *start {
                [_, _, x0, x1, y0, y1, w0, w1, h0, h1] => {
                    Ok(Rest::UpdateRequest(decode_rectangle([x0, x1, y0, y1, w0, w1, h0, h1])))
                }
                _ => Ok(Rest::Unknown),
            },
            client_message::KEY_EVENT => fixed(length::KEY_EVENT),
            client_message::POINTER_EVENT => match start.get(1) {
                None => Ok(Rest::Unknown),
                Some(mask)
                    if mask & EXTENDED_BUTTONS_BIT != 0 && self.has_announced(Encoding::ExtendedMouseButtons) =>
                {
                    fixed(length::EXTENDED_POINTER_EVENT)
                }
                Some(_) => fixed(length::POINTER_EVENT),
            },
            // A negative length announces a message of Extended Clipboard, and its absolute value is the length.
            client_message::CLIENT_CUT_TEXT => match needs(length::CUT_TEXT_HEADER) {
                Some(more) => Ok(more),
                None => match u32_at(4) as i32 {
                    length if length >= 0 => Ok(Rest::Bytes(length as u64)),
                    length if self.has_announced(Encoding::ExtendedClipboard) => {
                        Ok(Rest::Bytes(length.unsigned_abs().into()))
                    }
                    _ => Err(DesyncReason::MessageLength(kind)),
                },
            },
            client_message::ENABLE_CONTINUOUS_UPDATES => {
                require(Encoding::ContinuousUpdates)?;
                fixed(length::ENABLE_CONTINUOUS_UPDATES)
            }
            client_message::FENCE => {
                require(Encoding::Fence)?;
                match (needs(length::FENCE_HEADER), start.last()) {
                    (Some(more), _) => Ok(more),
                    (None, Some(&payload @ 0..=length::MAX_FENCE_PAYLOAD)) => Ok(Rest::Bytes(payload.into())),
                    _ => Err(DesyncReason::MessageLength(kind)),
                }
            }
            client_message::XVP => {
                require(Encoding::Xvp)?;
                fixed(length::XVP)
            }
            client_message::SET_DESKTOP_SIZE => {
                require(Encoding::ExtendedDesktopSize)?;
                let screens = || Rest::Bytes(u64::from(start[6]) * length::SCREEN as u64);
                Ok(needs(length::SET_DESKTOP_SIZE_HEADER).unwrap_or_else(screens))
            }
            client_message::GENERAL_INPUT => {
                require(Encoding::GeneralInput)?;
                Ok(needs(length::GENERAL_INPUT_HEADER).unwrap_or_else(|| {
                    let is_big_endian = start[1] & GENERAL_INPUT_BIG_ENDIAN_BIT != 0;
                    let length = if is_big_endian { u16_at(2) } else { u16_at(2).swap_bytes() };
                    Rest::Bytes(length.into())
                }))
            }
            client_message::QEMU => match (needs(length::QEMU_HEADER), start.get(1)) {
                (Some(more), _) => Ok(more),
                (None, Some(&qemu_message::EXTENDED_KEY_EVENT)) => {
                    require(Encoding::QemuExtendedKeyEvent)?;
                    fixed(length::QEMU_EXTENDED_KEY_EVENT)
                }
                (None, Some(&qemu_message::AUDIO)) => {
                    require(Encoding::QemuAudio)?;
                    Ok(needs(length::QEMU_AUDIO_HEADER).unwrap_or_else(|| match u16_at(2) {
                        qemu_message::AUDIO_SET_FORMAT => Rest::Bytes(length::QEMU_AUDIO_FORMAT as u64),
                        _ => Rest::Bytes(0),
                    }))
                }
                _ => Err(DesyncReason::UnknownMessage(kind)),
            },
            _ => Err(DesyncReason::UnknownMessage(kind)),
        }
    }
}
