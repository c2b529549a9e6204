//! The letters of labels: those of the built-in fonts of text consoles.

use std::collections::HashMap;

use super::canvas::{Area, Canvas, Colour};
use crate::font;

/// The size of a letter's cell, in pixels.
pub(super) const CELL: (u32, u32) = (8, 16);

/// Bitmaps of 8x16 pixels, by character.
pub(super) struct LabelFont(HashMap<char, Vec<u32>>);

impl LabelFont {
    /// Takes each character from the first font that has it.
    pub(super) fn built_in() -> Self {
        let fonts = font::shipped().into_iter().filter(|font| (u32::from(font.width), u32::from(font.height)) == CELL);
        let mut bitmaps = HashMap::new();
        for glyph in fonts.flat_map(|font| font.glyphs) {
            for character in glyph.characters {
                bitmaps.entry(character).or_insert_with(|| glyph.rows.clone());
            }
        }
        Self(bitmaps)
    }

    /// Whether every character of a text can be drawn.
    pub(super) fn has_all(&self, text: &str) -> bool {
        text.chars().all(|character| character == ' ' || self.0.contains_key(&character))
    }

    /// Draws a line, and cuts it after `max_width` pixels. A character that no font has is an empty box.
    pub(super) fn draw(&self, canvas: &mut Canvas, text: &str, (x, y): (u32, u32), max_width: u32, colour: Colour) {
        let (columns, count) = (max_width / CELL.0, text.chars().count());
        let (width, height) = CELL;
        let shown = fitting(text, columns as usize, count);
        for (column, character) in (0..columns).zip(shown.chars()) {
            let left = x + column * width;
            match self.0.get(&character) {
                Some(rows) => {
                    for (y, row) in (y..).zip(rows) {
                        let is_set = |bit: &u32| row >> (width - 1 - bit) & 1 == 1;
                        (0..width).filter(is_set).for_each(|bit| canvas.set(left + bit, y, colour));
                    }
                }
                None if character == ' ' => {}
                None => canvas.frame(Area { x: left + 1, y: y + 3, width: width - 2, height: height - 5 }, 1, colour),
            }
        }
    }
}

/// The text if it fits, else its beginning and two dots.
fn fitting(text: &str, columns: usize, count: usize) -> String {
    if count <= columns {
        return text.to_owned();
    }
    text.chars().take(columns.saturating_sub(2)).chain("..".chars()).take(columns).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_cut_where_its_place_ends() {
        assert_eq!(fitting("abcd", 4, 4), "abcd");
        assert_eq!(fitting("abcde", 4, 5), "ab..");
        assert_eq!(fitting("字字字", 1, 3), ".");
        assert_eq!(fitting("ab", 0, 2), "");
    }
}
