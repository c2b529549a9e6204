//! The shape of the pointer, which a client draws itself. RFC 6143, section 7.8.1.

use super::pixels::PixelReader;
use crate::picture::Rectangle;

/// The largest width and height of a shape, in pixels. The RFC sets no limit; QEMU's devices have up to 256.
const MAX_SIDE: u16 = 512;

/// A shape. Without pixels, the pointer is not seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CursorShape {
    /// The pixel that points, from the left and the top.
    pub(crate) hotspot: (u16, u16),
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// Row by row, as `0x00RRGGBB`.
    pub(crate) pixels: Vec<u32>,
    /// A bit for each pixel that is seen, the highest first; each row begins with a byte.
    pub(crate) mask: Vec<u8>,
}

impl CursorShape {
    /// How many bytes follow the header of a rectangle with a shape. `None` for a shape that is too large.
    pub(crate) fn encoded_len(Rectangle { width, height, .. }: Rectangle, bytes_per_pixel: usize) -> Option<usize> {
        if width > MAX_SIDE || height > MAX_SIDE {
            return None;
        }
        let (width, height) = (usize::from(width), usize::from(height));
        Some(width * height * bytes_per_pixel + width.div_ceil(8) * height)
    }

    /// Reads the bytes behind the header of a rectangle. There are as many as [`Self::encoded_len`] says.
    pub(crate) fn decode(header: Rectangle, bytes: &[u8], reader: &PixelReader) -> Self {
        let Rectangle { x, y, width, height } = header;
        let mut pixels = vec![0; usize::from(width) * usize::from(height)];
        let (colours, mask) = bytes.split_at(bytes.len().min(pixels.len() * reader.size()));
        reader.read_row(colours, &mut pixels);
        Self { hotspot: (x, y), width, height, pixels, mask: mask.to_vec() }
    }

    /// The area of the rectangle's header: the hotspot is its place.
    pub(crate) fn header(&self) -> Rectangle {
        Rectangle { x: self.hotspot.0, y: self.hotspot.1, width: self.width, height: self.height }
    }
}
