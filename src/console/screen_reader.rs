//! Reads the text of pictures of screens with the fonts that are known.

use crate::font;
use crate::picture::Picture;
use crate::screen_text::{GlyphTable, Pixels, Screen, pixels_of, read};

/// The known fonts.
pub(crate) struct ScreenReader {
    table: GlyphTable,
}

impl ScreenReader {
    /// Knows the fonts that are built in.
    pub(crate) fn new() -> Self {
        Self { table: GlyphTable::new(font::shipped(), Vec::new()) }
    }

    /// Reads the text of a picture.
    pub(crate) fn read(&self, picture: &Picture) -> Screen {
        let pixels = pixels_of(picture);
        let pixels = Pixels::new(picture.width() as usize, picture.height() as usize, &pixels);
        read(pixels.expect("a picture has as many pixels as its size says"), &self.table, None)
    }
}
