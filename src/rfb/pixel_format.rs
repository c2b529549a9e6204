//! Pixel formats. RFC 6143, section 7.4.

use thiserror::Error;

use super::protocol::length;

/// A true-colour pixel format. RFC 6143, section 7.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelFormat {
    bits_per_pixel: u8,
    depth: u8,
    is_big_endian: bool,
    /// Of red, green and blue, as in `shift`.
    max: [u16; 3],
    shift: [u8; 3],
}

/// Why a pixel format cannot be used.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PixelFormatError {
    #[error("{0} bits per pixel are not supported, only 8, 16 and 32")]
    Bits(u8),
    #[error("a depth of {depth} does not fit {bits} bits per pixel")]
    Depth { depth: u8, bits: u8 },
    #[error("a colour map is not supported, only true colour")]
    ColourMap,
    #[error("the colour maximum {0} is not 2^N - 1")]
    Max(u16),
    #[error("the colour maximum {max}, shifted by {shift}, does not fit {bits} bits per pixel")]
    Shift { max: u16, shift: u8, bits: u8 },
    #[error("two colours overlap in the pixel")]
    Overlap,
}

impl PixelFormat {
    /// The format of the service's hypervisor: 32 bits, depth 24, little-endian, red in bits 16 to 23.
    pub const NATIVE: Self =
        Self { bits_per_pixel: 32, depth: 24, is_big_endian: false, max: [255, 255, 255], shift: [16, 8, 0] };

    /// A byte with three bits of red, three of green and two of blue: the index into the colour map of our server.
    pub(crate) const COLOUR_CUBE: Self =
        Self { bits_per_pixel: 8, depth: 8, is_big_endian: false, max: [7, 7, 3], shift: [5, 2, 0] };

    /// The format in ServerInit and SetPixelFormat.
    pub fn encode(&self) -> [u8; length::PIXEL_FORMAT] {
        let [[r0, r1], [g0, g1], [b0, b1]] = self.max.map(u16::to_be_bytes);
        let [red, green, blue] = self.shift;
        let big_endian = u8::from(self.is_big_endian);
        [self.bits_per_pixel, self.depth, big_endian, 1, r0, r1, g0, g1, b0, b1, red, green, blue, 0, 0, 0]
    }

    /// The pixel with the nearest colour of the format.
    pub(crate) fn pixel_of(&self, rgb: [u8; 3]) -> u32 {
        let mut pixel = 0;
        for ((colour, max), shift) in rgb.into_iter().zip(self.max).zip(self.shift) {
            pixel |= ((u32::from(colour) * u32::from(max) + 127) / 255) << shift;
        }
        pixel
    }
}

impl PixelFormat {
    pub(super) fn bits_per_pixel(&self) -> u8 {
        self.bits_per_pixel
    }

    pub(super) fn bytes_per_pixel(&self) -> usize {
        usize::from(self.bits_per_pixel / 8)
    }

    pub(super) fn is_big_endian(&self) -> bool {
        self.is_big_endian
    }

    /// The maximum of red, green and blue.
    pub(super) fn max(&self) -> [u16; 3] {
        self.max
    }

    /// Whether a pixel is `0xXXRRGGBB`.
    pub(super) fn is_native_layout(&self) -> bool {
        self.bits_per_pixel == 32 && (self.max, self.shift) == (Self::NATIVE.max, Self::NATIVE.shift)
    }

    /// Whether a TPIXEL is three bytes: red, green, blue. rfbproto.rst, "Tight Encoding".
    pub(super) fn has_tpixel_of_three_bytes(&self) -> bool {
        (self.bits_per_pixel, self.depth, self.max) == (32, 24, [255; 3])
    }

    /// How many low bits a CPIXEL of three bytes omits; `None` if a CPIXEL is a whole pixel. RFC 6143, section 7.7.5. If
    /// either end of the pixel could be omitted, its last byte is: the RFC does not say which, but the servers of RealVNC,
    /// TigerVNC and QEMU agree.
    pub(super) fn omitted_low_bits_of_cpixel(&self) -> Option<u32> {
        let used = self.max.iter().zip(self.shift).fold(0, |used, (max, shift)| used | (u32::from(*max) << shift));
        let (is_low, is_high) = (used >> 24 == 0, used & 0xff == 0);
        match (self.bits_per_pixel == 32 && self.depth <= 24, is_low, is_high) {
            (true, true, true) => Some(if self.is_big_endian { 8 } else { 0 }),
            (true, true, false) => Some(0),
            (true, false, true) => Some(8),
            _ => None,
        }
    }

