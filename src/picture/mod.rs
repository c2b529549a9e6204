//! Pictures of screens: reads, writes, compares and draws them. Pure.
//!
//! ```text
//! PNG, JPG → decode ─┐
//!                    ├→ Picture ─┬→ to_png
//! framebuffer, RGB ──┘           ├→ to_jpg
//!                                ├→ compare (area, tolerance)
//!                                ├→ find (a smaller picture in it)
//!                                └→ terminal (scale → kitty | iTerm2 | sixel | half blocks)
//! ```

mod compare;
mod decode;
mod error;
mod find;
mod jpg;
mod palette;
mod png;
mod point;
mod rectangle;
mod scale;
pub mod terminal;

pub use compare::{Similarity, compare};
pub(crate) use decode::is_jpg;
pub(crate) use error::PictureError;
pub(crate) use find::{Found, find};
pub(crate) use point::{Point, PointError};
pub use rectangle::Rectangle;
pub(crate) use scale::fit_size;

/// The longest side of a picture, in pixels.
pub(crate) const MAX_SIDE: u32 = 16_384;

/// The most pixels of a picture; a screen of 7680x4320 has 33 million. They take 96 MiB, and up to four times as much while a
/// file is read.
pub(crate) const MAX_PIXELS: u64 = 1 << 25;

/// A picture with at least one pixel: red, green and blue, 8 bits each, in rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// Makes a picture from `width * height * 3` bytes of RGB. A side of 0 or above [`MAX_SIDE`] is an error, and so are more
    /// than [`MAX_PIXELS`] pixels.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, PictureError> {
        let length = checked_rgb_len(width.into(), height.into())?;
        if rgb.len() != length {
            return Err(PictureError::Length { expected: length, found: rgb.len() });
        }
        Ok(Self { width, height, rgb })
    }

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes of all rows, three a pixel.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The rectangle that holds the whole picture. Its numbers fit, as no side is above [`MAX_SIDE`].
    pub(crate) fn bounds(&self) -> Rectangle {
        Rectangle { x: 0, y: 0, width: self.width as u16, height: self.height as u16 }
    }

    /// The colour of a pixel, `None` outside the picture.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        (x < self.width).then(|| self.row(y).get(x as usize).copied()).flatten()
    }

    /// All pixels, row by row.
    fn pixels(&self) -> &[[u8; 3]] {
        self.rgb.as_chunks().0
    }

    /// The pixels of a row, empty below the last one.
    fn row(&self, y: u32) -> &[[u8; 3]] {
        let width = self.width as usize;
        self.pixels().chunks_exact(width).nth(y as usize).unwrap_or_default()
    }
}

/// Shows the size, but not the pixels.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

/// The number of RGB bytes of a picture of this size. Call it before memory is allocated: it refuses unsupported sizes.
fn checked_rgb_len(width: u64, height: u64) -> Result<usize, PictureError> {
    let sides = 1..=u64::from(MAX_SIDE);
    if !sides.contains(&width) || !sides.contains(&height) || width * height > MAX_PIXELS {
        return Err(PictureError::Size { width, height });
    }
    usize::try_from(width * height * 3).map_err(|_| PictureError::Size { width, height })
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
