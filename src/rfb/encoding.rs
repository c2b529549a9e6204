//! Numbers of encodings and pseudo-encodings. RFC 6143, section 7.7, and the community's protocol document
//! (rfbproto.rst), "Encodings".

use thiserror::Error;

/// An encoding of rectangles, or a pseudo-encoding, by which a client announces an extension. RFC 6143, section 7.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Encoding {
    /// RFC 6143, section 7.7.1.
    Raw = 0,
    /// RFC 6143, section 7.7.2.
    CopyRect = 1,
    /// RFC 6143, section 7.7.4.
    Hextile = 5,
    /// rfbproto.rst, "Tight Encoding".
    Tight = 7,
    /// RFC 6143, section 7.7.6.
    Zrle = 16,
    /// RFC 6143, section 7.8.1: the shape of the pointer, which the client draws.
    Cursor = -239,
    /// RFC 6143, section 7.8.2: changes of the screen's size.
    DesktopSize = -223,
    /// rfbproto.rst, "LastRect Pseudo-encoding": updates that do not give the number of their rectangles.
    LastRect = -224,
    /// rfbproto.rst, "QEMU Pointer Motion Change Pseudo-encoding": whether the guest has a tablet or a mouse.
    QemuPointerMotionChange = -257,
    /// rfbproto.rst, "QEMU Extended Key Event Pseudo-encoding": keys by scancode.
    QemuExtendedKeyEvent = -258,
    /// rfbproto.rst, "QEMU Audio Pseudo-encoding".
    QemuAudio = -259,
    /// rfbproto.rst, "QEMU LED State Pseudo-encoding".
    QemuLedState = -261,
    /// rfbproto.rst, "gii Pseudo-encoding".
    GeneralInput = -305,
    /// rfbproto.rst, "DesktopName Pseudo-encoding": changes of the desktop's name.
    DesktopName = -307,
    /// rfbproto.rst, "ExtendedDesktopSize Pseudo-encoding".
    ExtendedDesktopSize = -308,
    /// rfbproto.rst, "xvp Pseudo-encoding".
    Xvp = -309,
    /// rfbproto.rst, "Fence Pseudo-encoding".
    Fence = -312,
    /// rfbproto.rst, "ContinuousUpdates Pseudo-encoding".
    ContinuousUpdates = -313,
    /// rfbproto.rst, "ExtendedMouseButtons Pseudo-encoding".
    ExtendedMouseButtons = -316,
    /// rfbproto.rst, "Extended Clipboard Pseudo-Encoding".
    ExtendedClipboard = 0xC0A1_E5CE_u32 as i32,
}

/// The number of an encoding that is not in [`Encoding`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("encoding {0} is unknown")]
pub struct UnknownEncoding(pub i32);

impl Encoding {
    const ALL: [Self; 20] = [
        Self::Raw,
        Self::CopyRect,
        Self::Hextile,
        Self::Tight,
        Self::Zrle,
        Self::Cursor,
        Self::DesktopSize,
        Self::LastRect,
        Self::QemuPointerMotionChange,
        Self::QemuExtendedKeyEvent,
        Self::QemuAudio,
        Self::QemuLedState,
        Self::GeneralInput,
        Self::DesktopName,
        Self::ExtendedDesktopSize,
        Self::Xvp,
        Self::Fence,
        Self::ContinuousUpdates,
        Self::ExtendedMouseButtons,
        Self::ExtendedClipboard,
    ];

    /// The number of RFC 6143, section 7.7.
    pub fn number(self) -> i32 {
        self as i32
    }
}

impl TryFrom<i32> for Encoding {
    type Error = UnknownEncoding;

    fn try_from(number: i32) -> Result<Self, UnknownEncoding> {
        Self::ALL.into_iter().find(|known| known.number() == number).ok_or(UnknownEncoding(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_is_found_by_its_number() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::try_from(encoding.number()), Ok(encoding));
        }
        assert_eq!(Encoding::try_from(2).unwrap_err().to_string(), "encoding 2 is unknown");
    }
}
