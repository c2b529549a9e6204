//! The VGA's text mode: 80 x 25 cells of 9 x 16 pixels, its font, its colours and its cursor. Pure.
//!
//! The font's source and licence are in `src/font/data/README.md`.

use crate::picture::Rectangle;

/// Cells in a row.
pub(crate) const COLUMNS: u8 = 80;
/// Rows of cells.
pub(crate) const ROWS: u8 = 25;
/// Width of a cell in pixels. A glyph has eight; the ninth is the gap between characters.
pub(crate) const CELL_WIDTH: u16 = 9;
/// Height of a cell and of a glyph in pixels.
pub(crate) const CELL_HEIGHT: u16 = 16;
/// Width of the screen in pixels: 720.
pub(crate) const WIDTH: u16 = COLUMNS as u16 * CELL_WIDTH;
/// Height of the screen in pixels: 400.
pub(crate) const HEIGHT: u16 = ROWS as u16 * CELL_HEIGHT;

/// Light gray on black.
pub(crate) const DEFAULT_ATTRIBUTE: u8 = 0x07;

/// The rows of a cell that the cursor covers. Source: the VGA BIOS's default shape, registers 0x0A and 0x0B of the CRT
/// controller.
const CURSOR_TOP: u16 = 13;
const CURSOR_BOTTOM: u16 = 15;

const GLYPHS: &[u8; 256 * CELL_HEIGHT as usize] = include_bytes!("../../font/data/seabios/vga_8x16.bin");

/// The colours of an attribute's low (ink) and high (background) half. Source: Linux's vgacon, `default_red`,
/// `default_grn` and `default_blu` in drivers/tty/vt/vt.c.
const PALETTE: [[u8; 3]; 16] = [
    [0x00, 0x00, 0x00],
    [0x00, 0x00, 0xaa],
    [0x00, 0xaa, 0x00],
    [0x00, 0xaa, 0xaa],
    [0xaa, 0x00, 0x00],
    [0xaa, 0x00, 0xaa],
    [0xaa, 0x55, 0x00],
    [0xaa, 0xaa, 0xaa],
    [0x55, 0x55, 0x55],
    [0x55, 0x55, 0xff],
    [0x55, 0xff, 0x55],
    [0x55, 0xff, 0xff],
    [0xff, 0x55, 0x55],
    [0xff, 0x55, 0xff],
    [0xff, 0xff, 0x55],
    [0xff, 0xff, 0xff],
];

/// A character of code page 437 and its attribute: the ink in the low four bits, the background in the high four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) character: u8,
    pub(crate) attribute: u8,
}

/// A place on the screen, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) column: u8,
    pub(crate) row: u8,
}

/// All that the screen shows at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextFrame {
    /// Row by row.
    cells: Vec<Cell>,
    /// `None` while the cursor is dark.
    cursor: Option<Position>,
}

impl Cell {
    /// A space in the default colours.
    pub(crate) const BLANK: Self = Self { character: b' ', attribute: DEFAULT_ATTRIBUTE };

    fn is_inked(self, x: u16, y: u16) -> bool {
        let glyph = GLYPHS[usize::from(self.character) * usize::from(CELL_HEIGHT) + usize::from(y)];
        match x {
            0..8 => glyph >> (7 - x) & 1 == 1,
            // The gap continues what has to touch its neighbour. QEMU does so for B0 to DF, hardware for C0 to DF.
            _ => matches!(self.character, 0xb0..=0xdf) && glyph & 1 == 1,
        }
    }

    fn ink(self) -> [u8; 3] {
        PALETTE[usize::from(self.attribute & 0x0f)]
    }

    fn background(self) -> [u8; 3] {
        PALETTE[usize::from(self.attribute >> 4)]
    }
}

impl TextFrame {
    /// The screen of these cells, which are as many as the screen has, and of the cursor if it is lit.
    pub(crate) fn new(cells: Vec<Cell>, cursor: Option<Position>) -> Self {
        Self { cells, cursor }
    }

    fn cell(&self, at: Position) -> Cell {
        let index = usize::from(at.row) * usize::from(COLUMNS) + usize::from(at.column);
        self.cells.get(index).copied().unwrap_or(Cell::BLANK)
    }

    /// The colour (red, green, blue) of a pixel; outside the screen it is black.
    pub(crate) fn pixel(&self, x: u16, y: u16) -> [u8; 3] {
        let (Ok(column), Ok(row)) = (u8::try_from(x / CELL_WIDTH), u8::try_from(y / CELL_HEIGHT)) else {
            return PALETTE[0];
        };
        let position = Position { column, row };
        if column >= COLUMNS || row >= ROWS {
            return PALETTE[0];
        }
        let (cell, x, y) = (self.cell(position), x % CELL_WIDTH, y % CELL_HEIGHT);
        let is_cursor = self.cursor == Some(position) && (CURSOR_TOP..CURSOR_BOTTOM).contains(&y);
        if is_cursor || cell.is_inked(x, y) { cell.ink() } else { cell.background() }
    }

    /// The areas in which this frame differs from `before`: one for each row, and one for each cursor.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<Rectangle> {
        let mut areas: Vec<Rectangle> = (0..ROWS).filter_map(|row| self.changed_part(before, row)).collect();
        if self.cursor != before.cursor {
            areas.extend([self.cursor, before.cursor].into_iter().flatten().map(cursor_area));
        }
        areas
    }

    /// From the first to the last cell of a row that differs.
    fn changed_part(&self, before: &Self, row: u8) -> Option<Rectangle> {
        let differs = |column: &u8| {
            let position = Position { column: *column, row };
            self.cell(position) != before.cell(position)
        };
        let (first, last) = ((0..COLUMNS).find(differs)?, (0..COLUMNS).rev().find(differs)?);
        let (x, y) = (u16::from(first) * CELL_WIDTH, u16::from(row) * CELL_HEIGHT);
        Some(Rectangle { x, y, width: u16::from(last - first + 1) * CELL_WIDTH, height: CELL_HEIGHT })
    }
}

fn cursor_area(at: Position) -> Rectangle {
    let (x, y) = (u16::from(at.column) * CELL_WIDTH, u16::from(at.row) * CELL_HEIGHT);
    Rectangle { x, y: y + CURSOR_TOP, width: CELL_WIDTH, height: CURSOR_BOTTOM - CURSOR_TOP }
}

#[cfg(test)]
#[path = "vga_tests.rs"]
mod tests;
