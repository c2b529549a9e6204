//! Reads a screen.

use crate::picture::Picture;

use super::cell_scan::Shape;
use super::characters::{UNKNOWN_CHARACTER, main_font, read_cells};
use super::glyph_table::GlyphTable;
use super::grid::Grid;
use super::grid_scan::GridScan;
use super::grid_search::{find_grid, grids};
use super::kind::kind_of;
use super::lossy::read_lossy;
use super::offset_search::find_lines;
use super::pixels::{Pixels, pixels_of};
use super::screen::{Screen, ScreenKind};
use super::text_cursor::{Under, find_cursor};

/// A console has at most so many colours: 16, and those of a mouse pointer or a logo.
const MAX_COLOURS: usize = 64;

/// What a picture may have gone through on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// Nothing: each pixel is that of the screen.
    Exact,
    /// Compression or scaling. Reading it takes longer.
    Lossy,
}

/// Reads the text of a screen. `hint` is the grid of the same screen as it was read before: it is tried first.
pub fn read(pixels: Pixels<'_>, table: &GlyphTable, fidelity: Fidelity, hint: Option<Grid>) -> Screen {
    let row_colours = pixels.find_row_colours();
    let pixels = pixels.with_row_colours(&row_colours);
    let Some(scan) = find_grid(pixels, table, hint) else { return Screen::without_cells(ScreenKind::NotText) };
    let scan = lone_cursor(pixels, table, &scan).unwrap_or(scan);
    let (known, multi, ink) = (scan.counts.known, scan.counts.multi, scan.counts.ink());
    let screen = read_scan(pixels, scan);
    if matches!(screen.kind, ScreenKind::Text | ScreenKind::Blank) || 2 * known >= ink {
        return screen;
    }
    // Few screens get here, and these searches take longer. Only compression and scaling give most characters more than two
    // colours: only then is the nearest glyph taken.
    let lines = count_colours(pixels).and_then(|colours| find_lines(pixels, table, colours));
    let lines = lines.map(|scan| read_scan(pixels, scan)).filter(|lines| lines.kind == ScreenKind::Text);
    let may_be_lossy = fidelity == Fidelity::Lossy && 2 * multi > ink;
    let other = lines.or_else(|| if may_be_lossy { read_lossy(pixels, table, hint) } else { None });
    other.unwrap_or(screen)
}

/// Reads the text of a picture, which may be lossy, as [`read`] does.
pub fn read_picture(picture: &Picture, table: &GlyphTable, hint: Option<Grid>) -> Screen {
    let pixels = pixels_of(picture);
    let pixels = Pixels::new(picture.width() as usize, picture.height() as usize, &pixels);
    pixels.map_or(Screen::without_cells(ScreenKind::NotText), |pixels| read(pixels, table, Fidelity::Lossy, hint))
}

/// Where there is nothing but a cursor, many grids fit: the most likely one in which a cell has the cursor's shape.
fn lone_cursor<'a>(pixels: Pixels<'_>, table: &'a GlyphTable, scan: &GridScan<'_>) -> Option<GridScan<'a>> {
    if scan.counts.multi > 0 || !(1..=2).contains(&scan.counts.ink()) {
        return None;
    }
    let mut scans = grids(pixels, table, None).filter_map(|(grid, size)| GridScan::new(pixels, grid, size, u64::MAX));
    scans.find(|scan| {
        scan.counts.ink() == 1 && find_cursor(pixels, scan).is_some_and(|cursor| cursor.under == Under::Blank)
    })
}

/// The number of colours; `None` if there are more than a console has.
fn count_colours(pixels: Pixels<'_>) -> Option<usize> {
    let mut colours: Vec<u32> = Vec::with_capacity(MAX_COLOURS);
    for y in 0..pixels.height() {
        for same in pixels.row(0, y, pixels.width()).chunk_by(|one, other| one == other) {
            if !colours.contains(&same[0]) {
                if colours.len() == MAX_COLOURS {
                    return None;
                }
                colours.push(same[0]);
            }
        }
    }
    Some(colours.len())
}

fn read_scan(pixels: Pixels<'_>, mut scan: GridScan<'_>) -> Screen {
    let cursor = find_cursor(pixels, &scan);
    if let Some(cursor) = &cursor {
        let index = cursor.position.row * scan.grid.columns + cursor.position.column;
        let cell = &mut scan.cells[index];
        match cell.shape {
            Shape::Known(_) => scan.counts.known -= 1,
            _ => scan.counts.unknown -= 1,
        }
        cell.shape = match cursor.under {
            Under::Blank => Shape::Blank,
            Under::Hidden => {
                scan.counts.unknown += 1;
                cell.shape
            }
            Under::Glyph(range) => {
                scan.counts.known += 1;
                Shape::Known(range)
            }
        };
    }
    let font = main_font(&scan);
    let cells = read_cells(&scan, font);
    let kind = kind_of(&scan, &cells);
    if matches!(kind, ScreenKind::NotText) || kind == ScreenKind::Blank && cursor.is_none() {
        return Screen::without_cells(kind);
    }
    let font = font.and_then(|index| scan.table.fonts.get(usize::from(index))).map(|font| font.name.clone());
    let unknown = cells.iter().filter(|cell| cell.character == UNKNOWN_CHARACTER).count();
    let cursor = cursor.map(|cursor| cursor.position);
    Screen { kind, grid: Some(scan.grid), font, cells, unknown, cursor, exact: true }
}
