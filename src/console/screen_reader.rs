//! Reads the text of pictures of screens with the fonts that are known.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::command_error::CommandError;
use crate::console::console_fonts::{read_font, system_fonts};
use crate::console::learned_cache::LearnedCache;
use crate::font::{self, Font};
use crate::picture::Picture;
use crate::screen_text::{Fidelity, GlyphTable, Grid, LearnedGlyphs, Pixels, Screen, ScreenKind, read, read_picture};
use crate::settings::Context;
use crate::terminal::output::Output;

/// The colours of a text console. Those of a mouse pointer may come in addition.
const MAX_COLOURS: usize = 32;

/// The known fonts.
pub(crate) struct ScreenReader {
    /// Those that the user named.
    given: Vec<Font>,
    /// What the user taught.
    learned: LearnedGlyphs,
    /// The given and the built-in fonts, and what was learned.
    table: GlyphTable,
    /// The fonts of the system besides. They are read when they are first needed.
    wider_table: OnceLock<GlyphTable>,
}

impl ScreenReader {
    /// Knows the fonts that are built in, and what the user taught.
    pub(crate) fn new(learned: Option<&LearnedCache>) -> Self {
        Self::of(Vec::new(), learned.map(LearnedCache::load).unwrap_or_default())
    }

    /// Knows the fonts in files, which are preferred, those that are built in, and what the user taught.
    pub(crate) fn with_files(files: &[PathBuf], context: &Context) -> Result<Self, CommandError> {
        let limit = context.flags.file_limit();
        let given = files.iter().map(|file| read_font(file, limit)).collect::<Result<_, _>>()?;
        Ok(Self::of(given, LearnedCache::of_user(context).load()))
    }

    /// Knows the same fonts, and what the user taught meanwhile.
    pub(crate) fn with_learned(&self, learned: LearnedGlyphs) -> Self {
        Self::of(self.given.iter().map(copy).collect(), learned)
    }

    fn of(given: Vec<Font>, learned: LearnedGlyphs) -> Self {
        let table = table(&given, Vec::new(), &learned);
        Self { given, learned, table, wider_table: OnceLock::new() }
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

    /// Reads the text of pixels that are exactly those of the screen. `hint` is where the cells of the same screen were before.
    pub(crate) fn read_pixels(&self, pixels: Pixels<'_>, hint: Option<Grid>) -> Screen {
        read(pixels, &self.table, Fidelity::Exact, hint)
    }

    /// Reads the text of pixels as [`Self::read_pixels`] does, also with the fonts of this system's consoles.
    pub(crate) fn read_pixels_with_system_fonts(
        &self,
        pixels: Pixels<'_>,
        hint: Option<Grid>,
        output: Output,
    ) -> Screen {
        read(pixels, self.wider_table(output), Fidelity::Exact, hint)
    }

    fn wider_table(&self, output: Output) -> &GlyphTable {
        self.wider_table.get_or_init(|| table(&self.given, system_fonts(output), &self.learned))
    }
}

fn table(given: &[Font], more: Vec<Font>, learned: &LearnedGlyphs) -> GlyphTable {
    let fonts = given.iter().map(copy).chain(font::shipped()).chain(more);
    let observed = font::observed().into_iter().chain(learned.fonts());
    GlyphTable::new(fonts.collect(), observed.collect())
}

fn copy(font: &Font) -> Font {
    let Font { name, width, height, glyphs } = font;
    Font { name: name.clone(), width: *width, height: *height, glyphs: glyphs.clone() }
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
