//! Raw: all pixels, row by row. RFC 6143, section 7.7.1.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::PixelReader;
use super::Input;
use crate::picture::Rectangle;

/// The state of one rectangle.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    row: u16,
    /// How many pixels of this row are drawn.
    column: usize,
}

impl Raw {
    /// Draws all pixels that have arrived. Returns whether the rectangle is complete.
    pub(crate) fn advance(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &PixelReader,
    ) -> bool {
        if area.width == 0 {
            return true;
        }
        while self.row < area.height {
            let row = &mut screen.row_mut(area, self.row)[self.column..];
            let count = row.len().min(input.len() / reader.size());
            let Some(bytes) = input.take(count * reader.size()) else { return false };
            reader.read_row(bytes, &mut row[..count]);
            if count < row.len() {
                self.column += count;
                return false;
            }
            (self.row, self.column) = (self.row + 1, 0);
        }
        true
    }
}
