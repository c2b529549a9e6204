//! Finds the text cursor: it covers some rows of a cell, so that no font has the cell's bitmap.

use std::ops::Range;

use super::cell_scan::{Shape, bitmap};
use super::characters::main_font;
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
    /// A character that has ink where the cursor is.
    Hidden,
}

/// More cells with unknown bitmaps than this are not a cursor but another font.
const MAX_UNKNOWN: usize = 4;

/// The cell whose bitmap becomes known when the cursor is taken away, or that looks like a cursor on an empty cell, if there is
/// exactly one.
pub(super) fn find_cursor(pixels: Pixels<'_>, scan: &GridScan<'_>) -> Option<TextCursor> {
    if scan.counts.unknown > MAX_UNKNOWN {
        return None;
    }
    let font = main_font(scan);
    let lines = underlines(scan.table.height).map(|rows| character_like(rows, scan.table, font));
    let mut found = scan.cells.iter().enumerate().filter_map(|(index, cell)| {
        let position = Position { column: index % scan.grid.columns, row: index / scan.grid.columns };
        let under = match cell.shape {
            Shape::Known(range) if lines.contains(&Some(range)) => Under::Blank,
            Shape::Unknown(_) => {
                let rows = bitmap(pixels, scan.corner(position), (scan.grid.cell_width, scan.grid.cell_height))?;
                under_cursor(&rows, scan.table)?
            }
            _ => return None,
        };
        Some(TextCursor { position, under })
    });
    let cursor = found.next()?;
    found.next().is_none().then_some(cursor)
}

/// The character with the bitmap of a cursor on an empty cell, such as U+2017 or U+2581. The underscore of the screen's font is
/// none: it is far more common than a cursor that looks the same.
fn character_like(cursor: Range<usize>, table: &SizeTable, font: Option<u16>) -> Option<GlyphRange> {
    let all = u32::MAX >> (32 - table.width.min(32));
    let rows: Vec<u32> = (0..table.height).map(|row| if cursor.contains(&row) { all } else { 0 }).collect();
    let range = table.find_range(key(&rows, table.width as u8))?;
    let is_underscore = table.glyphs(range).iter().any(|glyph| Some(glyph.font) == font && glyph.character == '_');
    (!is_underscore).then_some(range)
}

/// What is left of a bitmap without the cursor: nothing, or else a character.
fn under_cursor(rows: &[u32], table: &SizeTable) -> Option<Under> {
    let all = u32::MAX >> (32 - table.width.min(32));
    let is_line =
        |cursor: &Range<usize>| rows.get(cursor.clone()).is_some_and(|rows| rows.iter().all(|row| *row == all));
    let outside = |cursor: &Range<usize>| {
        rows.iter().enumerate().filter(|(row, _)| !cursor.contains(row)).all(|(_, bits)| *bits == 0)
    };
    if cursor_rows(table.height).any(|cursor| is_line(&cursor) && outside(&cursor)) {
        return Some(Under::Blank);
    }
    let found = cursor_rows(table.height).find_map(|cursor| {
        let known = |changed: &dyn Fn(u32) -> u32| {
            let change = |(row, bits): (usize, &u32)| if cursor.contains(&row) { changed(*bits) } else { *bits };
            let rows: Vec<u32> = rows.iter().enumerate().map(change).collect();
            table.find_range(key(&rows, table.width as u8)).map(Under::Glyph)
        };
        // Linux's cursor inverts what is under it; the VGA's hides it.
        known(&|bits| !bits & all).or_else(|| known(&|_| 0).filter(|_| is_line(&cursor)))
    });
    found.or_else(|| underlines(table.height).iter().any(is_line).then_some(Under::Hidden))
}

/// The rows that a cursor may cover, most common first. Sources: the underline of Linux's fbcon.c and vgacon.c, and the lower
/// third, the lower half and two thirds that they offer besides; the last three rows of UEFI's cursor, `mCursorGlyph` in EDK2's
/// GraphicsConsoleDxe.
fn cursor_rows(height: usize) -> impl Iterator<Item = Range<usize>> {
    let [last_two, above_last] = underlines(height);
    let last = |count: usize| height.saturating_sub(count)..height;
    let second_last = height.saturating_sub(2)..height.saturating_sub(1);
    let others = [last(1), second_last, last(3), last(height / 3), last(height / 2), last(2 * height / 3)];
    [last_two, above_last].into_iter().chain(others)
}

/// The rows of the underlines that are common: fbcon's last two, and the two above the last one of the VGA.
pub(super) fn underlines(height: usize) -> [Range<usize>; 2] {
    [height.saturating_sub(2)..height, height.saturating_sub(3)..height.saturating_sub(1)]
}
