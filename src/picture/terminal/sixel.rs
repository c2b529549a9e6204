//! Sixel graphics. Source: DEC, VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::picture::Picture;
use crate::picture::palette::{IndexedPicture, index_colours, reduce_colours};

/// The height of a band in pixels: a sixel is a column of six pixels.
const BAND_HEIGHT: usize = 6;

/// Fewer repeats are not shorter when counted: `!3?` stands for `???`.
const MIN_REPEATS: usize = 4;

/// Draws the picture pixel by pixel. The raster attributes give the size, and square pixels.
pub(crate) fn draw(picture: &Picture) -> String {
    let IndexedPicture { colours, indices } = index_colours(picture).unwrap_or_else(|| reduce_colours(picture));
    let (width, height) = (picture.width(), picture.height());
    let mut drawn = format!("\x1bPq\"1;1;{width};{height}");
    for (number, colour) in colours.iter().enumerate() {
        // In percent, as the manual defines it.
        let [red, green, blue] = colour.map(|value| (u32::from(value) * 100 + 127) / 255);
        push(&mut drawn, format_args!("#{number};2;{red};{green};{blue}"));
    }
    let width = width as usize;
    for band in indices.chunks(width * BAND_HEIGHT) {
        let mut layers: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
        for (row, bit) in band.chunks(width).zip(0..) {
            for (x, index) in row.iter().enumerate() {
                layers.entry(*index).or_insert_with(|| vec![0; width])[x] |= 1 << bit;
            }
        }
        for (nth, (colour, sixels)) in layers.iter().enumerate() {
            // `$` returns to the start of the band, for the next colour.
            let back = if nth > 0 { "$" } else { "" };
            push(&mut drawn, format_args!("{back}#{colour}"));
            let end = sixels.iter().rposition(|sixel| *sixel != 0).map_or(0, |last| last + 1);
            for run in sixels[..end].chunk_by(|one, next| one == next) {
                let sixel = char::from(b'?' + run[0]);
                match run.len() {
                    length @ MIN_REPEATS.. => push(&mut drawn, format_args!("!{length}{sixel}")),
                    length => drawn.extend(std::iter::repeat_n(sixel, length)),
                }
            }
        }
        drawn.push('-');
    }
    drawn.push_str("\x1b\\\n");
    drawn
}

/// Writing into a `String` cannot fail.
fn push(drawn: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = drawn.write_fmt(arguments);
}
