//! Reads the text of an open console again and again.

use std::collections::VecDeque;

use crate::console::learned_cache::LearnedCache;
use crate::console::screen_reader::ScreenReader;
use crate::rfb::Framebuffer;
use crate::screen_text::{Grid, Pixels, Screen, ScreenKind};
use crate::terminal::output::Output;

/// How many screens are kept with their text. A cursor that blinks makes two.
const KEPT_SCREENS: usize = 2;

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
    /// The screens that were read last, the newest last.
    kept: VecDeque<(Framebuffer, Screen)>,
}

impl LiveText {
    pub(crate) fn new(learned: LearnedCache) -> Self {
        Self { learned: Some(learned), ..Self::default() }
    }

    /// Reads what the screen shows. Without pixels, there is no text. Comparing two screens takes far less time than reading one.
    pub(crate) fn read(&mut self, screen: &Framebuffer, output: Output) -> Screen {
        if let Some((_, seen)) = self.kept.iter().find(|(kept, _)| kept == screen) {
            return seen.clone();
        }
        let seen = self.read_anew(screen, output);
        if self.kept.len() == KEPT_SCREENS {
            self.kept.pop_front();
        }
        self.kept.push_back((screen.clone(), seen.clone()));
        seen
    }

    fn read_anew(&mut self, screen: &Framebuffer, output: Output) -> Screen {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Rectangle;
    use crate::system::environment::Environment;
    use crate::terminal::output::{Color, Format};

    #[test]
    fn a_screen_that_comes_back_has_the_text_that_it_had() {
        let output = Output::new(Format::Text, Color::Never, true, 0, &Environment::default());
        let screen = |width: u16| {
            let mut screen = Framebuffer::new(720, 400).unwrap();
            screen.fill(Rectangle { x: 0, y: 0, width, height: 300 }, 0x00_20_40_60);
            screen
        };
        let mut text = LiveText::default();
        let read = |screen: &Framebuffer| LiveText::default().read(screen, output);
        for width in [0, 100, 0, 100, 301, 0, 100, 301] {
            assert_eq!(text.read(&screen(width), output), read(&screen(width)), "{width}");
            assert!(text.kept.len() <= KEPT_SCREENS);
        }
        assert_ne!(read(&screen(0)), read(&screen(100)));
    }
}
