//! Rows of pixels, as font files have them.

use super::Glyph;
use super::character_rank::named_characters;

/// The rows of a bitmap whose rows fill whole bytes, the leftmost pixel in the highest bit. `width` is 1 to 32.
pub(super) fn byte_rows(bytes: &[u8], width: u8) -> Vec<u32> {
    let row_bytes = row_bytes(width);
    let unused_bits = row_bytes * 8 - usize::from(width);
    let row = |bytes: &[u8]| bytes.iter().fold(0u64, |row, byte| row << 8 | u64::from(*byte)) >> unused_bits;
    bytes.chunks_exact(row_bytes).map(|bytes| row(bytes) as u32).collect()
}

/// The bytes of a row of `width` pixels.
pub(super) fn row_bytes(width: u8) -> usize {
    usize::from(width).div_ceil(8)
}

/// A glyph that may be smaller than its cell, or lie partly outside.
pub(super) struct PlacedGlyph {
    /// The character, if it has one.
    pub(super) character: Option<char>,
    /// How far the next character is, in pixels.
    pub(super) advance: i64,
    /// Where the bitmap's left edge is in the cell.
    pub(super) left: i64,
    /// Where the bitmap's top edge is in the cell.
    pub(super) top: i64,
    /// The width of the bitmap, 0 to 64.
    pub(super) width: u32,
    /// The rows of the bitmap, the leftmost pixel in bit `width - 1`.
    pub(super) rows: Vec<u64>,
}

impl PlacedGlyph {
    /// The glyph in a cell of `width` x `height` pixels. Pixels outside the cell are cut off.
    pub(super) fn in_cell(&self, (width, height): (u8, u8), position: u16) -> Glyph {
        let all = (1u64 << width) - 1;
        let shift = i64::from(width) - self.left - i64::from(self.width);
        let moved = |row: u64| match u32::try_from(shift.abs()) {
            Ok(distance @ 0..=63) if shift >= 0 => row << distance & all,
            Ok(distance @ 0..=63) => row >> distance & all,
            _ => 0,
        };
        let mut rows = vec![0; usize::from(height)];
        for (y, row) in (self.top..).zip(&self.rows) {
            if let Some(target) = usize::try_from(y).ok().and_then(|y| rows.get_mut(y)) {
                *target = moved(*row) as u32;
            }
        }
        Glyph { rows, characters: named_characters(self.character), position }
    }
}

/// The width of the cells of a font: the largest distance between ASCII characters, as GRUB determines it
/// (`calculate_normal_character_width`, grub-core/term/gfxterm.c). `None` without ASCII characters.
pub(super) fn cell_width(glyphs: &[PlacedGlyph]) -> Option<i64> {
    let ascii = glyphs.iter().filter(|glyph| glyph.character.is_some_and(|character| (' '..='~').contains(&character)));
    ascii.map(|glyph| glyph.advance).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(left: i64, top: i64) -> Vec<u32> {
        let glyph = PlacedGlyph { character: Some('x'), advance: 8, left, top, width: 3, rows: vec![0b111, 0b101] };
        glyph.in_cell((4, 3), 0).rows
    }

    #[test]
    fn bitmaps_are_placed_and_cut_off() {
        assert_eq!(placed(0, 0), [0b1110, 0b1010, 0]);
        assert_eq!(placed(1, 1), [0, 0b0111, 0b0101]);
        assert_eq!(placed(2, 2), [0, 0, 0b0011]);
        assert_eq!(placed(-1, -1), [0b0100, 0, 0]);
        assert_eq!(placed(i64::from(i32::MAX), 0), [0, 0, 0]);
        assert_eq!(placed(0, -70_000), [0, 0, 0]);
    }

    #[test]
    fn rows_of_bytes() {
        assert_eq!(byte_rows(&[0x80, 0x01], 8), [0x80, 0x01]);
        assert_eq!(byte_rows(&[0xff, 0xf0, 0x80, 0x10], 12), [0xfff, 0x801]);
        assert_eq!(byte_rows(&[1, 2, 3, 4], 32), [0x0102_0304]);
    }
}
