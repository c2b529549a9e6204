//! Where a client's messages begin and end, after the greeting. RFC 6143, section 7.5, and the extensions of the
//! community's protocol document (rfbproto.rst), each of which a client announces among its encodings before it uses it.

use super::handshake::DesyncReason;
use crate::rfb::encoding::Encoding;
use crate::rfb::protocol::{EXTENDED_BUTTONS_BIT, GENERAL_INPUT_BIG_ENDIAN_BIT, client_message, length, qemu_message};

/// The longest part of a message that is looked at, in bytes.
const LOOKED_AT: usize = length::FRAMEBUFFER_UPDATE_REQUEST;

/// What a client announces that changes its messages.
const FOLLOWED: [Encoding; 10] = [
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

/// Follows a client's messages.
#[derive(Debug)]
pub(crate) struct Messages {
    looked_at: [u8; LOOKED_AT],
    have: usize,
    /// What is still to come of a message, unseen.
    rest: u64,
    /// How many encodings of a SetEncodings are still to come.
    encodings: u16,
    /// Which of `FOLLOWED` the client has announced, a bit each.
    announced: u16,
    /// Width and height of the framebuffer as the client knows them, in pixels.
    size: (u16, u16),
}

/// What is known of a message by its first bytes.
enum Known {
    /// More must be looked at before more is known.
    Begun,
    /// The rest of it, which is not looked at.
    Rest(u64),
    /// So many encodings of four bytes.
    Encodings(u16),
    /// All of a FramebufferUpdateRequest: x, y, width, height.
    Asked([u16; 4]),
}

impl Messages {
    /// Of a client whose framebuffer has this size by ServerInit.
    pub(crate) fn new(size: (u16, u16)) -> Self {
        Self { looked_at: [0; LOOKED_AT], have: 0, rest: 0, encodings: 0, announced: 0, size }
    }

    /// Whether the last message has come whole and the next has not begun.
    pub(crate) fn is_between_two(&self) -> bool {
        self.have == 0 && self.rest == 0 && self.encodings == 0
    }

    /// Width and height of the framebuffer, in pixels: ServerInit's, until a client that hears of new sizes has asked for
    /// an area from the corner.
    pub(crate) fn size(&self) -> (u16, u16) {
        self.size
    }

    /// What the client says.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) -> Result<(), DesyncReason> {
        loop {
            if self.rest > 0 {
                let count = usize::try_from(self.rest).unwrap_or(usize::MAX).min(bytes.len());
                self.rest -= count as u64;
                bytes = &bytes[count..];
            }
            let Some((first, after)) = bytes.split_first() else {
                return Ok(());
            };
            (self.looked_at[self.have], bytes) = (*first, after);
            self.have += 1;
            if self.encodings > 0 {
                self.encoding();
                continue;
            }
            match self.known()? {
                Known::Begun => continue,
                Known::Rest(rest) => self.rest = rest,
                Known::Encodings(count) => (self.encodings, self.announced) = (count, 0),
                Known::Asked(area) => self.asked(area),
            }
            self.have = 0;
        }
    }

    /// One of a SetEncodings, when its four bytes are there.
    fn encoding(&mut self) {
        if self.have < length::ENCODING {
            return;
        }
        let [a, b, c, d, ..] = self.looked_at;
        let number = i32::from_be_bytes([a, b, c, d]);
        if let Some(index) = FOLLOWED.iter().position(|known| known.number() == number) {
            self.announced |= 1 << index;
        }
        self.encodings -= 1;
        self.have = 0;
    }

    /// Only a client that hears of new sizes can ask for more, or for less, than ServerInit's.
    fn asked(&mut self, [x, y, width, height]: [u16; 4]) {
        let hears = [Encoding::DesktopSize, Encoding::ExtendedDesktopSize];
        if (x, y) == (0, 0) && width > 0 && height > 0 && hears.into_iter().any(|encoding| self.has_announced(encoding))
        {
            self.size = (width, height);
        }
    }

    fn has_announced(&self, encoding: Encoding) -> bool {
        FOLLOWED.iter().position(|known| *known == encoding).is_some_and(|index| self.announced & (1 << index) != 0)
    }

    /// What the first bytes say.
    fn known(&self) -> Result<Known, DesyncReason> {
        let seen = &self.looked_at[..self.have];
        let kind = seen[0];
        let of_extension =
            |encoding| if self.has_announced(encoding) { Ok(()) } else { Err(DesyncReason::Message(kind)) };
        let u16_at = |at: usize| u16::from_be_bytes([seen[at], seen[at + 1]]);
        let u32_at = |at: usize| u32::from_be_bytes([seen[at], seen[at + 1], seen[at + 2], seen[at + 3]]);
        // A message whose length never changes.
        let whole = |length: usize| Ok(Known::Rest((length - seen.len()) as u64));
        // The first bytes of a message that tell how long it is.
        let needs = |length: usize| (seen.len() < length).then_some(Known::Begun);
        match kind {
            client_message::SET_PIXEL_FORMAT => whole(length::SET_PIXEL_FORMAT),
            client_message::SET_ENCODINGS => {
                Ok(needs(length::SET_ENCODINGS_HEADER).unwrap_or_else(|| match u16_at(2) {
                    0 => Known::Rest(0),
                    count => Known::Encodings(count),
                }))
            }
            client_message::FRAMEBUFFER_UPDATE_REQUEST => Ok(needs(length::FRAMEBUFFER_UPDATE_REQUEST)
                .unwrap_or_else(|| Known::Asked([u16_at(2), u16_at(4), u16_at(6), u16_at(8)]))),
            client_message::KEY_EVENT => whole(length::KEY_EVENT),
            client_message::POINTER_EVENT => match seen.get(1) {
                None => Ok(Known::Begun),
                Some(mask)
                    if mask & EXTENDED_BUTTONS_BIT != 0 && self.has_announced(Encoding::ExtendedMouseButtons) =>
                {
                    whole(length::EXTENDED_POINTER_EVENT)
                }
                Some(_) => whole(length::POINTER_EVENT),
            },
            // A negative length announces a message of Extended Clipboard, and its absolute value is the length.
            client_message::CLIENT_CUT_TEXT => match needs(length::CUT_TEXT_HEADER) {
                Some(more) => Ok(more),
                None => match u32_at(4) as i32 {
                    length if length >= 0 => Ok(Known::Rest(length as u64)),
                    length if self.has_announced(Encoding::ExtendedClipboard) => {
                        Ok(Known::Rest(length.unsigned_abs().into()))
                    }
                    _ => Err(DesyncReason::Length(kind)),
                },
            },
            client_message::ENABLE_CONTINUOUS_UPDATES => {
                of_extension(Encoding::ContinuousUpdates)?;
                whole(length::ENABLE_CONTINUOUS_UPDATES)
            }
            client_message::FENCE => {
                of_extension(Encoding::Fence)?;
                match (needs(length::FENCE_HEADER), seen.last()) {
                    (Some(more), _) => Ok(more),
                    (None, Some(&payload @ 0..=length::MAX_FENCE_PAYLOAD)) => Ok(Known::Rest(payload.into())),
                    _ => Err(DesyncReason::Length(kind)),
                }
            }
            client_message::XVP => {
                of_extension(Encoding::Xvp)?;
                whole(length::XVP)
            }
            client_message::SET_DESKTOP_SIZE => {
                of_extension(Encoding::ExtendedDesktopSize)?;
                let screens = || Known::Rest(u64::from(seen[6]) * length::SCREEN as u64);
                Ok(needs(length::SET_DESKTOP_SIZE_HEADER).unwrap_or_else(screens))
            }
            client_message::GENERAL_INPUT => {
                of_extension(Encoding::GeneralInput)?;
                Ok(needs(length::GENERAL_INPUT_HEADER).unwrap_or_else(|| {
                    let is_big_endian = seen[1] & GENERAL_INPUT_BIG_ENDIAN_BIT != 0;
                    let length = if is_big_endian { u16_at(2) } else { u16_at(2).swap_bytes() };
                    Known::Rest(length.into())
                }))
            }
            client_message::QEMU => match (needs(length::QEMU_HEADER), seen.get(1)) {
                (Some(more), _) => Ok(more),
                (None, Some(&qemu_message::EXTENDED_KEY_EVENT)) => {
                    of_extension(Encoding::QemuExtendedKeyEvent)?;
                    whole(length::QEMU_EXTENDED_KEY_EVENT)
                }
                (None, Some(&qemu_message::AUDIO)) => {
                    of_extension(Encoding::QemuAudio)?;
                    Ok(needs(length::QEMU_AUDIO_HEADER).unwrap_or_else(|| match u16_at(2) {
                        qemu_message::AUDIO_SET_FORMAT => Known::Rest(length::QEMU_AUDIO_FORMAT as u64),
                        _ => Known::Rest(0),
                    }))
                }
                _ => Err(DesyncReason::Message(kind)),
            },
            _ => Err(DesyncReason::Message(kind)),
        }
    }
}
