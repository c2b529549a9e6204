//! Bitmap fonts of text consoles. Pure.

mod bdf;
mod bitmap;
mod character_rank;
mod font_error;
mod key;
mod licences;
mod observed;
mod parse;
mod pf2;
mod psf1;
mod psf2;
mod raw;
mod shipped;

pub(crate) use character_rank::character_rank;
pub use font_error::FontError;
pub use key::{KeyHasher, key};
pub(crate) use licences::LICENCES;
pub use observed::{observed, parse_keys};
pub use parse::parse;
pub use shipped::shipped;

/// A bitmap font with cells of one size.
#[derive(Debug)]
pub struct Font {
    /// The name, for people.
    pub name: String,
    /// The width of a cell in pixels, 1 to 32.
    pub width: u8,
    /// The height of a cell in pixels, 1 to 64.
    pub height: u8,
    /// The glyphs, in the order of the font.
    pub glyphs: Vec<Glyph>,
}

/// A bitmap, and what it stands for.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// One number a row, the leftmost pixel in bit `width - 1`.
    pub rows: Vec<u32>,
    /// The characters it stands for, in the order of [`character_rank`]. None if it stands for no character that is known.
    pub characters: Vec<char>,
    /// Its index in the font.
    pub position: u16,
}

/// A font of which only the keys of its bitmaps are known, as they were seen on a screen. No glyph can be drawn from them.
#[derive(Debug)]
pub struct ObservedFont {
    /// The name, for people.
    pub name: String,
    /// The width of a cell in pixels, 1 to 32.
    pub width: u8,
    /// The height of a cell in pixels, 1 to 64.
    pub height: u8,
    /// What was seen, in no order.
    pub glyphs: Vec<ObservedGlyph>,
}

/// The key of a bitmap, and what it stands for.
#[derive(Debug)]
pub struct ObservedGlyph {
    /// The [`key`] of the bitmap.
    pub key: u64,
    /// Whether the top-left pixel belongs to the character, and not to what is around it.
    pub is_flipped: bool,
    /// The characters it stands for, in the order of [`character_rank`].
    pub characters: Vec<char>,
}
