//! What a client's SetEncodings announces. RFC 6143, section 7.5.2.

use super::super::encoding::Encoding;

/// The encodings of a client, as far as the server uses them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClientEncodings {
    /// The first of the client's encodings that the server can write. Raw need not be announced (RFC 6143, section 7.7).
    pixels: Option<PixelEncoding>,
    pub(crate) has_copy_rect: bool,
    pub(crate) has_desktop_size: bool,
    pub(crate) has_extended_desktop_size: bool,
    pub(crate) has_desktop_name: bool,
    pub(crate) has_extended_keys: bool,
    pub(crate) has_leds: bool,
    pub(crate) has_cursor: bool,
}

/// An encoding of pixels that the server can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PixelEncoding {
    /// RFC 6143, section 7.7.1.
    Raw,
    /// RFC 6143, section 7.7.6.
    Zrle,
    /// Without JPEG. rfbproto.rst, "Tight Encoding".
    Tight,
}

impl PixelEncoding {
    pub(crate) fn encoding(self) -> Encoding {
        match self {
            Self::Raw => Encoding::Raw,
            Self::Zrle => Encoding::Zrle,
            Self::Tight => Encoding::Tight,
        }
    }
}

impl ClientEncodings {
    /// Adds the next number of a SetEncodings. The client gives them in order of preference.
    pub(crate) fn add(&mut self, number: i32) {
        let Ok(encoding) = Encoding::try_from(number) else { return };
        let pixels = match encoding {
            Encoding::Raw => PixelEncoding::Raw,
            Encoding::Zrle => PixelEncoding::Zrle,
            Encoding::Tight => PixelEncoding::Tight,
            Encoding::CopyRect => return self.has_copy_rect = true,
            Encoding::DesktopSize => return self.has_desktop_size = true,
            Encoding::ExtendedDesktopSize => return self.has_extended_desktop_size = true,
            Encoding::DesktopName => return self.has_desktop_name = true,
            Encoding::QemuExtendedKeyEvent => return self.has_extended_keys = true,
            Encoding::QemuLedState => return self.has_leds = true,
            Encoding::Cursor => return self.has_cursor = true,
            _ => return,
        };
        self.pixels.get_or_insert(pixels);
    }

    /// The encoding of the client's pixels.
    pub(crate) fn pixels(&self) -> PixelEncoding {
        self.pixels.unwrap_or(PixelEncoding::Raw)
    }

    /// Whether the client follows changes of the screen's size.
    pub(crate) fn can_resize(&self) -> bool {
        self.has_desktop_size || self.has_extended_desktop_size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(numbers: &[i32]) -> PixelEncoding {
        let mut encodings = ClientEncodings::default();
        numbers.iter().for_each(|number| encodings.add(*number));
        encodings.pixels()
    }

    /// The lists that these viewers send: TigerVNC 1.12, noVNC 1.4, vncdotool 1.2.
    #[test]
    fn the_first_encoding_that_can_be_written_is_used() {
        assert_eq!(pixels(&[7, 1, -223, -308, 16, 5, 0, -247]), PixelEncoding::Tight);
        assert_eq!(pixels(&[1, 7, -260, 16, 21, 5, 2, 0, -23]), PixelEncoding::Tight);
        assert_eq!(pixels(&[5, 16, 0]), PixelEncoding::Zrle, "Hextile is not written");
        assert_eq!(pixels(&[0, 7]), PixelEncoding::Raw);
        assert_eq!(pixels(&[5]), PixelEncoding::Raw);
        assert_eq!(pixels(&[]), PixelEncoding::Raw);
    }
}
