//! From pixels on the wire to red, green and blue.

use super::pixel_format::PixelFormat;

/// How a client wants its pixels. RFC 6143, section 7.5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pixels {
    /// Red, green and blue in each.
    TrueColour(PixelFormat),
    /// Eight bits, each a number in a map of 256 colours that the server sends. RFC 6143, section 7.6.2.
    Mapped,
}

impl Pixels {
    /// As SetPixelFormat carries it. RFC 6143, section 7.4.
    pub(super) fn encode(self) -> [u8; 16] {
        match self {
            Self::TrueColour(format) => format.encode(),
            Self::Mapped => [8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        }
    }
}

/// Reads the pixels of one form.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Bytes of a pixel.
    size: usize,
    big_endian: bool,
    /// Bits that the wire leaves out below these.
    lift: u32,
    colours: Colours,
}

#[derive(Debug)]
enum Colours {
    /// As this house keeps them: `0x00RRGGBB`, and a highest byte that means nothing.
    Ours,
    /// Any others of eight or sixteen bits, of which there are few enough.
    Table(Vec<u32>),
    /// Any others.
    Computed(PixelFormat),
}

impl Reader {
    /// Bytes of a pixel.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// The bytes of a pixel as a number.
    fn value(&self, wire: &[u8]) -> u32 {
        let add = |value: u32, byte: &u8| (value << 8) | u32::from(*byte);
        let wire = &wire[..self.size];
        if self.big_endian { wire.iter().fold(0, add) } else { wire.iter().rev().fold(0, add) }
    }

    /// Red, green and blue of one pixel of `size` bytes, each up to its maximum.
    pub(crate) fn parts(&self, wire: &[u8], format: PixelFormat) -> [u16; 3] {
        let value = self.value(wire);
        match &self.colours {
            Colours::Ours => [16, 8, 0].map(|shift| (value >> shift) as u16 & 255),
            Colours::Table(_) | Colours::Computed(_) => format.split(value << self.lift),
        }
    }

    /// One pixel of `size` bytes.
    pub(crate) fn one(&self, wire: &[u8]) -> u32 {
        let value = self.value(wire);
        match &self.colours {
            Colours::Ours => value & 0xff_ffff,
            Colours::Table(table) => table[value as usize],
            Colours::Computed(format) => format.colour(value << self.lift),
        }
    }

    /// As many as there are in both.
    pub(crate) fn row(&self, wire: &[u8], out: &mut [u32]) {
        match (&self.colours, self.size, self.big_endian) {
            (Colours::Ours, 4, false) => {
                let (wire, _) = wire.as_chunks::<4>();
                out.iter_mut().zip(wire).for_each(|(out, wire)| *out = u32::from_le_bytes(*wire) & 0xff_ffff);
            }
            (Colours::Ours, 3, is_big) => {
                let (wire, _) = wire.as_chunks::<3>();
                let put = |(out, &[a, b, c]): (&mut u32, &[u8; 3])| {
                    *out = if is_big { u32::from_be_bytes([0, a, b, c]) } else { u32::from_le_bytes([a, b, c, 0]) };
                };
                out.iter_mut().zip(wire).for_each(put);
            }
            (Colours::Table(table), 1, _) => {
                out.iter_mut().zip(wire).for_each(|(out, wire)| *out = table[usize::from(*wire)]);
            }
            _ => out.iter_mut().zip(wire.chunks_exact(self.size)).for_each(|(out, wire)| *out = self.one(wire)),
        }
    }
}

/// The forms that one client's pixels have on the wire.
#[derive(Debug)]
pub(crate) struct Readers {
    pixel: Reader,
    /// Where it differs: CPIXEL. RFC 6143, section 7.7.5.
    compressed: Option<Reader>,
    /// Where it differs: TPIXEL. rfbproto.rst, "Tight Encoding".
    tight: Option<Reader>,
    format: Option<PixelFormat>,
}

impl Readers {
    /// Of a client that wants its pixels like this.
    pub(crate) fn new(pixels: Pixels) -> Self {
        let Pixels::TrueColour(format) = pixels else {
            let colours = Colours::Table(vec![0; 256]);
            let pixel = Reader { size: 1, big_endian: false, lift: 0, colours };
            return Self { pixel, compressed: None, tight: None, format: None };
        };
        let big_endian = format.is_big_endian();
        let of_size = |size, big_endian, lift| {
            let colours = match format.bits() {
                32 if format.is_ours() => Colours::Ours,
                32 => Colours::Computed(format),
                bits => Colours::Table((0..1 << bits).map(|value| format.colour(value)).collect()),
            };
            Reader { size, big_endian, lift, colours }
        };
        let compressed = format.three_bytes().map(|lift| of_size(3, big_endian, lift));
        let tight = (format.is_888()).then_some(Reader { size: 3, big_endian: true, lift: 0, colours: Colours::Ours });
        Self { pixel: of_size(format.bytes(), big_endian, 0), compressed, tight, format: Some(format) }
    }

    /// PIXEL: as it was asked for.
    pub(crate) fn pixel(&self) -> &Reader {
        &self.pixel
    }

    /// CPIXEL. RFC 6143, section 7.7.5.
    pub(crate) fn compressed(&self) -> &Reader {
        self.compressed.as_ref().unwrap_or(&self.pixel)
    }

    /// TPIXEL. rfbproto.rst, "Tight Encoding".
    pub(crate) fn tight(&self) -> &Reader {
        self.tight.as_ref().unwrap_or(&self.pixel)
    }

    /// The true-colour format, if it is one.
    pub(crate) fn format(&self) -> Option<PixelFormat> {
        self.format
    }

    /// An entry of the colour map, sixteen bits a colour. RFC 6143, section 7.6.2. True colour has none.
    pub(crate) fn set_colour(&mut self, index: u8, rgb: [u16; 3]) {
        if let (None, Colours::Table(table)) = (self.format, &mut self.pixel.colours) {
            table[usize::from(index)] = PixelFormat::joined(rgb, [u16::MAX; 3]);
        }
    }
}

#[cfg(test)]
#[path = "pixels_tests.rs"]
mod tests;
