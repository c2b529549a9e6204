//! The pixels of a screen.

use thiserror::Error;

use super::moved_area::MovedArea;
use crate::picture::Rectangle;

/// The most pixels of a screen, which take 64 MiB of memory. QEMU's VNC server shows at most 2560 x 2048 pixels of a larger
/// screen.
pub(crate) const MAX_PIXELS: u32 = 1 << 24;

/// A size that a screen cannot have, or a rectangle outside it.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum FramebufferError {
    #[error("a screen of {0}x{1} pixels is not supported; the limit is {MAX_PIXELS} pixels")]
    Size(u16, u16),
    #[error("the rectangle {part} reaches outside the screen of {width}x{height} pixels")]
    Outside { part: Rectangle, width: u16, height: u16 },
}

/// A screen with its pixels. By default it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Framebuffer {
    width: u16,
    height: u16,
    pixels: Vec<u32>,
}

impl Framebuffer {
    /// A black screen. Its size is checked before memory is allocated. It may be empty: a console has no size before it has
    /// set a video mode.
    pub(crate) fn new(width: u16, height: u16) -> Result<Self, FramebufferError> {
        let count = u32::from(width) * u32::from(height);
        if count > MAX_PIXELS {
            return Err(FramebufferError::Size(width, height));
        }
        Ok(Self { width, height, pixels: vec![0; count as usize] })
    }

    pub(crate) fn width(&self) -> u16 {
        self.width
    }

    pub(crate) fn height(&self) -> u16 {
        self.height
    }

    /// The rectangle that holds the whole screen.
    pub(crate) fn bounds(&self) -> Rectangle {
        Rectangle { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// The pixels row by row, each `0x00RRGGBB`.
    pub fn pixels(&self) -> &[u32] {
        &self.pixels
    }

    /// The pixels row by row, three bytes each: red, green, blue.
    pub(crate) fn rgb(&self) -> Vec<u8> {
        let mut rgb = vec![0; self.pixels.len() * 3];
        for (bytes, pixel) in rgb.chunks_exact_mut(3).zip(&self.pixels) {
            bytes.copy_from_slice(&pixel.to_be_bytes()[1..]);
        }
        rgb
    }

    /// Returns an error if `part` reaches outside the screen. The methods below need a `part` that does not.
    pub(super) fn check_inside(&self, part: Rectangle) -> Result<(), FramebufferError> {
        if part.fits(self.width.into(), self.height.into()) {
            return Ok(());
        }
        Err(FramebufferError::Outside { part, width: self.width, height: self.height })
    }

    /// One row of `part`.
    pub(super) fn row_mut(&mut self, part: Rectangle, row: u16) -> &mut [u32] {
        let start = (usize::from(part.y) + usize::from(row)) * usize::from(self.width) + usize::from(part.x);
        &mut self.pixels[start..][..part.width.into()]
    }

    /// Fills `part` with one colour.
    pub(crate) fn fill(&mut self, part: Rectangle, pixel: u32) {
        (0..part.height).for_each(|row| self.row_mut(part, row).fill(pixel));
    }

    /// Copies the pixels of `part` from a screen of the same size. Returns whether they were different.
    pub(crate) fn copy_from(&mut self, other: &Self, part: Rectangle) -> bool {
        let mut has_changed = false;
        for row in 0..part.height {
            let start = (usize::from(part.y) + usize::from(row)) * usize::from(self.width) + usize::from(part.x);
            let (own, new) = (self.row_mut(part, row), &other.pixels[start..][..part.width.into()]);
            if own != new {
                own.copy_from_slice(new);
                has_changed = true;
            }
        }
        has_changed
    }

    /// Copies pixels from one area to another. The two may overlap, and lie inside the screen.
    pub(crate) fn move_area(&mut self, MovedArea { from: (x, y), to: part }: MovedArea) {
        let width = usize::from(self.width);
        let at = |x: u16, y: u16| usize::from(y) * width + usize::from(x);
        let mut row = |row: u16| {
            let from = at(x, y + row);
            self.pixels.copy_within(from..from + usize::from(part.width), at(part.x, part.y + row));
        };
        // A copy downwards starts with the last row, so that it reads each row before it overwrites it.
        if part.y > y { (0..part.height).rev().for_each(&mut row) } else { (0..part.height).for_each(&mut row) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsupported_size_is_an_error() {
        for (width, height) in [(65535, 65535), (4097, 4096)] {
            assert_eq!(Framebuffer::new(width, height), Err(FramebufferError::Size(width, height)));
        }
        assert!(Framebuffer::new(0, 1).unwrap().bounds().is_empty() && Framebuffer::new(1, 0).is_ok());
        let screen = Framebuffer::new(4096, 4096).unwrap();
        assert_eq!(screen.pixels().len(), 4096 * 4096);
        let error = Framebuffer::new(4097, 4096).unwrap_err().to_string();
        assert_eq!(error, "a screen of 4097x4096 pixels is not supported; the limit is 16777216 pixels");
    }

    #[test]
    fn a_rectangle_outside_the_screen_is_an_error() {
        let screen = Framebuffer::new(10, 20).unwrap();
        let part = |x, y, width, height| Rectangle { x, y, width, height };
        for inside in [part(0, 0, 10, 20), part(9, 19, 1, 1), part(10, 20, 0, 0)] {
            assert_eq!(screen.check_inside(inside), Ok(()));
        }
        for outside in [part(0, 0, 11, 1), part(9, 0, 2, 1), part(0, 20, 1, 1), part(65535, 65535, 65535, 65535)] {
            assert!(screen.check_inside(outside).is_err(), "{outside}");
        }
        let error = screen.check_inside(part(9, 3, 2, 1)).unwrap_err().to_string();
        assert_eq!(error, "the rectangle 9,3,2,1 reaches outside the screen of 10x20 pixels");
    }

    #[test]
    fn rgb_is_red_first() {
        let mut screen = Framebuffer::new(2, 1).unwrap();
        screen.fill(Rectangle { x: 1, y: 0, width: 1, height: 1 }, 0x01_02_03);
        assert_eq!(screen.rgb(), [0, 0, 0, 1, 2, 3]);
    }

    #[test]
    fn a_copy_may_overlap_in_all_directions() {
        let (width, height) = (8u16, 8u16);
        for (dx, dy) in (-3..=3).flat_map(|dx: i32| (-3..=3).map(move |dy: i32| (dx, dy))) {
            let mut screen = Framebuffer::new(width, height).unwrap();
            screen.pixels = (0..64).collect();
            let before = screen.clone();
            let part = Rectangle { x: (3 + dx) as u16, y: (3 + dy) as u16, width: 2, height: 2 };
            screen.move_area(MovedArea { from: (3, 3), to: part });
            for (x, y) in (0..8u16).flat_map(|x| (0..8u16).map(move |y| (x, y))) {
                let inside = (part.x..part.x + 2).contains(&x) && (part.y..part.y + 2).contains(&y);
                let (from_x, from_y) = if inside { (x - part.x + 3, y - part.y + 3) } else { (x, y) };
                let expected = before.pixels[usize::from(from_y * width + from_x)];
                assert_eq!(screen.pixels[usize::from(y * width + x)], expected, "({x}, {y}) by ({dx}, {dy})");
            }
        }
    }
}