    /// Red, green and blue of a pixel, each from 0 to its maximum.
    pub(super) fn split(&self, pixel: u32) -> [u16; 3] {
        std::array::from_fn(|colour| (pixel >> self.shift[colour]) as u16 & self.max[colour])
    }

    /// The colour of a pixel as `0x00RRGGBB`.
    pub(super) fn colour(&self, pixel: u32) -> u32 {
        Self::combine(self.split(pixel), self.max)
    }

    /// From red, green and blue, each from 0 to its maximum, to the nearest `0x00RRGGBB`. Section 7.4 has no rule for rounding.
    pub(super) fn combine(rgb: [u16; 3], max: [u16; 3]) -> u32 {
        rgb.iter().zip(max).fold(0, |colour, (value, max)| {
            let (value, max) = (u32::from(*value), u32::from(max));
            (colour << 8) | ((value * 255 + max / 2) / max)
        })
    }
}

impl TryFrom<[u8; length::PIXEL_FORMAT]> for PixelFormat {
    type Error = PixelFormatError;

    fn try_from(bytes: [u8; length::PIXEL_FORMAT]) -> Result<Self, PixelFormatError> {
        let [bits, depth, big_endian, true_colour, r0, r1, g0, g1, b0, b1, red, green, blue, ..] = bytes;
        let max = [[r0, r1], [g0, g1], [b0, b1]].map(u16::from_be_bytes);
        let shift = [red, green, blue];
        if !matches!(bits, 8 | 16 | 32) {
            return Err(PixelFormatError::Bits(bits));
        }
        if depth == 0 || depth > bits {
            return Err(PixelFormatError::Depth { depth, bits });
        }
        if true_colour == 0 {
            return Err(PixelFormatError::ColourMap);
        }
        let mut used = 0;
        for (max, shift) in max.into_iter().zip(shift) {
            if max == 0 || !(u32::from(max) + 1).is_power_of_two() {
                return Err(PixelFormatError::Max(max));
            }
            if u32::from(shift) + max.count_ones() > u32::from(bits) {
                return Err(PixelFormatError::Shift { max, shift, bits });
            }
            let mask = u32::from(max) << shift;
            if used & mask != 0 {
                return Err(PixelFormatError::Overlap);
            }
            used |= mask;
        }
        Ok(Self { bits_per_pixel: bits, depth, is_big_endian: big_endian != 0, max, shift })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6143, section 7.4, field by field.
    const NATIVE: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    const BGR233: [u8; 16] = [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0];

    /// `wire` with `value` at `at`.
    fn with(mut wire: [u8; 16], at: usize, value: u8) -> [u8; 16] {
        wire[at] = value;
        wire
    }

    #[test]
    fn the_native_format_is_that_of_the_real_servers() {
        assert_eq!(PixelFormat::NATIVE.encode(), NATIVE);
        assert_eq!(PixelFormat::try_from(NATIVE), Ok(PixelFormat::NATIVE));
    }

    #[test]
    fn an_unusable_format_is_an_error() {
        let overlap = with(NATIVE, 10, 8);
        let cases = [
            (with(NATIVE, 0, 24), PixelFormatError::Bits(24)),
            (with(NATIVE, 1, 33), PixelFormatError::Depth { depth: 33, bits: 32 }),
            (with(NATIVE, 1, 0), PixelFormatError::Depth { depth: 0, bits: 32 }),
            (with(NATIVE, 3, 0), PixelFormatError::ColourMap),
            (with(NATIVE, 5, 254), PixelFormatError::Max(254)),
            (with(NATIVE, 9, 0), PixelFormatError::Max(0)),
            (with(NATIVE, 11, 25), PixelFormatError::Shift { max: 255, shift: 25, bits: 32 }),
            (with(NATIVE, 12, 255), PixelFormatError::Shift { max: 255, shift: 255, bits: 32 }),
            (with(BGR233, 11, 6), PixelFormatError::Shift { max: 7, shift: 6, bits: 8 }),
            (with(BGR233, 4, 255), PixelFormatError::Max(0xff07)),
            (overlap, PixelFormatError::Overlap),
        ];
        for (wire, why) in cases {
            assert_eq!(PixelFormat::try_from(wire), Err(why), "{wire:?}");
        }
    }

    proptest! {
        #[test]
        fn a_format_is_read_and_written_alike(wire: [u8; 16]) {
            if let Ok(format) = PixelFormat::try_from(wire) {
                prop_assert_eq!(PixelFormat::try_from(format.encode()), Ok(format));
            }
        }
    }
}
