//! Pictures of screens: as files, on terminals, and one against another. Pure.
//!
//! ```text
//! PNG, JPG → decode ─┐
//!                    ├→ Picture ─┬→ to_png
//! framebuffer, RGB ──┘           ├→ compare (area, tolerance)
//!                                └→ terminal (scale → kitty | iTerm2 | sixel | half blocks)
//! ```

mod compare;
mod decode;
mod error;
mod jpg;
mod palette;
mod png;
mod rectangle;
mod scale;
pub mod terminal;

pub(crate) use compare::Similarity;
pub use compare::compare;
pub(crate) use error::PictureError;
pub(crate) use rectangle::Rectangle;

/// The longest side of a picture, in pixels.
pub(crate) const LONGEST_SIDE: u32 = 16_384;

/// The most pixels of a picture: a screen of 7680x4320 has 33 million. They take 3 bytes each, 96 MiB, and up to
/// four times that while a file is read.
pub(crate) const MOST_PIXELS: u64 = 1 << 25;

/// A picture: red, green and blue, 8 bits each, in rows from the top. It has at least one pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Picture {
    /// From rows of RGB, `width * height * 3` bytes. Neither side is 0 or above [`LONGEST_SIDE`], nor is the whole above
    /// [`MOST_PIXELS`].
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, PictureError> {
        let length = length(width.into(), height.into())?;
        if rgb.len() != length {
            return Err(PictureError::Length { expected: length, found: rgb.len() });
        }
        Ok(Self { width, height, rgb })
    }

    /// In pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// In pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All rows.
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The rectangle that holds the whole picture. [`LONGEST_SIDE`] fits its numbers.
    pub(crate) fn bounds(&self) -> Rectangle {
        Rectangle { x: 0, y: 0, width: self.width as u16, height: self.height as u16 }
    }

    /// The colour at a place, if it is inside.
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        (x < self.width).then(|| self.row(y).get(x as usize).copied()).flatten()
    }

    /// All pixels, row by row.
    fn pixels(&self) -> &[[u8; 3]] {
        self.rgb.as_chunks().0
    }

    /// The pixels of a row; none below the last.
    fn row(&self, y: u32) -> &[[u8; 3]] {
        let width = self.width as usize;
        self.pixels().chunks_exact(width).nth(y as usize).unwrap_or_default()
    }
}

/// Says the size only: a picture is too long to print.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

/// How many bytes a picture of this size has, if it may be that large. Asked before any memory is taken.
fn length(width: u64, height: u64) -> Result<usize, PictureError> {
    let sides = 1..=u64::from(LONGEST_SIDE);
    if !sides.contains(&width) || !sides.contains(&height) || width * height > MOST_PIXELS {
        return Err(PictureError::Size { width, height });
    }
    usize::try_from(width * height * 3).map_err(|_| PictureError::Size { width, height })
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
