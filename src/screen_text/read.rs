//! Reads a screen.

use super::cell_scan::Shape;
use super::characters::{UNKNOWN_CHARACTER, main_font, read_cells};
use super::glyph_table::GlyphTable;
use super::grid::Grid;
use super::grid_scan::GridScan;
use super::grid_search::find_grid;
use super::kind::kind_of;
use super::offset_search::find_lines;
use super::pixels::Pixels;
use super::screen::{Screen, ScreenKind};
use super::text_cursor::{Under, find_cursor};

/// Reads the text of a screen. `hint` is the grid of the same screen as it was read before: it is tried first.
pub fn read(pixels: Pixels<'_>, table: &GlyphTable, hint: Option<Grid>) -> Screen {
    let screen = match find_grid(pixels, table, hint) {
        Some(scan) => read_scan(pixels, scan),
        None => Screen::without_cells(ScreenKind::NotText),
    };
    if matches!(screen.kind, ScreenKind::Text | ScreenKind::Blank) {
        return screen;
    }
    // Few screens get here, and this search takes longer.
    let lines = find_lines(pixels, table).map(|scan| read_scan(pixels, scan));
    lines.filter(|lines| lines.kind == ScreenKind::Text).unwrap_or(screen)
}

fn read_scan(pixels: Pixels<'_>, mut scan: GridScan<'_>) -> Screen {
    let cursor = find_cursor(pixels, &scan);
    if let Some(cursor) = &cursor {
        let index = cursor.position.row * scan.grid.columns + cursor.position.column;
        let cell = &mut scan.cells[index];
        scan.counts.unknown -= 1;
        cell.shape = match cursor.under {
            Under::Blank => Shape::Blank,
            Under::Glyph(key) => {
                scan.counts.known += 1;
                Shape::TwoColours(key)
            }
        };
    }
    let font = main_font(&scan);
    let cells = read_cells(&scan, font);
    let kind = kind_of(&scan, &cells);
    if matches!(kind, ScreenKind::NotText) || kind == ScreenKind::Blank && cursor.is_none() {
        return Screen::without_cells(kind);
    }
    let font = font.and_then(|index| scan.table.fonts.get(usize::from(index))).cloned();
    let unknown = cells.iter().filter(|cell| cell.character == UNKNOWN_CHARACTER).count();
    let cursor = cursor.map(|cursor| cursor.position);
    Screen { kind, grid: Some(scan.grid), font, cells, unknown, cursor, exact: true }
}
