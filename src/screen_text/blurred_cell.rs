//! A cell of a compressed or scaled picture.

use super::bits::value_at;
use super::characters::brightness;
use super::pixels::Pixels;
use super::screen::Cell;
use super::shrunk::{Shrunk, ShrunkCell};

/// A cell, and how much its pixels differ.
#[derive(Clone, Copy)]
pub(super) struct BlurredCell<'a> {
    pixels: Pixels<'a>,
    corner: (usize, usize),
    size: (usize, usize),
    /// The difference between the darkest and the brightest pixel in the colour channel where it is widest, 0 to 255.
    pub(super) contrast: u8,
    /// The number of bits by which that channel is to be shifted: 16 for red, 8 for green, 0 for blue.
    widest_channel: u32,
    /// The picture as it was before it was enlarged, if it was.
    shrunk: Option<Shrunk<'a>>,
}

/// How bright the pixels of a cell are.
pub(super) struct CellValues {
    /// At full size.
    pub(super) full: Vec<f32>,
    /// In the smaller picture, if the picture was enlarged.
    pub(super) shrunk: Option<ShrunkCell>,
}

impl<'a> BlurredCell<'a> {
    pub(super) fn new(
        pixels: Pixels<'a>,
        shrunk: Option<Shrunk<'a>>,
        corner: (usize, usize),
        size: (usize, usize),
    ) -> Self {
        let (mut low, mut high) = ([u8::MAX; 4], [0; 4]);
        for y in corner.1..corner.1 + size.1 {
            for pixel in pixels.row(corner.0, y, size.0) {
                for (value, (low, high)) in pixel.to_be_bytes().into_iter().zip(low.iter_mut().zip(&mut high)) {
                    *low = value.min(*low);
                    *high = value.max(*high);
                }
            }
        }
        let contrast = |byte: usize| high[byte].saturating_sub(low[byte]);
        let widest = if contrast(1) >= contrast(2).max(contrast(3)) {
            1
        } else if contrast(2) >= contrast(3) {
            2
        } else {
            3
        };
        Self { pixels, corner, size, contrast: contrast(widest), widest_channel: 24 - 8 * widest as u32, shrunk }
    }

    /// The brightness of each pixel.
    pub(super) fn luma(&self) -> CellValues {
        self.values(|pixel| brightness(pixel) as f32)
    }

    /// The channel with the widest contrast of each pixel.
    pub(super) fn widest_channel(&self) -> CellValues {
        self.values(|pixel| self.widest(pixel))
    }

    fn widest(&self, pixel: u32) -> f32 {
        (pixel >> self.widest_channel & 0xff) as f32
    }

    fn values(&self, value: impl Fn(u32) -> f32) -> CellValues {
        let shrunk = self.shrunk.map(|shrunk| shrunk.cell(self.corner, self.size, &value));
        CellValues { full: self.full_values(value), shrunk }
    }

    fn full_values(&self, value: impl Fn(u32) -> f32) -> Vec<f32> {
        let rows = self.corner.1..self.corner.1 + self.size.1;
        rows.flat_map(|y| self.pixels.row(self.corner.0, y, self.size.0)).map(|pixel| value(*pixel)).collect()
    }

    /// The cell as a space.
    pub(super) fn blank(&self) -> Cell {
        let colour = self.mean(|_| true);
        Cell { character: ' ', foreground: colour, background: colour }
    }

    /// The cell as a character, in the mean colours of its brighter and of its darker pixels.
    pub(super) fn coloured(&self, character: char, is_bright: bool) -> Cell {
        let values = self.full_values(|pixel| self.widest(pixel));
        let threshold = value_at(&values, 0.5);
        let (bright, dark) =
            (self.mean(|index| values[index] > threshold), self.mean(|index| values[index] <= threshold));
        let (foreground, background) = if is_bright { (bright, dark) } else { (dark, bright) };
        Cell { character, foreground, background }
    }

    /// The mean colour of some pixels; black of none.
    fn mean(&self, is_in: impl Fn(usize) -> bool) -> u32 {
        let rows = self.corner.1..self.corner.1 + self.size.1;
        let pixels = rows.flat_map(|y| self.pixels.row(self.corner.0, y, self.size.0));
        let (mut sums, mut count) = ([0u32; 4], 0u32);
        for (_, pixel) in pixels.enumerate().filter(|(index, _)| is_in(*index)) {
            sums.iter_mut().zip(pixel.to_be_bytes()).for_each(|(sum, value)| *sum += u32::from(value));
            count += 1;
        }
        u32::from_be_bytes(sums.map(|sum| (sum / count.max(1)) as u8))
    }
}
