//! The glyph that is nearest to a blurred cell.

use std::collections::HashSet;

use super::bits::{Bits, Centred, value_at};
use super::blurred_cell::CellValues;
use super::glyph_table::{SizeTable, TableFont, TableGlyph};
use super::text_cursor::underlines;
use crate::font::key;

/// So many glyphs with the fewest differing pixels are compared by correlation.
const CANDIDATES: usize = 16;

/// The same in a picture that was made smaller, where thin letters of several fonts look alike until they are made as small.
const SHRUNK_CANDIDATES: usize = 48;

/// By so much more a glyph that is no ASCII must correlate: the Greek and Cyrillic letters that look like Latin ones are rare on
/// consoles.
const ASCII_PREFERENCE: f32 = 0.04;

/// The same with glyphs that were made as small as the picture, which correlate better.
const SHRUNK_ASCII_PREFERENCE: f32 = 0.02;

/// Where between the darkest and the brightest pixel ink may begin.
const THRESHOLDS: [f32; 3] = [0.5, 0.35, 0.65];

/// Stands for the text cursor on an empty cell.
pub(super) const CURSOR: char = '\0';

/// Bitmaps that a blurred cell is compared with.
pub(super) struct GlyphBank<'a> {
    table: &'a SizeTable,
    glyphs: Vec<BankGlyph>,
    /// The characters and bitmaps in `glyphs`.
    bitmaps: HashSet<(char, Bits)>,
    /// The keys of bitmaps that were learned.
    learned: HashSet<u64>,
    /// Whether the picture was scaled.
    is_scaled: bool,
}

struct BankGlyph {
    character: char,
    font: u16,
    bits: Bits,
    template: Centred,
}

/// The nearest glyph of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nearest {
    pub(super) character: char,
    /// The index of its font in the table.
    pub(super) font: u16,
    /// The normalised correlation of the bitmap with the cell, 0 to 1.
    pub(super) score: f32,
    /// Whether the character is brighter than what is around it.
    pub(super) is_bright: bool,
}

impl<'a> GlyphBank<'a> {
    /// The ASCII characters of all fonts.
    pub(super) fn ascii(table: &'a SizeTable, is_scaled: bool) -> Self {
        Self::new(table, is_scaled, |_, character| character.is_ascii())
    }

    /// All characters of some fonts, the ASCII characters of the others, and the text cursor. A font of which only keys are known
    /// has some letters from one of the others, and some from another.
    pub(super) fn of_fonts(table: &'a SizeTable, is_scaled: bool, fonts: &[u16]) -> Self {
        let mut bank = Self::new(table, is_scaled, |font, character| character.is_ascii() || fonts.contains(&font));
        for cursor in underlines(table.height) {
            let all = u32::MAX >> (32 - table.width);
            let rows: Vec<u32> = (0..table.height).map(|row| if cursor.contains(&row) { all } else { 0 }).collect();
            bank.add(CURSOR, fonts.first().copied().unwrap_or_default(), &rows);
        }
        bank
    }

    fn new(table: &'a SizeTable, is_scaled: bool, is_in: impl Fn(u16, char) -> bool) -> Self {
        let mut bank = Self { table, glyphs: Vec::new(), bitmaps: HashSet::new(), learned: HashSet::new(), is_scaled };
        for (font, TableFont { glyphs, .. }) in (0..).zip(&table.fonts) {
            for glyph in glyphs {
                let character = glyph.characters.first().filter(|character| is_in(font, **character));
                character.into_iter().for_each(|character| bank.add(*character, font, &glyph.rows));
            }
        }
        bank
    }

    fn add(&mut self, character: char, font: u16, rows: &[u32]) {
        let bits = Bits::of_rows(rows, self.table.width);
        // Fonts share many bitmaps.
        let is_new = self.bitmaps.insert((character, bits));
        if is_new && bits.ink() > 0 && bits.ink() < pixels(self.table) {
            let template = Centred::of_rows(rows, self.table.width, self.is_scaled);
            self.glyphs.push(BankGlyph { character, font, bits, template });
        }
    }

