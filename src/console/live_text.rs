//! Reads the text of an open console again and again.

use crate::console::learned_cache::LearnedCache;
use crate::console::screen_reader::ScreenReader;
use crate::rfb::Framebuffer;
use crate::screen_text::{Grid, Pixels, Screen, ScreenKind};
use crate::terminal::output::Output;

/// The reader, once it is needed, and what it knows of the screen.
#[derive(Default)]
pub(crate) struct LiveText {
    /// What the user taught; `None` to read with the built-in fonts only.
    learned: Option<LearnedCache>,
    reader: Option<ScreenReader>,
    /// Where the cells were when the screen was text.
    grid: Option<Grid>,
    /// Whether the screen was only readable with the fonts of this system's consoles.
    needs_system_fonts: bool,
}

impl LiveText {
    pub(crate) fn new(learned: LearnedCache) -> Self {
        Self { learned: Some(learned), ..Self::default() }
    }

    /// Reads what the screen shows. Without pixels, there is no text.
    pub(crate) fn read(&mut self, screen: &Framebuffer, output: Output) -> Screen {
        let pixels = Pixels::new(screen.width().into(), screen.height().into(), screen.pixels());
        let seen = pixels.map_or_else(without_pixels, |pixels| self.read_pixels(pixels, output));
        if seen.kind == ScreenKind::Text {
            self.grid = seen.grid;
        }
        seen
    }

    fn read_pixels(&mut self, pixels: Pixels<'_>, output: Output) -> Screen {
        let reader = self.reader.get_or_insert_with(|| ScreenReader::new(self.learned.as_ref()));
        if !self.needs_system_fonts {
            let seen = reader.read_pixels(pixels, self.grid);
            if seen.kind != ScreenKind::UnknownFont {
                return seen;
            }
        }
        let seen = reader.read_pixels_with_system_fonts(pixels, self.grid, output);
        self.needs_system_fonts |= seen.kind == ScreenKind::Text;
        seen
    }
}

fn without_pixels() -> Screen {
    let kind = ScreenKind::NotText;
    Screen { kind, grid: None, font: None, cells: Vec::new(), unknown: 0, cursor: None, exact: true }
}
