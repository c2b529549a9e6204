//! Reads the text of pictures of screens with the fonts that are known.

use crate::font;
use crate::picture::Picture;
use crate::screen_text::{GlyphTable, Screen, read_picture};

/// The known fonts.
pub(crate) struct ScreenReader {
    table: GlyphTable,
}

impl ScreenReader {
    /// Knows the fonts that are built in.
    pub(crate) fn new() -> Self {
        Self { table: GlyphTable::new(font::shipped(), font::observed()) }
    }

    /// Reads the text of a picture.
    pub(crate) fn read(&self, picture: &Picture) -> Screen {
        read_picture(picture, &self.table, None)
    }
}
