//! The glyph that is nearest to a blurred cell.

use super::glyph_table::SizeTable;
use crate::font::key;

/// The bits of the largest cell, 32 x 64 pixels, in words.
const MAX_WORDS: usize = 32;

/// So many glyphs with the fewest differing pixels are compared by correlation.
const CANDIDATES: usize = 8;

/// A bitmap as words of 64 pixels, row by row.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Bits([u64; MAX_WORDS]);

/// All bitmaps that a blurred cell is compared with.
pub(super) struct GlyphBank {
    width: usize,
    pixels: usize,
    words: usize,
    glyphs: Vec<(char, Bits)>,
}

/// The nearest glyph of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nearest {
    pub(super) character: char,
    /// The normalised correlation of the bitmap with the cell, 0 to 1.
    pub(super) score: f32,
    /// Whether the character is brighter than what is around it.
    pub(super) is_bright: bool,
}

impl GlyphBank {
    /// The glyphs of all fonts of a size, each bitmap once, with the character of the first font that has it.
    pub(super) fn new(table: &SizeTable) -> Self {
        let pixels = table.width * table.height;
        let mut bank = Self { width: table.width, pixels, words: pixels.div_ceil(64), glyphs: Vec::new() };
        for glyph in table.fonts.iter().flat_map(|font| &font.glyphs) {
            if let Some(character) = glyph.characters.first().filter(|character| **character != ' ') {
                bank.add(*character, &glyph.rows);
            }
        }
        bank
    }

    /// Adds a bitmap unless it is there.
    pub(super) fn add(&mut self, character: char, rows: &[u32]) {
        let bits = Bits::of_rows(rows, self.width);
        let ink = bits.count(self.words);
        if ink > 0 && ink < self.pixels as u32 && self.glyphs.iter().all(|(_, known)| *known != bits) {
            self.glyphs.push((character, bits));
        }
    }

    /// Adds the bitmap that these values make if a font is known to have it.
    pub(super) fn learn(&mut self, values: &[f32], table: &SizeTable) {
        let rows = self.rows(values);
        if let Some(glyph) = table.find(key(&rows, self.width as u8)) {
            let all = u32::MAX >> (32 - self.width);
            let rows: Vec<u32> = if is_top_left_ink(&rows, self.width) == glyph.is_flipped {
                rows
            } else {
                rows.iter().map(|row| !row & all).collect()
            };
            self.add(glyph.character, &rows);
        }
    }

    /// The bitmap of the values above the middle between the lowest and the highest.
    fn rows(&self, values: &[f32]) -> Vec<u32> {
        let threshold = threshold(values);
        values
            .chunks(self.width)
            .map(|row| row.iter().fold(0, |bits, value| bits << 1 | u32::from(*value > threshold)))
            .collect()
    }

    /// The glyph with the best correlation, in normal or in reverse video. `values` are the brightnesses of the cell's pixels.
    pub(super) fn find(&self, values: &[f32], table: &SizeTable) -> Option<Nearest> {
        let rows = self.rows(values);
        let cell = Bits::of_rows(&rows, self.width);
        if let Some(glyph) = table.find(key(&rows, self.width as u8)) {
            let correlation = Centred::new(values).correlation(&cell, self.words);
            let is_bright = is_top_left_ink(&rows, self.width) == glyph.is_flipped;
            return Some(Nearest { character: glyph.character, score: correlation, is_bright });
        }
        let half = self.pixels as u32 / 2;
        let mut nearest: Vec<(u32, usize)> = Vec::with_capacity(CANDIDATES + 1);
        for (index, (_, bits)) in self.glyphs.iter().enumerate() {
            let differing = cell.difference(bits, self.words);
            // In reverse video all others differ.
            let distance = if differing > half { self.pixels as u32 - differing } else { differing };
            if nearest.len() < CANDIDATES || nearest.last().is_some_and(|last| distance < last.0) {
                let position = nearest.partition_point(|(other, _)| *other <= distance);
                nearest.insert(position, (distance, index));
                nearest.truncate(CANDIDATES);
            }
        }
        let centred = Centred::new(values);
        let scored = nearest.into_iter().map(|(_, index)| {
            let (character, bits) = &self.glyphs[index];
            let correlation = centred.correlation(bits, self.words);
            Nearest { character: *character, score: correlation.abs(), is_bright: correlation >= 0.0 }
        });
        scored.reduce(|best, next| if next.score > best.score { next } else { best })
    }
}

/// The middle between the lowest and the highest value.
pub(super) fn threshold(values: &[f32]) -> f32 {
    let (low, high) =
        values.iter().fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    low.midpoint(high)
}

fn is_top_left_ink(rows: &[u32], width: usize) -> bool {
    rows.first().is_some_and(|row| row >> (width - 1) & 1 == 1)
}

/// Values of which the mean is 0.
struct Centred {
    values: Vec<f32>,
    length: f32,
}

impl Centred {
    fn new(values: &[f32]) -> Self {
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        let values: Vec<f32> = values.iter().map(|value| value - mean).collect();
        let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
        Self { values, length }
    }

    /// The normalised correlation with a bitmap, -1 to 1.
    fn correlation(&self, bits: &Bits, words: usize) -> f32 {
        let ink = bits.count(words) as f32;
        let pixels = self.values.len() as f32;
        let sum: f32 =
            self.values.iter().enumerate().filter(|(index, _)| bits.has(*index)).map(|(_, value)| value).sum();
        let length = self.length * (ink * (pixels - ink) / pixels).sqrt();
        if length > 0.0 { sum / length } else { 0.0 }
    }
}

impl Bits {
    fn of(pixels: impl Iterator<Item = bool>) -> Self {
        let mut words = [0; MAX_WORDS];
        for (index, pixel) in pixels.take(MAX_WORDS * 64).enumerate() {
            words[index / 64] |= u64::from(pixel) << (index % 64);
        }
        Self(words)
    }

    fn of_rows(rows: &[u32], width: usize) -> Self {
        Self::of(rows.iter().flat_map(|row| (0..width).rev().map(move |bit| row >> bit & 1 == 1)))
    }

    fn has(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 == 1
    }

    fn count(&self, words: usize) -> u32 {
        self.0[..words].iter().map(|word| word.count_ones()).sum()
    }

    fn difference(&self, other: &Self, words: usize) -> u32 {
        self.0[..words].iter().zip(&other.0).map(|(one, other)| (one ^ other).count_ones()).sum()
    }
}
