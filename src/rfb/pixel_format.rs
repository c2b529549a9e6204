//! How pixels lie on the wire. RFC 6143, section 7.4.

use thiserror::Error;

/// A true-colour pixel format. RFC 6143, section 7.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelFormat {
    bits: u8,
    depth: u8,
    big_endian: bool,
    /// Red, green, blue, as in all that follows.
    max: [u16; 3],
    shift: [u8; 3],
}

/// Why a pixel format cannot be used.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PixelFormatError {
    /// RFC 6143 knows 8, 16 and 32.
    #[error("{0} bits per pixel, where 8, 16 and 32 are known")]
    Bits(u8),
    /// More useful bits than there are.
    #[error("a depth of {depth} in {bits} bits per pixel")]
    Depth {
        /// The useful bits of a pixel.
        depth: u8,
        /// All of them.
        bits: u8,
    },
    /// A colour map (section 7.6.2) has neither maxima nor shifts.
    #[error("a colour map, where only true colour is known")]
    ColourMap,
    /// The RFC asks for 2^N - 1.
    #[error("a colour maximum of {0}, which is not 2^N - 1")]
    Max(u16),
    /// A colour that does not fit.
    #[error("a colour maximum of {max} shifted by {shift}, which does not fit {bits} bits per pixel")]
    Shift {
        /// The colour's maximum.
        max: u16,
        /// Its shift.
        shift: u8,
        /// What it had to fit.
        bits: u8,
    },
    /// Two colours in one bit.
    #[error("colours that overlap in the pixel")]
    Overlap,
}

impl PixelFormat {
    /// What the hypervisor behind the real service offers: 32 bits, depth 24, little-endian, red in bits 16 to 23.
    pub const NATIVE: Self = Self { bits: 32, depth: 24, big_endian: false, max: [255, 255, 255], shift: [16, 8, 0] };

    /// The format as ServerInit and SetPixelFormat carry it.
    pub fn encode(&self) -> [u8; 16] {
        let [[r0, r1], [g0, g1], [b0, b1]] = self.max.map(u16::to_be_bytes);
        let [red, green, blue] = self.shift;
        let big_endian = u8::from(self.big_endian);
        [self.bits, self.depth, big_endian, 1, r0, r1, g0, g1, b0, b1, red, green, blue, 0, 0, 0]
    }

    /// Appends one pixel of this colour.
    pub(crate) fn put(&self, rgb: [u8; 3], out: &mut Vec<u8>) {
        let mut pixel = 0;
        for ((colour, max), shift) in rgb.into_iter().zip(self.max).zip(self.shift) {
            pixel |= ((u32::from(colour) * u32::from(max) + 127) / 255) << shift;
        }
        let [a, b, c, d] = pixel.to_le_bytes();
        match (self.bits, self.big_endian) {
            (8, _) => out.push(a),
            (16, false) => out.extend([a, b]),
            (16, true) => out.extend([b, a]),
            (_, false) => out.extend([a, b, c, d]),
            (_, true) => out.extend([d, c, b, a]),
        }
    }
}

impl PixelFormat {
    pub(super) fn bits(&self) -> u8 {
        self.bits
    }

    pub(super) fn bytes(&self) -> usize {
        usize::from(self.bits / 8)
    }

    pub(super) fn is_big_endian(&self) -> bool {
        self.big_endian
    }

    pub(super) fn max(&self) -> [u16; 3] {
        self.max
    }

    /// Whether red, green and blue lie where this house keeps them.
    pub(super) fn is_ours(&self) -> bool {
        self.bits == 32 && (self.max, self.shift) == (Self::NATIVE.max, Self::NATIVE.shift)
    }

    /// Whether Tight writes a pixel as red, green and blue. rfbproto.rst, "Tight Encoding".
    pub(super) fn is_888(&self) -> bool {
        (self.bits, self.depth, self.max) == (32, 24, [255; 3])
    }