    pub(super) fn table(&self) -> &'a SizeTable {
        self.table
    }

    /// Adds the bitmap of a cell that came through unchanged, if a font is known to have it.
    pub(super) fn learn(&mut self, values: &[f32]) {
        if let Some((rows, glyph)) = self.find_exact(values)
            && self.learned.insert(key(&rows, self.table.width as u8))
        {
            let all = u32::MAX >> (32 - self.table.width);
            let is_ink = is_top_left_set(&rows, self.table.width) == glyph.is_flipped;
            let rows: Vec<u32> = rows.iter().map(|row| if is_ink { *row } else { !row & all }).collect();
            self.add(glyph.character, glyph.font, &rows);
        }
    }

    /// The glyph with the best correlation, in normal or in reverse video. `values` are the brightnesses of the cell's pixels.
    pub(super) fn find(&self, CellValues { full: values, shrunk }: &CellValues) -> Option<Nearest> {
        let centred = Centred::new(values);
        if let Some((rows, glyph)) = self.find_exact(values) {
            let score = centred.correlation(&Centred::of_rows(&rows, self.table.width, false)).abs();
            let is_bright = is_top_left_set(&rows, self.table.width) == glyph.is_flipped;
            return Some(Nearest { character: glyph.character, font: glyph.font, score, is_bright });
        }
        let cell = Bits::of_rows(&rows_above(values, self.table.width, THRESHOLDS[0]), self.table.width);
        let (candidates, preference) = match shrunk {
            Some(_) => (SHRUNK_CANDIDATES, SHRUNK_ASCII_PREFERENCE),
            None => (CANDIDATES, ASCII_PREFERENCE),
        };
        let (mut ascii, mut others) = (Vec::new(), Vec::new());
        for (index, glyph) in self.glyphs.iter().enumerate() {
            let differing = cell.difference(&glyph.bits);
            // In reverse video all others differ.
            let distance = differing.min(pixels(self.table) - differing);
            let nearest: &mut Vec<(u32, usize)> = if glyph.character.is_ascii() { &mut ascii } else { &mut others };
            if nearest.len() < candidates || nearest.last().is_some_and(|last| distance < last.0) {
                let position = nearest.partition_point(|(other, _)| *other <= distance);
                nearest.insert(position, (distance, index));
                nearest.truncate(candidates);
            }
        }
        let best = |nearest: Vec<(u32, usize)>| {
            let scored = nearest.into_iter().map(|(_, index)| {
                let BankGlyph { character, font, bits, template } = &self.glyphs[index];
                let correlation = match shrunk {
                    Some(shrunk) => shrunk.correlation(bits),
                    None => centred.correlation(template),
                };
                Nearest { character: *character, font: *font, score: correlation.abs(), is_bright: correlation >= 0.0 }
            });
            scored.reduce(|best, next| if next.score > best.score { next } else { best })
        };
        match (best(ascii), best(others)) {
            (Some(ascii), Some(other)) if other.score > ascii.score + preference => Some(other),
            (ascii, other) => ascii.or(other),
        }
    }

    /// The glyph whose bitmap the cell has at one of the thresholds, and that bitmap. Scaling makes other glyphs' bitmaps: none
    /// there.
    fn find_exact(&self, values: &[f32]) -> Option<(Vec<u32>, &'a TableGlyph)> {
        if self.is_scaled {
            return None;
        }
        let width = self.table.width;
        let bitmaps = THRESHOLDS.into_iter().map(|threshold| rows_above(values, width, threshold));
        bitmaps.filter_map(|rows| self.table.find(key(&rows, width as u8)).map(|glyph| (rows, glyph))).next()
    }
}

fn pixels(table: &SizeTable) -> u32 {
    (table.width * table.height) as u32
}

/// The bitmap of the values above a threshold, 0 to 1 from the lowest to the highest value.
fn rows_above(values: &[f32], width: usize, threshold: f32) -> Vec<u32> {
    let threshold = value_at(values, threshold);
    let rows = values.chunks(width);
    rows.map(|row| row.iter().fold(0, |bits, value| bits << 1 | u32::from(*value > threshold))).collect()
}

fn is_top_left_set(rows: &[u32], width: usize) -> bool {
    rows.first().is_some_and(|row| row >> (width - 1) & 1 == 1)
}
