//! Finds the text cursor: it covers some rows of a cell, so that no font has the cell's bitmap.

use std::ops::Range;

use super::cell_scan::{Shape, bitmap};
use super::glyph_table::{GlyphRange, SizeTable};
use super::grid_scan::GridScan;
use super::pixels::Pixels;
use super::screen::Position;
use crate::font::key;

/// A cursor, and the character under it.
pub(super) struct TextCursor {
    pub(super) position: Position,
    pub(super) under: Under,
}

/// What is under the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    Blank,
    Glyph(GlyphRange),
}

/// More cells with unknown bitmaps than this are not a cursor but another font.
const MAX_UNKNOWN: usize = 4;

/// The cell whose bitmap becomes known when the cursor is taken away, if there is exactly one.
pub(super) fn find_cursor(pixels: Pixels<'_>, scan: &GridScan<'_>) -> Option<TextCursor> {
    if scan.counts.unknown > MAX_UNKNOWN {
        return None;
    }
    let unknown = scan.cells.iter().enumerate().filter(|(_, cell)| matches!(cell.shape, Shape::Unknown(_)));
    let mut found = unknown.filter_map(|(index, _)| {
        let position = Position { column: index % scan.grid.columns, row: index / scan.grid.columns };
        let rows = bitmap(pixels, scan.corner(position), (scan.grid.cell_width, scan.grid.cell_height))?;
        under_cursor(&rows, scan.table).map(|under| TextCursor { position, under })
    });
    let cursor = found.next()?;
    found.next().is_none().then_some(cursor)
}

/// What is left of a bitmap without the cursor.
fn under_cursor(rows: &[u32], table: &SizeTable) -> Option<Under> {
    let all = u32::MAX >> (32 - table.width.min(32));
    cursor_rows(table.height).find_map(|cursor| {
        let is_line = rows.get(cursor.clone())?.iter().all(|row| *row == all);
        let change = |row: &u32, index: usize, change: &dyn Fn(u32) -> u32| match cursor.contains(&index) {
            true => change(*row),
            false => *row,
        };
        let known = |changed: &dyn Fn(u32) -> u32| {
            let rows: Vec<u32> = rows.iter().enumerate().map(|(index, row)| change(row, index, changed)).collect();
            match rows.iter().all(|row| *row == 0) {
                true => Some(Under::Blank),
                false => table.find_range(key(&rows, table.width as u8)).map(Under::Glyph),
            }
        };
        // Linux's cursor inverts what is under it; the VGA's hides it.
        known(&|row| !row & all).or_else(|| known(&|_| 0).filter(|_| is_line))
    })
}

/// The rows that a cursor may cover, most common first. Sources: the underline of Linux's fbcon.c and vgacon.c, and the lower
/// third, the lower half and two thirds that they offer besides.
fn cursor_rows(height: usize) -> impl Iterator<Item = Range<usize>> {
    let [last_two, above_last] = underlines(height);
    let last = |count: usize| height.saturating_sub(count)..height;
    let second_last = height.saturating_sub(2)..height.saturating_sub(1);
    let others = [last(1), second_last, last(height / 3), last(height / 2), last(2 * height / 3)];
    [last_two, above_last].into_iter().chain(others)
}

/// The rows of the underlines that are common: fbcon's last two, and the two above the last one of the VGA.
pub(super) fn underlines(height: usize) -> [Range<usize>; 2] {
    [height.saturating_sub(2)..height, height.saturating_sub(3)..height.saturating_sub(1)]
}
