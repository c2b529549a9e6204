//! The pixels that are read.

use crate::picture::Picture;

/// Pixels in rows from the top, each `0x00RRGGBB`.
#[derive(Clone, Copy)]
pub struct Pixels<'a> {
    width: usize,
    height: usize,
    pixels: &'a [u32],
}

impl<'a> Pixels<'a> {
    /// `None` unless there are `width * height` pixels, and at least one.
    pub fn new(width: usize, height: usize, pixels: &'a [u32]) -> Option<Self> {
        let count = width.checked_mul(height)?;
        (count > 0 && count == pixels.len()).then_some(Self { width, height, pixels })
    }

    /// The width in pixels.
    pub(super) fn width(self) -> usize {
        self.width
    }

    /// The height in pixels.
    pub(super) fn height(self) -> usize {
        self.height
    }

    /// `width` pixels of the row `y`, from `x` on. Shorter, or empty, outside.
    pub(super) fn row(self, x: usize, y: usize, width: usize) -> &'a [u32] {
        if x >= self.width || y >= self.height {
            return &[];
        }
        let start = y * self.width + x;
        let end = start + width.min(self.width - x);
        self.pixels.get(start..end).unwrap_or_default()
    }
}

/// The pixels of a picture as the reader takes them.
pub fn pixels_of(picture: &Picture) -> Vec<u32> {
    let pixels = picture.rgb().as_chunks::<3>().0;
    pixels.iter().map(|[red, green, blue]| u32::from_be_bytes([0, *red, *green, *blue])).collect()
}
