//! The filters of Tight: what the bytes of a row mean. rfbproto.rst, "Tight Encoding".

use super::super::pixel_format::PixelFormat;
use super::super::pixels::{Reader, Readers};
use super::DecodeError;
use crate::picture::Rectangle;

/// How rows are written.
#[derive(Debug, Default)]
pub(crate) enum Filter {
    /// Pixel after pixel.
    #[default]
    Copy,
    /// Two colours, a bit a pixel, each row with a new byte.
    Two([u32; 2]),
    /// Up to 256 colours, a byte a pixel.
    Palette(Box<[u32; 256]>, usize),
    /// Red, green and blue as their differences from what the neighbours let expect; the row above.
    Gradient(PixelFormat, Vec<[u16; 3]>),
}

impl Filter {
    /// Of these colours.
    pub(crate) fn palette(len: usize, colours: &[u8], reader: &Reader) -> Self {
        let mut palette = Box::new([0; 256]);
        reader.row(colours, &mut palette[..len]);
        if len <= 2 { Self::Two([palette[0], palette[len - 1]]) } else { Self::Palette(palette, len) }
    }

    /// Of a rectangle this wide.
    pub(crate) fn gradient(area: Rectangle, readers: &Readers) -> Result<Self, DecodeError> {
        let format = readers.format().ok_or(DecodeError::Gradient)?;
        Ok(Self::Gradient(format, vec![[0; 3]; area.width.into()]))
    }

    /// The length of a row, in bytes.
    pub(crate) fn row_length(&self, area: Rectangle, readers: &Readers) -> usize {
        let width = usize::from(area.width);
        match self {
            Self::Copy | Self::Gradient(..) => width * readers.tight().size(),
            Self::Two(_) => width.div_ceil(8),
            Self::Palette(..) => width,
        }
    }

    /// Reads a row.
    pub(crate) fn row(&mut self, wire: &[u8], out: &mut [u32], readers: &Readers) -> Result<(), DecodeError> {
        match self {
            Self::Copy => readers.tight().row(wire, out),
            Self::Two(colours) => {
                for (pixels, byte) in out.chunks_mut(8).zip(wire) {
                    let mut byte = *byte;
                    for pixel in pixels {
                        *pixel = colours[usize::from(byte >> 7)];
                        byte <<= 1;
                    }
                }
            }
            Self::Palette(colours, len) => {
                if let Some(&index) = wire.iter().find(|index| usize::from(**index) >= *len) {
                    return Err(DecodeError::Palette { index, len: *len });
                }
                out.iter_mut().zip(wire).for_each(|(out, index)| *out = colours[usize::from(*index)]);
            }
            Self::Gradient(format, above) => gradient(wire, out, above, *format, readers.tight()),
        }
        Ok(())
    }
}

/// A row of differences, modulo each colour's maximum and one.
fn gradient(wire: &[u8], out: &mut [u32], above: &mut [[u16; 3]], format: PixelFormat, reader: &Reader) {
    let max = format.max();
    let (mut left, mut above_left) = ([0; 3], [0; 3]);
    for ((wire, out), above) in wire.chunks_exact(reader.size()).zip(out).zip(above) {
        let difference = reader.parts(wire, format);
        let pixel = std::array::from_fn(|colour| {
            let expected = i32::from(left[colour]) + i32::from(above[colour]) - i32::from(above_left[colour]);
            let expected = expected.clamp(0, i32::from(max[colour])) as u16;
            expected.wrapping_add(difference[colour]) & max[colour]
        });
        *out = PixelFormat::joined(pixel, max);
        (above_left, left) = (*above, pixel);
        *above = pixel;
    }
}
