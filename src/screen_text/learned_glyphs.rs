//! Bitmaps that a user taught, and the file that keeps them. Pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::font::{ObservedFont, ObservedGlyph, parse_keys};

/// The name of the fonts that were learned, for people.
const NAME: &str = "learned";

/// The start of the line that begins the bitmaps of a cell size.
const SIZE: &str = "cell ";

/// Bitmaps with the character that each stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LearnedGlyphs(BTreeMap<Bitmap, char>);

/// A bitmap of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bitmap {
    /// The width of the cell in pixels, 1 to 32.
    pub width: u8,
    /// The height of the cell in pixels, 1 to 64.
    pub height: u8,
    /// The hash of the bitmap in either polarity, of [`key`](crate::font::key).
    pub key: u64,
    /// Whether the top-left pixel belongs to the character, and not to what is around it. Two bitmaps have the same key where one
    /// is the other in reverse, such as those of U+2580 and U+2584.
    pub is_flipped: bool,
}

/// Whether a bitmap can stand for a character in the file: not for a space, a control character or one of private use, whose
/// meaning only a font's author knows.
pub fn can_be_learned(character: char) -> bool {
    character != ' ' && !character.is_control() && !matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

impl LearnedGlyphs {
    /// Reads the file. `None` if a part of it is not as [`Self::to_text`] writes it, or if a bitmap stands for two characters.
    pub fn parse(text: &str) -> Option<Self> {
        let mut learned = Self::default();
        let mut lines = text.lines().peekable();
        while let Some(first) = lines.next() {
            first.strip_prefix(SIZE)?;
            let mut table = String::from(first);
            while let Some(line) = lines.next_if(|line| !line.starts_with(SIZE)) {
                table.push('\n');
                table.push_str(line);
            }
            let ObservedFont { width, height, glyphs, .. } = parse_keys(NAME, &table).ok()?;
            for ObservedGlyph { key, is_flipped, characters } in glyphs {
                let character = Some(characters).filter(|all| all.len() == 1 && all[0] != ' ')?[0];
                let before = learned.0.insert(Bitmap { width, height, key, is_flipped }, character);
                if before.is_some() {
                    return None;
                }
            }
        }
        Some(learned)
    }

    /// The file: a table of keys for each cell size, as [`parse_keys`] reads them, one after the other.
    pub fn to_text(&self) -> String {
        let (mut text, mut last) = (String::new(), None);
        for (Bitmap { width, height, key, is_flipped }, character) in &self.0 {
            if last != Some((width, height)) {
                last = Some((width, height));
                let _ = writeln!(text, "{SIZE}{width} {height}");
            }
            let flipped = if *is_flipped { " flipped" } else { "" };
            let _ = writeln!(text, "{key:016x}{flipped} U+{:04X}", u32::from(*character));
        }
        text
    }

    /// Adds a bitmap. If it stands for another character already, both are dropped, and the other one is returned: one of them is
    /// wrong.
    pub fn add(&mut self, bitmap: Bitmap, character: char) -> Option<char> {
        let before = self.0.insert(bitmap, character).filter(|before| *before != character)?;
        self.0.remove(&bitmap);
        Some(before)
    }

    /// The number of bitmaps.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bitmaps.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fonts to read with, one for each cell size.
    pub fn fonts(&self) -> Vec<ObservedFont> {
        let bitmaps: Vec<(&Bitmap, &char)> = self.0.iter().collect();
        let size = |bitmap: &Bitmap| (bitmap.width, bitmap.height);
        let sizes = bitmaps.chunk_by(|(one, _), (other, _)| size(one) == size(other));
        let glyph = |(Bitmap { key, is_flipped, .. }, character): &(&Bitmap, &char)| ObservedGlyph {
            key: *key,
            is_flipped: *is_flipped,
            characters: vec![**character],
        };
        let font = |of_size: &[(&Bitmap, &char)]| {
            let (width, height) = size(of_size.first()?.0);
            Some(ObservedFont { name: NAME.to_owned(), width, height, glyphs: of_size.iter().map(glyph).collect() })
        };
        sizes.filter_map(font).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap((width, height): (u8, u8), key: u64, is_flipped: bool) -> Bitmap {
        Bitmap { width, height, key, is_flipped }
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let mut learned = LearnedGlyphs::default();
        for (bitmap, character) in [
            (bitmap((16, 32), 7, false), 'A'),
            (bitmap((8, 16), u64::MAX, false), 'é'),
            (bitmap((8, 16), 1, true), '\u{2580}'),
            (bitmap((8, 16), 1, false), '\u{2584}'),
            (bitmap((8, 14), 1, false), 'x'),
        ] {
            assert_eq!(learned.add(bitmap, character), None);
        }
        let text = "cell 8 14\n0000000000000001 U+0078\n\
                    cell 8 16\n0000000000000001 U+2584\n0000000000000001 flipped U+2580\nffffffffffffffff U+00E9\n\
                    cell 16 32\n0000000000000007 U+0041\n";
        assert_eq!(learned.to_text(), text);
        assert_eq!(LearnedGlyphs::parse(text), Some(learned.clone()));
        assert_eq!(LearnedGlyphs::parse(""), Some(LearnedGlyphs::default()));
        let fonts = learned.fonts();
        let sizes: Vec<_> = fonts.iter().map(|font| (font.width, font.height, font.glyphs.len())).collect();
        assert_eq!(sizes, [(8, 14, 1), (8, 16, 3), (16, 32, 1)]);
        assert_eq!((fonts[1].glyphs[1].is_flipped, &fonts[1].glyphs[2].characters[..]), (true, &['é'][..]));
    }

    #[test]
    fn a_damaged_file_is_not_used_at_all() {
        let good = "cell 8 16\n0000000000000001 U+0041\n";
        assert!(LearnedGlyphs::parse(good).is_some());
        for bad in [
            "0000000000000001 U+0041\n",
            "cell 8\n",
            "cell 0 16\n",
            "cell 33 16\n",
            "cell 8 16\n0000000000000001\n",
            "cell 8 16\n0000000000000001 U+0041 U+0042\n",
            "cell 8 16\n0000000000000001 U+0020\n",
            "cell 8 16\n0000000000000001 U+001B\n",
            "cell 8 16\n000000000000001 U+0041\n",
            "cell 8 16\n0000000000000001 U+0041\n0000000000000001 U+0042\n",
            "cell 8 16\n0000000000000001 U+0041\ncell 8 16\n0000000000000001 U+0042\n",
        ] {
            assert_eq!(LearnedGlyphs::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn of_two_characters_for_a_bitmap_none_is_kept() {
        let mut learned = LearnedGlyphs::default();
        let same = bitmap((8, 16), 1, false);
        assert_eq!(learned.add(same, 'A'), None);
        assert_eq!(learned.add(same, 'A'), None);
        assert_eq!(learned.add(bitmap((8, 14), 1, false), 'B'), None, "another size is another bitmap");
        assert_eq!((learned.add(same, 'C'), learned.len()), (Some('A'), 1));
        assert_eq!(learned.to_text(), "cell 8 14\n0000000000000001 U+0042\n");
    }
}
