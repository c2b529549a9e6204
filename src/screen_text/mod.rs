//! Reads the text of a console from its pixels. Pure.
//!
//! A text console draws each character with a fixed bitmap in a cell of a fixed size, so its text can be read exactly: a cell is
//! the character whose bitmap it shows, or it is unknown. Nothing is guessed.
//!
//! ```text
//! pixels → grid search ─→ cells → characters and colours → cursor → kind → Screen
//!            │   └ cell size and offset with the shortest description
//!            └ glyph table (fonts → keys)
//! ```

mod bits;
mod blurred_cell;
mod cell_scan;
mod characters;
mod glyph_bank;
mod glyph_table;
mod grid;
mod grid_scan;
mod grid_search;
mod kind;
mod learn;
mod learned_glyphs;
mod lossy;
mod offset_search;
mod pixels;
mod read;
mod resample;
mod screen;
mod shrunk;
mod text_cursor;

pub use glyph_table::GlyphTable;
pub use grid::Grid;
pub use learn::{KnownText, Lesson, LessonFault, learn};
pub use learned_glyphs::{Bitmap, LearnedGlyphs, can_be_learned};
pub use pixels::{Pixels, pixels_of};
pub use read::{Fidelity, read, read_picture};
pub use screen::{Cell, Position, Screen, ScreenKind, line};

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
