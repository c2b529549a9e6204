//! Sixel graphics. Source: DEC, VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::picture::Picture;
use crate::picture::palette::{Indexed, indexed, reduced};

/// The rows in a band: a sixel is a column of six pixels.
const BAND: usize = 6;

/// Repeats of fewer are shorter as they are: `!3?` says `???`.
const FEWEST_REPEATS: usize = 4;

/// The picture, pixel by pixel. Raster attributes say that pixels are square, and how large it is.
pub(crate) fn draw(picture: &Picture) -> String {
    let Indexed { colours, indices } = indexed(picture).unwrap_or_else(|| reduced(picture));
    let (width, height) = (picture.width(), picture.height());
    let mut drawn = format!("\x1bPq\"1;1;{width};{height}");
    for (number, colour) in colours.iter().enumerate() {
        // In percent, as the manual has it.
        let [red, green, blue] = colour.map(|value| (u32::from(value) * 100 + 127) / 255);
        push(&mut drawn, format_args!("#{number};2;{red};{green};{blue}"));
    }
    let width = width as usize;
    for band in indices.chunks(width * BAND) {
        let mut layers: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        for (row, bit) in band.chunks(width).zip(0..) {
            for (x, index) in row.iter().enumerate() {
                layers.entry(*index).or_insert_with(|| vec![0; width])[x] |= 1 << bit;
            }
        }
        for (nth, (colour, sixels)) in layers.iter().enumerate() {
            // `$` goes back to the left, for the next colour.
            let back = if nth > 0 { "$" } else { "" };
            push(&mut drawn, format_args!("{back}#{colour}"));
            let end = sixels.iter().rposition(|sixel| *sixel != 0).map_or(0, |last| last + 1);
            for run in sixels[..end].chunk_by(|one, next| one == next) {
                let sixel = char::from(b'?' + run[0]);
                match run.len() {
                    length @ FEWEST_REPEATS.. => push(&mut drawn, format_args!("!{length}{sixel}")),
                    length => drawn.extend(std::iter::repeat_n(sixel, length)),
                }
            }
        }
        drawn.push('-');
    }
    drawn.push_str("\x1b\\\n");
    drawn
}

/// Writing into a `String` does not fail.
fn push(drawn: &mut String, words: std::fmt::Arguments<'_>) {
    let _ = drawn.write_fmt(words);
}
