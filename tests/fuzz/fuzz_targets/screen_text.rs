//! Reads pixels that are made of few colours and many, whole and cut. What is read has as many cells as its grid.

#![no_main]

use std::sync::OnceLock;

use ecs_vnc::font::{observed, shipped};
use ecs_vnc::screen_text::{Fidelity, GlyphTable, Pixels, ScreenKind, read};
use libfuzzer_sys::fuzz_target;

static TABLE: OnceLock<GlyphTable> = OnceLock::new();

fuzz_target!(|input: &[u8]| {
    let [width, colours, pixels @ ..] = input else { return };
    let width = 1 + usize::from(*width) * 2;
    // Few colours are what consoles have; each byte stands for 16 pixels, so that cells are filled soon.
    let colours = 1 + u32::from(*colours % 80);
    let pixels = pixels.iter().flat_map(|byte| (0..16).map(move |bit| (u32::from(*byte) >> (bit % 8)) % colours * 0x03_05_07));
    let pixels: Vec<u32> = pixels.collect();
    let height = pixels.len() / width;
    let Some(picture) = Pixels::new(width, height, &pixels[..width * height]) else { return };
    let table = TABLE.get_or_init(|| GlyphTable::new(shipped(), observed()));
    let screen = read(picture, table, Fidelity::Lossy, None);
    assert_eq!(screen.cells.len(), screen.grid.map_or(0, |grid| grid.columns * grid.rows));
    let unknown = screen.cells.iter().filter(|cell| cell.character == char::REPLACEMENT_CHARACTER).count();
    assert_eq!(unknown, screen.unknown);
    let again = read(picture, table, Fidelity::Lossy, screen.grid);
    // The size that was found once is found again at once.
    assert!(screen.kind != ScreenKind::Text || again.kind == ScreenKind::Text);
});
