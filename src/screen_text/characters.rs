//! From scanned cells to characters and colours.

use std::collections::HashMap;

use super::cell_scan::{CellScan, Shape};
use super::glyph_table::{SizeTable, TableGlyph};
use super::grid_scan::GridScan;
use super::screen::Cell;

/// What stands for a bitmap that no font has.
pub(super) const UNKNOWN_CHARACTER: char = '\u{fffd}';

const FULL_BLOCK: char = '\u{2588}';

/// A cell while it is read.
#[derive(Clone, Copy)]
enum Reading {
    Done(Cell),
    /// One colour: a space, or a full block.
    Blank(u32),
    /// The bitmap stands for one character as it is, and for another one in reverse video.
    Either(Cell, Cell),
}

/// The font that most known cells have, of those with the most cells the first.
pub(super) fn main_font(scan: &GridScan<'_>) -> Option<u16> {
    let mut hits = vec![0usize; scan.table.fonts.len()];
    for cell in &scan.cells {
        if let Shape::Known(range) = cell.shape {
            let glyphs = scan.table.glyphs(range);
            let fonts = glyphs.chunk_by(|one, other| one.font == other.font).filter_map(<[_]>::first);
            fonts.for_each(|glyph| hits[usize::from(glyph.font)] += 1);
        }
    }
    let best = hits.iter().copied().max().filter(|count| *count > 0)?;
    hits.iter().position(|count| *count == best).and_then(|index| u16::try_from(index).ok())
}

/// The characters and colours of all cells. Bitmaps that `font` has are read with it, others with any font of the size.
pub(super) fn read_cells(scan: &GridScan<'_>, font: Option<u16>) -> Vec<Cell> {
    let readings: Vec<Reading> = scan.cells.iter().map(|cell| read_cell(cell, scan.table, font)).collect();
    let screen_background = most_common_background(&readings);
    let rows = readings.chunks(scan.grid.columns);
    rows.flat_map(|row| read_row(row, screen_background)).collect()
}

fn read_cell(cell: &CellScan, table: &SizeTable, font: Option<u16>) -> Reading {
    let CellScan { shape, first, second } = *cell;
    let range = match shape {
        Shape::Blank => return Reading::Blank(first),
        Shape::Multi | Shape::Unknown(_) => return Reading::Done(unknown(first, second)),
        Shape::Known(range) => range,
    };
    let glyphs = glyphs_of(table.glyphs(range), font);
    let as_is = glyphs.iter().find(|glyph| !glyph.is_flipped);
    let flipped = glyphs.iter().find(|glyph| glyph.is_flipped);
    let as_is = as_is.map(|glyph| Cell { character: glyph.character, foreground: second, background: first });
    let flipped = flipped.map(|glyph| Cell { character: glyph.character, foreground: first, background: second });
    match (as_is, flipped) {
        (Some(one), Some(other)) => Reading::Either(one, other),
        (Some(cell), None) | (None, Some(cell)) => Reading::Done(cell),
        (None, None) => Reading::Done(unknown(first, second)),
    }
}

fn unknown(first: u32, second: u32) -> Cell {
    Cell { character: UNKNOWN_CHARACTER, foreground: second, background: first }
}

/// The glyphs of the preferred font, or else of the first one that has the bitmap.
fn glyphs_of(glyphs: &[TableGlyph], font: Option<u16>) -> &[TableGlyph] {
    let mut fonts = glyphs.chunk_by(|one, other| one.font == other.font);
    let preferred = fonts.clone().find(|of_font| of_font.first().map(|glyph| glyph.font) == font);
    preferred.or_else(|| fonts.next()).unwrap_or_default()
}

/// The background of most cells that leave no doubt, or of most blank ones if there are no others.
fn most_common_background(readings: &[Reading]) -> u32 {
    let certain = readings
        .iter()
        .filter_map(|reading| if let Reading::Done(cell) = reading { Some(cell.background) } else { None });
    let blank =
        readings.iter().filter_map(|reading| if let Reading::Blank(colour) = reading { Some(*colour) } else { None });
    most_common(blank).or_else(|| most_common(certain)).unwrap_or_default()
}

fn most_common(colours: impl Iterator<Item = u32>) -> Option<u32> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    colours.for_each(|colour| *counts.entry(colour).or_default() += 1);
    // Of equally common ones the darkest, so that the result does not depend on the map's order.
    counts.into_iter().max_by_key(|(colour, count)| (*count, std::cmp::Reverse(*colour))).map(|(colour, _)| colour)
}

/// Decides for each cell of a row that leaves doubt, from the cells beside it.
fn read_row(row: &[Reading], screen_background: u32) -> Vec<Cell> {
    let mut left: Option<Cell> = None;
    let mut cells = Vec::with_capacity(row.len());
    for (column, reading) in row.iter().enumerate() {
        let right = || {
            row[column..].iter().find_map(|reading| if let Reading::Done(cell) = reading { Some(*cell) } else { None })
        };
        let cell = match *reading {
            Reading::Done(cell) => {
                left = Some(cell);
                cell
            }
            Reading::Blank(colour) => read_blank(colour, left, right(), screen_background),
            Reading::Either(one, other) => {
                let background = left.or_else(right).map_or(screen_background, |cell| cell.background);
                match (one.background == background, other.background == background) {
                    (true, _) => one,
                    (false, true) => other,
                    // Ink is brighter than what is around it.
                    (false, false) if brightness(one.foreground) >= brightness(one.background) => one,
                    (false, false) => other,
                }
            }
        };
        cells.push(cell);
    }
    cells
}

/// A cell of one colour is a full block only if a character beside it has that colour, on a darker background: in reverse video,
/// what looks like a dark block is the end of the bar.
fn read_blank(colour: u32, left: Option<Cell>, right: Option<Cell>, screen_background: u32) -> Cell {
    let beside = || left.iter().chain(&right);
    let is_background = colour == screen_background || beside().any(|cell| cell.background == colour);
    let is_block = |cell: &&Cell| cell.foreground == colour && brightness(colour) > brightness(cell.background);
    match beside().find(is_block).filter(|_| !is_background) {
        Some(cell) => Cell { character: FULL_BLOCK, foreground: colour, background: cell.background },
        None => Cell { character: ' ', foreground: colour, background: colour },
    }
}

/// How bright a colour is, 0 to 255,000. Source: the weights of luma in ITU-R BT.601.
pub(super) fn brightness(colour: u32) -> u32 {
    let [_, red, green, blue] = colour.to_be_bytes().map(u32::from);
    299 * red + 587 * green + 114 * blue
}
