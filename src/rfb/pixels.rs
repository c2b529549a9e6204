//! Reads pixels in the server's format.

use super::pixel_format::{PixelFormat, PixelFormatError};
use super::protocol::{COLOUR_MAP_SIZE, length};

/// How the server encodes a pixel. RFC 6143, section 7.5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelMode {
    /// As red, green and blue.
    TrueColour(PixelFormat),
    /// As one byte, an index into a map of 256 colours that the server sends. RFC 6143, section 7.6.2.
    ColourMap,
}

impl PixelMode {
    /// The pixel format of SetPixelFormat. RFC 6143, section 7.4.
    pub(super) fn encode(self) -> [u8; length::PIXEL_FORMAT] {
        match self {
            Self::TrueColour(format) => format.encode(),
            // 8 bits per pixel, depth 8, no true colour.
            Self::ColourMap => [8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        }
    }
}

impl TryFrom<[u8; length::PIXEL_FORMAT]> for PixelMode {
    type Error = PixelFormatError;

    /// Reads the pixel format of a SetPixelFormat. A colour map is possible with eight bits per pixel.
    fn try_from(bytes: [u8; length::PIXEL_FORMAT]) -> Result<Self, PixelFormatError> {
        match bytes {
            [8, _, _, 0, ..] => Ok(Self::ColourMap),
            _ => bytes.try_into().map(Self::TrueColour),
        }
    }
}

/// Reads pixels in one format. All results are `0x00RRGGBB`.
#[derive(Debug)]
pub(crate) struct PixelReader {
    /// Bytes per pixel.
    size: usize,
    is_big_endian: bool,
    /// How many low bits of a pixel are not transferred.
    omitted_low_bits: u32,
    colours: Colours,
}

/// From the value of a pixel to its colour.
#[derive(Debug)]
enum Colours {
    /// The value is `0xXXRRGGBB`.
    Native,
    /// A table with a colour for each value of 8 or 16 bits.
    Table(Vec<u32>),
    Computed(PixelFormat),
}

impl PixelReader {
    /// Bytes per pixel.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn value(&self, bytes: &[u8]) -> u32 {
        let add = |value: u32, byte: &u8| (value << 8) | u32::from(*byte);
        let bytes = &bytes[..self.size];
        if self.is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    /// Reads red, green and blue of one pixel, each from 0 to its maximum.
    pub(crate) fn read_components(&self, bytes: &[u8], format: PixelFormat) -> [u16; 3] {
        let value = self.value(bytes);
        match &self.colours {
            Colours::Native => [16, 8, 0].map(|shift| (value >> shift) as u16 & 255),
            Colours::Table(_) | Colours::Computed(_) => format.split(value << self.omitted_low_bits),
        }
    }

    /// Reads one pixel.
    pub(crate) fn read_pixel(&self, bytes: &[u8]) -> u32 {
        let value = self.value(bytes);
        match &self.colours {
            Colours::Native => value & 0xff_ffff,
            Colours::Table(table) => table[value as usize],
            Colours::Computed(format) => format.colour(value << self.omitted_low_bits),
        }
    }

    /// Reads as many pixels as both slices have.
    pub(crate) fn read_row(&self, bytes: &[u8], out: &mut [u32]) {
        match (&self.colours, self.size, self.is_big_endian) {
            (Colours::Native, 4, false) => {
                let (pixels, _) = bytes.as_chunks::<4>();
                out.iter_mut().zip(pixels).for_each(|(out, pixel)| *out = u32::from_le_bytes(*pixel) & 0xff_ffff);
            }
            (Colours::Native, 3, is_big_endian) => {
                let (pixels, _) = bytes.as_chunks::<3>();
                let put = |(out, &[a, b, c]): (&mut u32, &[u8; 3])| {
                    let bytes = if is_big_endian { [0, a, b, c] } else { [0, c, b, a] };
                    *out = u32::from_be_bytes(bytes);
                };
                out.iter_mut().zip(pixels).for_each(put);
            }
            (Colours::Table(table), 1, _) => {
                out.iter_mut().zip(bytes).for_each(|(out, byte)| *out = table[usize::from(*byte)]);
            }
            _ => {
                let pixels = bytes.chunks_exact(self.size);
                out.iter_mut().zip(pixels).for_each(|(out, pixel)| *out = self.read_pixel(pixel));
            }
        }
    }
}

/// The readers for the pixels of one session, which some encodings shorten.
#[derive(Debug)]
pub(crate) struct PixelReaders {
    pixel: PixelReader,
    /// `None` if it equals `pixel`.
    cpixel: Option<PixelReader>,
    /// `None` if it equals `pixel`.
    tpixel: Option<PixelReader>,
    format: Option<PixelFormat>,
}

impl PixelReaders {
    pub(crate) fn new(mode: PixelMode) -> Self {
        let PixelMode::TrueColour(format) = mode else {
            let colours = Colours::Table(vec![0; COLOUR_MAP_SIZE]);
            let pixel = PixelReader { size: 1, is_big_endian: false, omitted_low_bits: 0, colours };
            return Self { pixel, cpixel: None, tpixel: None, format: None };
        };
        let is_big_endian = format.is_big_endian();
        let of_size = |size, omitted_low_bits| {
            let colours = match format.bits_per_pixel() {
                32 if format.is_native_layout() => Colours::Native,
                32 => Colours::Computed(format),
                bits => Colours::Table((0..1 << bits).map(|value| format.colour(value)).collect()),
            };
            PixelReader { size, is_big_endian, omitted_low_bits, colours }
        };
        let cpixel = format.omitted_low_bits_of_cpixel().map(|omitted| of_size(3, omitted));
        let tpixel = format.has_tpixel_of_three_bytes().then_some(PixelReader {
            size: 3,
            is_big_endian: true,
            omitted_low_bits: 0,
            colours: Colours::Native,
        });
        Self { pixel: of_size(format.bytes_per_pixel(), 0), cpixel, tpixel, format: Some(format) }
    }

    /// For PIXEL, the format that the client has set.
    pub(crate) fn pixel(&self) -> &PixelReader {
        &self.pixel
    }

    /// For CPIXEL. RFC 6143, section 7.7.5.
    pub(crate) fn cpixel(&self) -> &PixelReader {
        self.cpixel.as_ref().unwrap_or(&self.pixel)
    }

    /// For TPIXEL. rfbproto.rst, "Tight Encoding".
    pub(crate) fn tpixel(&self) -> &PixelReader {
        self.tpixel.as_ref().unwrap_or(&self.pixel)
    }

    /// The true-colour format, `None` with a colour map.
    pub(crate) fn format(&self) -> Option<PixelFormat> {
        self.format
    }

    /// Sets an entry of the colour map, from 16 bits a colour. RFC 6143, section 7.6.2. Ignored with true colour.
    pub(crate) fn set_colour(&mut self, index: u8, rgb: [u16; 3]) {
        if let (None, Colours::Table(table)) = (self.format, &mut self.pixel.colours) {
            table[usize::from(index)] = PixelFormat::combine(rgb, [u16::MAX; 3]);
        }
    }
}

#[cfg(test)]
#[path = "pixels_tests.rs"]
mod tests;
