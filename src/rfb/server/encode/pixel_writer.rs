//! Writes pixels in a client's format.

use super::super::super::pixel_format::PixelFormat;

/// Writes pixels in one format.
#[derive(Debug)]
pub(super) struct PixelWriter {
    /// Bytes per pixel.
    size: usize,
    is_big_endian: bool,
    colours: Colours,
}

/// From a colour to the value of a pixel.
#[derive(Debug)]
enum Colours {
    /// The value is `0x00RRGGBB`.
    Native,
    /// The format, and how many low bits of a pixel are not transferred.
    Computed(PixelFormat, u32),
}

impl PixelWriter {
    /// Bytes per pixel.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// Appends pixels that are `0x00RRGGBB`.
    pub(super) fn write(&self, pixels: &[u32], out: &mut Vec<u8>) {
        out.reserve(pixels.len() * self.size);
        match (&self.colours, self.size, self.is_big_endian) {
            (Colours::Native, 4, false) => pixels.iter().for_each(|pixel| out.extend(pixel.to_le_bytes())),
            _ => pixels.iter().for_each(|pixel| self.write_one(*pixel, out)),
        }
    }

    fn write_one(&self, pixel: u32, out: &mut Vec<u8>) {
        let value = match &self.colours {
            Colours::Native => pixel,
            Colours::Computed(format, omitted_low_bits) => {
                let [_, rgb @ ..] = pixel.to_be_bytes();
                format.pixel_of(rgb) >> omitted_low_bits
            }
        };
        if self.is_big_endian {
            out.extend_from_slice(&value.to_be_bytes()[4 - self.size..]);
        } else {
            out.extend_from_slice(&value.to_le_bytes()[..self.size]);
        }
    }
}

/// The writers for one format, which some encodings shorten.
#[derive(Debug)]
pub(super) struct PixelWriters {
    pixel: PixelWriter,
    /// `None` if it equals `pixel`.
    cpixel: Option<PixelWriter>,
    /// `None` if it equals `pixel`.
    tpixel: Option<PixelWriter>,
}

impl PixelWriters {
    pub(super) fn new(format: PixelFormat) -> Self {
        let is_big_endian = format.is_big_endian();
        let of_size = |size, omitted_low_bits| {
            let colours = match omitted_low_bits {
                0 if format.is_native_layout() => Colours::Native,
                omitted => Colours::Computed(format, omitted),
            };
            PixelWriter { size, is_big_endian, colours }
        };
        let cpixel = format.omitted_low_bits_of_cpixel().map(|omitted| of_size(3, omitted));
        let tpixel = format.has_tpixel_of_three_bytes();
        Self {
            pixel: of_size(format.bytes_per_pixel(), 0),
            cpixel,
            tpixel: tpixel.then_some(PixelWriter { size: 3, is_big_endian: true, colours: Colours::Native }),
        }
    }

    /// For PIXEL, the format that the client has set.
    pub(super) fn pixel(&self) -> &PixelWriter {
        &self.pixel
    }

    /// For CPIXEL. RFC 6143, section 7.7.5.
    pub(super) fn cpixel(&self) -> &PixelWriter {
        self.cpixel.as_ref().unwrap_or(&self.pixel)
    }

    /// For TPIXEL. rfbproto.rst, "Tight Encoding".
    pub(super) fn tpixel(&self) -> &PixelWriter {
        self.tpixel.as_ref().unwrap_or(&self.pixel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6143, section 7.4, field by field.
    const NATIVE: [u8; 16] = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    const RGB565: [u8; 16] = [16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0];
    const BGR233: [u8; 16] = [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 0, 3, 6, 0, 0, 0];

    fn writers(wire: [u8; 16]) -> PixelWriters {
        PixelWriters::new(wire.try_into().unwrap())
    }

    fn write(writer: &PixelWriter, [red, green, blue]: [u8; 3]) -> Vec<u8> {
        let mut out = Vec::new();
        writer.write(&[u32::from_be_bytes([0, red, green, blue])], &mut out);
        assert_eq!(out.len(), writer.size());
        out
    }

    fn pixel(wire: [u8; 16], rgb: [u8; 3]) -> Vec<u8> {
        write(writers(wire).pixel(), rgb)
    }

    /// `wire` with `value` at `at`.
    fn with(mut wire: [u8; 16], at: usize, value: u8) -> [u8; 16] {
        wire[at] = value;
        wire
    }

    #[test]
    fn pixels_are_written_in_all_sizes_and_byte_orders() {
        assert_eq!(pixel(NATIVE, [1, 2, 3]), [3, 2, 1, 0]);
        assert_eq!(pixel(with(NATIVE, 2, 1), [1, 2, 3]), [0, 1, 2, 3]);
        assert_eq!(pixel(RGB565, [255, 0, 0]), [0x00, 0xf8]);
        assert_eq!(pixel(with(RGB565, 2, 7), [255, 0, 0]), [0xf8, 0x00]);
        assert_eq!(pixel(RGB565, [0, 255, 0]), [0xe0, 0x07]);
        assert_eq!(pixel(RGB565, [254, 0, 0]), [0x00, 0xf8], "the nearest");
        assert_eq!(pixel(BGR233, [255, 255, 255]), [0xff]);
        assert_eq!(pixel(BGR233, [0, 0, 255]), [0xc0]);
        assert_eq!(pixel(BGR233, [255, 0, 0]), [0x07]);
    }

    #[test]
    fn only_the_used_bytes_of_a_deep_pixel_are_written() {
        let high = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 24, 16, 8, 0, 0, 0];
        // RFC 6143, section 7.7.5: the three bytes that have the colours, in the order of the pixel.
        for (wire, expected) in [
            (NATIVE, vec![3, 2, 1]),
            (with(NATIVE, 2, 1), vec![1, 2, 3]),
            (high, vec![3, 2, 1]),
            (with(high, 2, 1), vec![1, 2, 3]),
            (with(NATIVE, 1, 32), vec![3, 2, 1, 0]),
        ] {
            assert_eq!(write(writers(wire).cpixel(), [1, 2, 3]), expected, "{wire:?}");
        }
        // rfbproto.rst, "Tight Encoding": red, green and blue, whatever the layout.
        assert_eq!(write(writers(high).tpixel(), [1, 2, 3]), [1, 2, 3]);
        assert_eq!(write(writers(RGB565).tpixel(), [255, 0, 0]), [0x00, 0xf8]);
    }
}
