//! Where a client's messages begin and end, after the greeting. RFC 6143, section 7.5, and the extensions of the
//! community's protocol document (rfbproto.rst), each of which a client announces among its encodings before it uses it.

use super::handshake::DesyncReason;
use crate::rfb::encoding::Encoding;

/// The longest part of a message that is looked at, in bytes: SetPixelFormat, whole.
const LOOKED_AT: usize = 20;

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
        if self.have < 4 {
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
        // The whole of a message whose length never changes.
        let whole = |length: usize| Ok(Known::Rest(length as u64 - 1));
        // As much as tells the length of one whose length does.
        let needs = |length: usize| (seen.len() < length).then_some(Known::Begun);
        match kind {
            // SetPixelFormat, section 7.5.1.
            0 => whole(20),
            // SetEncodings, section 7.5.2.
            2 => Ok(needs(4).unwrap_or_else(|| match u16_at(2) {
                0 => Known::Rest(0),
                count => Known::Encodings(count),
            })),
            // FramebufferUpdateRequest, section 7.5.3.
            3 => Ok(needs(10).unwrap_or_else(|| Known::Asked([u16_at(2), u16_at(4), u16_at(6), u16_at(8)]))),
            // KeyEvent, section 7.5.4.
            4 => whole(8),
            // PointerEvent, section 7.5.5: with the highest bit of its mask, one of Extended Mouse Buttons.
            5 => Ok(needs(2).unwrap_or_else(|| {
                let is_extended = seen[1] & 0x80 != 0 && self.has_announced(Encoding::ExtendedMouseButtons);
                Known::Rest(if is_extended { 5 } else { 4 })
            })),
            // ClientCutText, section 7.5.6: a negative length is one of Extended Clipboard.
            6 => match needs(8) {
                Some(more) => Ok(more),
                None => match u32_at(4) as i32 {
                    length if length >= 0 => Ok(Known::Rest(length as u64)),
                    length if self.has_announced(Encoding::ExtendedClipboard) => {
                        Ok(Known::Rest(length.unsigned_abs().into()))
                    }
                    _ => Err(DesyncReason::Length(kind)),
                },
            },
            // EnableContinuousUpdates.
            150 => of_extension(Encoding::ContinuousUpdates).and_then(|()| whole(10)),
            // ClientFence: up to 64 bytes of payload.
            248 => {
                of_extension(Encoding::Fence)?;
                match (needs(9), seen.get(8)) {
                    (Some(more), _) => Ok(more),
                    (None, Some(length @ 0..=64)) => Ok(Known::Rest((*length).into())),
                    _ => Err(DesyncReason::Length(kind)),
                }
            }
            // xvp.
            250 => of_extension(Encoding::Xvp).and_then(|()| whole(4)),
            // SetDesktopSize: 16 bytes a screen.
            251 => {
                of_extension(Encoding::ExtendedDesktopSize)?;
                Ok(needs(8).unwrap_or_else(|| Known::Rest(u64::from(seen[6]) * 16)))
            }
            // gii: its length is in the byte order that its second byte says.
            253 => {
                of_extension(Encoding::GeneralInput)?;
                Ok(needs(4).unwrap_or_else(|| {
                    let is_big = seen[1] & 0x80 != 0;
                    let length = if is_big { u16_at(2) } else { u16_at(2).swap_bytes() };
                    Known::Rest(length.into())
                }))
            }
            // QEMU's own.
            255 => match (needs(2), seen.get(1)) {
                (Some(more), _) => Ok(more),
                (None, Some(0)) => of_extension(Encoding::QemuExtendedKeyEvent).map(|()| Known::Rest(10)),
                (None, Some(1)) => {
                    of_extension(Encoding::QemuAudio)?;
                    Ok(needs(4).unwrap_or_else(|| match u16_at(2) {
                        // Set format: the sample format, the channels, the frequency.
                        2 => Known::Rest(6),
                        _ => Known::Rest(0),
                    }))
                }
                _ => Err(DesyncReason::Message(kind)),
            },
            _ => Err(DesyncReason::Message(kind)),
        }
    }
}
