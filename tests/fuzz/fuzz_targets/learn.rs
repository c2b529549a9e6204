//! Any text on any screen, and any file of learned bitmaps: no panic, what is learned can be kept, and a kept file is read as it
//! was written.
//!
//! The input's first four bytes are the width and height of the screen and the place of the text; pixels of few colours follow up
//! to the first zero byte, and then the text, which is also taken for a file.

#![no_main]

use ecs_vnc::screen_text::{Fidelity, GlyphTable, KnownText, LearnedGlyphs, Pixels, Position, learn, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [width, height, column, row, rest @ ..] = data else { return };
    let (width, height) = (usize::from(*width) + 1, usize::from(*height) + 1);
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let (colours, text) = (&rest[..end], String::from_utf8_lossy(rest.get(end + 1..).unwrap_or_default()));

    if let Some(learned) = LearnedGlyphs::parse(&text) {
        assert_eq!(LearnedGlyphs::parse(&learned.to_text()).as_ref(), Some(&learned));
        assert_eq!(learned.fonts().iter().map(|font| font.glyphs.len()).sum::<usize>(), learned.len());
        GlyphTable::new(Vec::new(), learned.fonts());
    }

    let colour = |index: usize| colours.get(index % colours.len().max(1)).map_or(0, |byte| u32::from(byte % 3));
    let pixels: Vec<u32> = (0..width * height).map(colour).collect();
    let pixels = Pixels::new(width, height, &pixels).expect("a screen has a pixel");
    let screen = read(pixels, &GlyphTable::new(Vec::new(), Vec::new()), Fidelity::Exact, None);
    let start = Position { column: usize::from(*column) % 40, row: usize::from(*row) % 20 };
    let columns = (column % 2 == 0).then_some(usize::from(*column));
    let known = KnownText { start, columns, lines: text.lines().collect() };
    if let Some(lesson) = learn(pixels, &screen, &known) {
        let mut learned = LearnedGlyphs::default();
        for (bitmap, character) in lesson.glyphs {
            assert_eq!(learned.add(bitmap, character), None, "no bitmap comes twice");
        }
        assert_eq!(LearnedGlyphs::parse(&learned.to_text()), Some(learned));
    }
});
