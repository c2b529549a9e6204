//! A console with a small screen of text, which shows one frame after another.

use std::sync::mpsc::Receiver;

use ecs_vnc::font;

use crate::sandbox::Sandbox;
use crate::screenshot::speaking;

/// The screen, in cells of 8 x 16 pixels. Its sides in pixels have one byte: that is how `speaking` knows a request.
pub(crate) const COLUMNS: usize = 30;
pub(crate) const ROWS: usize = 6;
const CELL: (usize, usize) = (8, 16);

/// A console that shows these rows, and those of the next frame each time that the screen is asked for. The last ones stay.
pub(crate) fn showing(frames: &[&[&str]]) -> (Sandbox, Receiver<Vec<u8>>) {
    showing_moved(frames, |row| row)
}

/// The same in a font whose rows of pixels are elsewhere. `moved` gives the row that is drawn in the place of one.
pub(crate) fn showing_moved(frames: &[&[&str]], moved: impl Fn(usize) -> usize + Copy) -> (Sandbox, Receiver<Vec<u8>>) {
    let frames = frames.iter().map(|rows| frame(rows, moved));
    let speech: Vec<Vec<u8>> = [welcome()].into_iter().chain(frames).collect();
    let speech: Vec<&[u8]> = speech.iter().map(Vec::as_slice).collect();
    speaking(&speech, None)
}

/// RFC 6143, sections 7.1.1 to 7.1.3 and 7.3.2, as in `screenshot`.
fn welcome() -> Vec<u8> {
    let (width, height) = ((COLUMNS * CELL.0) as u8, (ROWS * CELL.1) as u8);
    let size = [0, width, 0, height];
    let format = b"\x20\x18\0\x01\0\xff\0\xff\0\xff\x10\x08\0\0\0\0\0\0\0\x01t";
    [&b"RFB 003.008\n\x01\x01\0\0\0\0"[..], &size, format].concat()
}

/// All of the screen in Raw. RFC 6143, sections 7.6.1 and 7.7.1.
fn frame(rows: &[&str], moved: impl Fn(usize) -> usize) -> Vec<u8> {
    let fonts = font::shipped();
    let font = fonts.iter().find(|font| (font.width, font.height) == (8, 16)).unwrap();
    let glyph = |character: char| {
        let glyph = font.glyphs.iter().find(|glyph| glyph.characters.contains(&character));
        glyph.unwrap_or_else(|| panic!("no {character}")).rows.clone()
    };
    let rows: Vec<Vec<Vec<u32>>> = (0..ROWS)
        .map(|row| {
            let text = rows.get(row).copied().unwrap_or_default();
            assert!(text.chars().count() <= COLUMNS, "{text}");
            format!("{text:COLUMNS$}").chars().map(glyph).collect()
        })
        .collect();
    let (width, height) = (COLUMNS * CELL.0, ROWS * CELL.1);
    let pixel = |x: usize, y: usize| {
        let bits = rows[y / CELL.1][x / CELL.0][moved(y % CELL.1)];
        if bits >> (CELL.0 - 1 - x % CELL.0) & 1 == 1 { [0xaa, 0xaa, 0xaa, 0] } else { [0; 4] }
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels = places.flat_map(|(x, y)| pixel(x, y));
    let head = [0, 0, 0, 1, 0, 0, 0, 0, 0, width as u8, 0, height as u8, 0, 0, 0, 0];
    head.into_iter().chain(pixels).collect()
}