    /// Whether ZRLE leaves out a byte, and how many bits then lie below the rest. RFC 6143, section 7.7.5. Where both ends
    /// could be left out, the last byte is (the RFC does not say; RealVNC's, TigerVNC's and QEMU's servers all do so).
    pub(super) fn three_bytes(&self) -> Option<u32> {
        let used = self.max.iter().zip(self.shift).fold(0, |used, (max, shift)| used | (u32::from(*max) << shift));
        let (is_low, is_high) = (used >> 24 == 0, used & 0xff == 0);
        match (self.bits == 32 && self.depth <= 24, is_low, is_high) {
            (true, true, true) => Some(if self.big_endian { 8 } else { 0 }),
            (true, true, false) => Some(0),
            (true, false, true) => Some(8),
            _ => None,
        }
    }

    /// Red, green and blue of a pixel, each up to its maximum.
    pub(super) fn split(&self, pixel: u32) -> [u16; 3] {
        std::array::from_fn(|colour| (pixel >> self.shift[colour]) as u16 & self.max[colour])
    }

    /// A pixel as `0x00RRGGBB`.
    pub(super) fn colour(&self, pixel: u32) -> u32 {
        Self::joined(self.split(pixel), self.max)
    }

    /// Red, green and blue, each up to its maximum, as `0x00RRGGBB`: the nearest, as section 7.4 has no other rule.
    pub(super) fn joined(rgb: [u16; 3], max: [u16; 3]) -> u32 {
        rgb.iter().zip(max).fold(0, |joined, (value, max)| {
            let (value, max) = (u32::from(*value), u32::from(max));
            (joined << 8) | ((value * 255 + max / 2) / max)
        })
    }
}

impl TryFrom<[u8; 16]> for PixelFormat {
    type Error = PixelFormatError;

    fn try_from(wire: [u8; 16]) -> Result<Self, PixelFormatError> {
        let [bits, depth, big_endian, true_colour, r0, r1, g0, g1, b0, b1, red, green, blue, ..] = wire;
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
        Ok(Self { bits, depth, big_endian: big_endian != 0, max, shift })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6143, section 7.4, field by field.
    const NATIVE: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    const RGB565: [u8; 16] = [16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
    const BGR233: [u8; 16] = [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0];

    fn pixel(wire: [u8; 16], rgb: [u8; 3]) -> Vec<u8> {
        let mut out = Vec::new();
        PixelFormat::try_from(wire).unwrap().put(rgb, &mut out);
        out
    }

    /// `wire` with `value` at `at`.
    fn with(mut wire: [u8; 16], at: usize, value: u8) -> [u8; 16] {
        wire[at] = value;
        wire
    }

    #[test]
    fn native_is_what_the_real_servers_send() {
        assert_eq!(PixelFormat::NATIVE.encode(), NATIVE);
        assert_eq!(PixelFormat::try_from(NATIVE), Ok(PixelFormat::NATIVE));
    }

    #[test]
    fn pixels_in_all_sizes_and_byte_orders() {
        assert_eq!(pixel(NATIVE, [1, 2, 3]), [3, 2, 1, 0]);
        assert_eq!(pixel(with(NATIVE, 2, 1), [1, 2, 3]), [0, 1, 2, 3]);
        assert_eq!(pixel(RGB565, [255, 0, 0]), [0x00, 0xf8]);
        assert_eq!(pixel(with(RGB565, 2, 7), [255, 0, 0]), [0xf8, 0x00]);
        assert_eq!(pixel(RGB565, [0, 255, 0]), [0xe0, 0x07]);
        assert_eq!(pixel(RGB565, [254, 0, 0]), [0x00, 0xf8], "the suggest");
        assert_eq!(pixel(BGR233, [255, 255, 255]), [0xff]);
        assert_eq!(pixel(BGR233, [0, 0, 255]), [0xc0]);
        assert_eq!(pixel(BGR233, [255, 0, 0]), [0x07]);
    }

    #[test]
    fn an_unusable_format_is_named() {
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
        fn what_is_read_is_written_the_same(wire: [u8; 16], colour: [u8; 3]) {
            if let Ok(format) = PixelFormat::try_from(wire) {
                prop_assert_eq!(PixelFormat::try_from(format.encode()), Ok(format));
                prop_assert_eq!(pixel(wire, colour).len(), usize::from(format.bits / 8));
            }
        }
    }
}
