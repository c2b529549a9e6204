//! The bitmaps of all fonts, found by their keys.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::font::{Font, Glyph, ObservedFont, character_rank, key};

/// The VGA draws the ninth pixel of these characters like the eighth, by their position in the font; that of all others is
/// blank. The first range is QEMU's (`vga_draw_glyph9`, hw/display/vga-helpers.h), the second the hardware's.
const NINTH_COLUMN_RANGES: [std::ops::Range<u16>; 2] = [0xb0..0xe0, 0xc0..0xe0];

/// Fonts prepared for reading, by cell size.
pub struct GlyphTable {
    sizes: Vec<SizeTable>,
}

/// All glyphs of one cell size.
pub(super) struct SizeTable {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) fonts: Vec<TableFont>,
    /// Sorted by key, then by font, then by the rank of the character.
    glyphs: Vec<TableGlyph>,
    /// Where the glyphs of a key are.
    index: HashMap<u64, GlyphRange, BuildHasherDefault<KeyAsHash>>,
}

/// A font of a [`SizeTable`].
pub(super) struct TableFont {
    pub(super) name: String,
    /// Its bitmaps; none where only keys are known.
    pub(super) glyphs: Vec<Glyph>,
}

/// What a bitmap stands for in one font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableGlyph {
    key: u64,
    /// The index of the font in [`SizeTable::fonts`].
    pub(super) font: u16,
    pub(super) character: char,
    /// Whether the top-left pixel belongs to the character, and not to what is around it.
    pub(super) is_flipped: bool,
}

/// The glyphs of one bitmap in a [`SizeTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GlyphRange {
    start: u32,
    end: u32,
}

/// Keys are hashes already.
#[derive(Default)]
struct KeyAsHash(u64);

impl Hasher for KeyAsHash {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0 << 8 | u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl GlyphTable {
    /// Prepares fonts. Where several have the same bitmap, the first one is preferred.
    pub fn new(fonts: Vec<Font>, observed: Vec<ObservedFont>) -> Self {
        let mut table = Self { sizes: Vec::new() };
        for font in fonts {
            if font.width == 8 {
                NINTH_COLUMN_RANGES.iter().for_each(|range| table.add(with_ninth_column(&font, range)));
            }
            table.add(font);
        }
        observed.into_iter().for_each(|font| table.add_observed(font));
        table.sizes.iter_mut().for_each(SizeTable::build_index);
        table
    }

    /// The tables of all cell sizes.
    pub(super) fn sizes(&self) -> &[SizeTable] {
        &self.sizes
    }

    /// The table of a cell size.
    pub(super) fn size(&self, width: usize, height: usize) -> Option<&SizeTable> {
        self.sizes.iter().find(|size| (size.width, size.height) == (width, height))
    }

    fn add(&mut self, font: Font) {
        let Font { name, width, height, glyphs } = font;
        let size = self.size_mut(width.into(), height.into());
        let index = size.fonts.len() as u16;
        for glyph in &glyphs {
            if let Some(character) = glyph.characters.first() {
                let is_flipped = glyph.rows.first().is_some_and(|row| row >> (width - 1) & 1 == 1);
                let key = key(&glyph.rows, width);
                size.glyphs.push(TableGlyph { key, font: index, character: *character, is_flipped });
            }
        }
        size.fonts.push(TableFont { name, glyphs });
    }

    fn add_observed(&mut self, font: ObservedFont) {
        let size = self.size_mut(font.width.into(), font.height.into());
        let index = size.fonts.len() as u16;
        let glyphs = font.glyphs.iter().filter_map(|glyph| {
            let character = *glyph.characters.first()?;
            Some(TableGlyph { key: glyph.key, font: index, character, is_flipped: glyph.is_flipped })
        });
        size.glyphs.extend(glyphs);
        size.fonts.push(TableFont { name: font.name, glyphs: Vec::new() });
    }

    fn size_mut(&mut self, width: usize, height: usize) -> &mut SizeTable {
        let position = self.sizes.iter().position(|size| (size.width, size.height) == (width, height));
        let position = position.unwrap_or_else(|| {
            self.sizes.push(SizeTable {
                width,
                height,
                fonts: Vec::new(),
                glyphs: Vec::new(),
                index: HashMap::default(),
            });
            self.sizes.len() - 1
        });
        &mut self.sizes[position]
    }
}

impl SizeTable {
    /// Finds a bitmap by its key.
    pub(super) fn find_range(&self, key: u64) -> Option<GlyphRange> {
        self.index.get(&key).copied()
    }

    /// What a bitmap stands for, in all fonts that have it.
    pub(super) fn glyphs(&self, range: GlyphRange) -> &[TableGlyph] {
        self.glyphs.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// What a bitmap stands for, where the font does not matter.
    pub(super) fn find(&self, key: u64) -> Option<&TableGlyph> {
        self.glyphs(self.find_range(key)?).iter().min_by_key(|glyph| character_rank(glyph.character))
    }

    fn build_index(&mut self) {
        self.glyphs.sort_by_key(|glyph| (glyph.key, glyph.font, character_rank(glyph.character)));
        let mut start = 0;
        for same in self.glyphs.chunk_by(|one, other| one.key == other.key) {
            let end = start + same.len() as u32;
            self.index.insert(same[0].key, GlyphRange { start, end });
            start = end;
        }
    }
}

/// A font of 8 pixels width as the VGA draws it in cells of 9.
fn with_ninth_column(font: &Font, range: &std::ops::Range<u16>) -> Font {
    let widen = |glyph: &Glyph| {
        let is_repeated = range.contains(&(glyph.position & 0xff));
        let rows = glyph.rows.iter().map(|row| row << 1 | if is_repeated { row & 1 } else { 0 }).collect();
        Glyph { rows, characters: glyph.characters.clone(), position: glyph.position }
    };
    Font { name: font.name.clone(), width: 9, height: font.height, glyphs: font.glyphs.iter().map(widen).collect() }
}
