//! Raw: pixel after pixel. RFC 6143, section 7.7.1.

use super::super::framebuffer::Framebuffer;
use super::super::pixels::Reader;
use super::Input;
use crate::picture::Rectangle;

/// How far a rectangle has come.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    row: u16,
    /// Pixels of this row that are there.
    column: usize,
}

impl Raw {
    /// Takes what there is. Whether the rectangle is done.
    pub(crate) fn go_on(
        &mut self,
        input: &mut Input,
        area: Rectangle,
        screen: &mut Framebuffer,
        reader: &Reader,
    ) -> bool {
        if area.width == 0 {
            return true;
        }
        while self.row < area.height {
            let row = &mut screen.row_mut(area, self.row)[self.column..];
            let count = row.len().min(input.len() / reader.size());
            let Some(wire) = input.take(count * reader.size()) else { return false };
            reader.row(wire, &mut row[..count]);
            if count < row.len() {
                self.column += count;
                return false;
            }
            (self.row, self.column) = (self.row + 1, 0);
        }
        true
    }
}
