//! The filters of Tight: how the bytes of a row become pixels. rfbproto.rst, "Tight Encoding".

use super::super::pixel_format::PixelFormat;
use super::super::pixels::{PixelReader, PixelReaders};
use super::DecodeError;
use crate::picture::Rectangle;

#[derive(Debug, Default)]
pub(crate) enum Filter {
    /// Pixel after pixel.
    #[default]
    Copy,
    /// A palette of one or two colours: one bit a pixel, each row from a new byte on.
    TwoColours([u32; 2]),
    /// A palette of up to 256 colours: one byte a pixel.
    Palette { colours: Box<[u32; 256]>, len: usize },
    /// The differences of red, green and blue from a prediction by the pixels to the left and above.
    Gradient { format: PixelFormat, above: Vec<[u16; 3]> },
}

impl Filter {
    /// A filter with a palette of `len` colours.
    pub(crate) fn palette(len: usize, bytes: &[u8], reader: &PixelReader) -> Self {
        let mut colours = Box::new([0; 256]);
        reader.read_row(bytes, &mut colours[..len]);
        if len <= 2 { Self::TwoColours([colours[0], colours[len - 1]]) } else { Self::Palette { colours, len } }
    }

    /// A gradient filter for this rectangle. It needs true colour.
    pub(crate) fn gradient(area: Rectangle, readers: &PixelReaders) -> Result<Self, DecodeError> {
        let format = readers.format().ok_or(DecodeError::TightGradient)?;
        Ok(Self::Gradient { format, above: vec![[0; 3]; area.width.into()] })
    }

    /// The length of a row, in bytes.
    pub(crate) fn row_length(&self, area: Rectangle, readers: &PixelReaders) -> usize {
        let width = usize::from(area.width);
        match self {
            Self::Copy | Self::Gradient { .. } => width * readers.tpixel().size(),
            Self::TwoColours(_) => width.div_ceil(8),
            Self::Palette { .. } => width,
        }
    }

    /// Reads one row of pixels.
    pub(crate) fn read_row(
        &mut self,
        bytes: &[u8],
        out: &mut [u32],
        readers: &PixelReaders,
    ) -> Result<(), DecodeError> {
        match self {
            Self::Copy => readers.tpixel().read_row(bytes, out),
            Self::TwoColours(colours) => {
                for (pixels, byte) in out.chunks_mut(8).zip(bytes) {
                    let mut byte = *byte;
                    for pixel in pixels {
                        *pixel = colours[usize::from(byte >> 7)];
                        byte <<= 1;
                    }
                }
            }
            Self::Palette { colours, len } => {
                if let Some(&index) = bytes.iter().find(|index| usize::from(**index) >= *len) {
                    return Err(DecodeError::Palette { index, len: *len });
                }
                out.iter_mut().zip(bytes).for_each(|(out, index)| *out = colours[usize::from(*index)]);
            }
            Self::Gradient { format, above } => add_gradient(bytes, out, above, *format, readers.tpixel()),
        }
        Ok(())
    }
}

/// Adds a row of differences to their predictions, modulo each colour's maximum plus one.
fn add_gradient(bytes: &[u8], out: &mut [u32], above: &mut [[u16; 3]], format: PixelFormat, reader: &PixelReader) {
    let max = format.max();
    let (mut left, mut above_left) = ([0; 3], [0; 3]);
    for ((bytes, out), above) in bytes.chunks_exact(reader.size()).zip(out).zip(above) {
        let difference = reader.read_components(bytes, format);
        let pixel = std::array::from_fn(|colour| {
            let predicted = i32::from(left[colour]) + i32::from(above[colour]) - i32::from(above_left[colour]);
            let predicted = predicted.clamp(0, i32::from(max[colour])) as u16;
            predicted.wrapping_add(difference[colour]) & max[colour]
        });
        *out = PixelFormat::combine(pixel, max);
        (above_left, left) = (*above, pixel);
        *above = pixel;
    }
}
