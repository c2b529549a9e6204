//! Reads the text of pictures of screens with the fonts that are known.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use crate::command_error::CommandError;
use crate::console::console_fonts::{read_font, system_fonts};
use crate::font::{self, Font};
use crate::picture::Picture;
use crate::screen_text::{GlyphTable, Grid, Pixels, Screen, ScreenKind, read, read_picture};
use crate::terminal::output::Output;

/// The colours of a text console. Those of a mouse pointer may come in addition.
const MAX_COLOURS: usize = 32;

/// The known fonts.
pub(crate) struct ScreenReader {
    /// Those that the user named.
    given: Vec<Font>,
    /// The given and the built-in fonts.
    table: GlyphTable,
    /// The fonts of the system besides. They are read when they are first needed.
    wider_table: OnceLock<GlyphTable>,
}

impl ScreenReader {
    /// Knows the fonts that are built in.
    pub(crate) fn new() -> Self {
        Self::of(Vec::new())
    }

    /// Knows the fonts in files, which are preferred, and those that are built in. A pipe that is given as a file may take
    /// `limit`.
    pub(crate) fn with_files(files: &[PathBuf], limit: Duration) -> Result<Self, CommandError> {
        Ok(Self::of(files.iter().map(|file| read_font(file, limit)).collect::<Result<_, _>>()?))
    }

    fn of(given: Vec<Font>) -> Self {
        let table = table(&given, Vec::new());
        Self { given, table, wider_table: OnceLock::new() }
    }

    /// Reads the text of a picture.
    pub(crate) fn read(&self, picture: &Picture) -> Screen {
        read_picture(picture, &self.table, None)
    }

    /// Reads the text of a picture, also with the fonts of this system's consoles if others leave characters unknown.
    pub(crate) fn read_with_system_fonts(&self, picture: &Picture, output: Output) -> Screen {
        let screen = self.read(picture);
        if is_known(&screen) || has_many_colours(picture) {
            return screen;
        }
        let again = read_picture(picture, self.wider_table(output), None);
        if is_better(&again, &screen) { again } else { screen }
    }

    /// Reads the text of pixels. `hint` is where the cells of the same screen were before.
    pub(crate) fn read_pixels(&self, pixels: Pixels<'_>, hint: Option<Grid>) -> Screen {
        read(pixels, &self.table, hint)
    }

    /// Reads the text of pixels as [`Self::read_pixels`] does, also with the fonts of this system's consoles.
    pub(crate) fn read_pixels_with_system_fonts(
        &self,
        pixels: Pixels<'_>,
        hint: Option<Grid>,
        output: Output,
    ) -> Screen {
        read(pixels, self.wider_table(output), hint)
    }

    fn wider_table(&self, output: Output) -> &GlyphTable {
        self.wider_table.get_or_init(|| table(&self.given, system_fonts(output)))
    }
}

fn table(given: &[Font], more: Vec<Font>) -> GlyphTable {
    let copy = |font: &Font| Font {
        name: font.name.clone(),
        width: font.width,
        height: font.height,
        glyphs: font.glyphs.clone(),
    };
    let fonts = given.iter().map(copy).chain(font::shipped()).chain(more);
    GlyphTable::new(fonts.collect(), font::observed())
}

/// Whether further fonts can add nothing.
fn is_known(screen: &Screen) -> bool {
    match screen.kind {
        ScreenKind::Blank => true,
        ScreenKind::Text => screen.unknown == 0 || !screen.exact,
        ScreenKind::UnknownFont | ScreenKind::NotText => false,
    }
}

/// Whether a picture has more colours than a text console: no font makes it one.
fn has_many_colours(picture: &Picture) -> bool {
    let mut colours: Vec<[u8; 3]> = Vec::with_capacity(MAX_COLOURS);
    for pixel in picture.rgb().as_chunks().0 {
        if !colours.contains(pixel) {
            if colours.len() == MAX_COLOURS {
                return true;
            }
            colours.push(*pixel);
        }
    }
    false
}

fn is_better(screen: &Screen, before: &Screen) -> bool {
    let rank = |screen: &Screen| match screen.kind {
        ScreenKind::Text => (0, !screen.exact, screen.unknown),
        ScreenKind::UnknownFont => (1, false, screen.unknown),
        ScreenKind::Blank | ScreenKind::NotText => (2, false, 0),
    };
    rank(screen) < rank(before)
}
