//! All cells of a grid, and how well known glyphs describe them.

use super::cell_scan::{Band, CellScan, Shape, scan};
use super::glyph_table::SizeTable;
use super::grid::Grid;
use super::pixels::Pixels;
use super::screen::Position;

/// The description length of a known glyph, in bits: one of 512 characters.
const KNOWN_COST: u64 = 9;
/// The description length of a pixel in a cell with two colours and an unknown bitmap, in bits.
const UNKNOWN_PIXEL_COST: u64 = 1;
/// The description length of a pixel in a cell with more colours, in bits.
const MULTI_PIXEL_COST: u64 = 4;
/// The description length of a change of colour outside the grid, in bits. Letters must be shorter as cells of many colours,
/// which are 512 bits for about 50 changes, than outside a smaller grid: else a compressed prompt would be a blank screen.
const MARGIN_CHANGE_COST: u64 = 64;
/// The least difference of green, which has most of the brightness, at the edge of a letter; and so many edges compression and
/// a mouse pointer may leave outside a grid.
const MARGIN_CONTRAST: u8 = 64;
const MAX_MARGIN_EDGES: usize = 32;

/// Cells of a screen of text that may be no known glyphs: the cursor, and what is below a mouse pointer.
pub(super) const MAX_STRANGE_CELLS: usize = 2;

/// A screen divided into cells.
pub(super) struct GridScan<'a> {
    pub(super) grid: Grid,
    pub(super) table: &'a SizeTable,
    /// Row by row.
    pub(super) cells: Vec<CellScan>,
    /// How far each row is shifted to the right of the grid, in pixels; empty if no row is.
    pub(super) shifts: Vec<usize>,
    /// The description length in bits: 9 for a known glyph, one a pixel for another bitmap of two colours, four a pixel for
    /// more colours, none for one colour. The grid with the shortest one is the right one.
    pub(super) cost: u64,
    pub(super) counts: Counts,
}

/// How many cells of a kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Two colours, and a bitmap that a font has.
    pub(super) known: usize,
    /// Two colours, and another bitmap.
    pub(super) unknown: usize,
    /// More than two colours.
    pub(super) multi: usize,
}

impl Counts {
    /// Whether nearly all cells that are not blank are known glyphs. A cursor and a mouse pointer are none.
    pub(super) fn are_known(self) -> bool {
        self.known > 0 && self.unknown + self.multi <= MAX_STRANGE_CELLS
    }

    /// The cells with more than one colour.
    pub(super) fn ink(self) -> usize {
        self.known + self.unknown + self.multi
    }
}

impl<'a> GridScan<'a> {
    /// Scans all cells; `None` as soon as the cost is above `max_cost`.
    pub(super) fn new(pixels: Pixels<'_>, grid: Grid, table: &'a SizeTable, max_cost: u64) -> Option<Self> {
        let (mut counts, mut cells) = (Counts::default(), Vec::with_capacity(grid.len()));
        let mut cost = 0;
        for row in 0..grid.rows {
            if let Some(colour) = pixels.band_colour(grid.y(row), grid.cell_height) {
                cells.extend(std::iter::repeat_n(CellScan::blank(colour), grid.columns));
                continue;
            }
            let band = Band::new(pixels, grid.y(row), grid.cell_height);
            for column in 0..grid.columns {
                let cell = scan(&band, grid.x(column), table);
                cost += counts.add(&cell, table);
                cells.push(cell);
            }
            if cost > max_cost {
                return None;
            }
        }
        cost += margin_cost(pixels, &grid);
        (cost <= max_cost).then_some(Self { grid, table, cells, shifts: Vec::new(), cost, counts })
    }

    /// The top-left pixel of a cell.
    pub(super) fn corner(&self, position: Position) -> (usize, usize) {
        let shift = self.shifts.get(position.row).copied().unwrap_or_default();
        (self.grid.x(position.column) + shift, self.grid.y(position.row))
    }
}

impl Counts {
    /// Counts a cell, and returns its description length in bits.
    pub(super) fn add(&mut self, cell: &CellScan, table: &SizeTable) -> u64 {
        let area = (table.width * table.height) as u64;
        match cell.shape {
            Shape::Blank => 0,
            Shape::Known(_) => {
                self.known += 1;
                KNOWN_COST
            }
            Shape::Unknown(_) => {
                self.unknown += 1;
                area * UNKNOWN_PIXEL_COST
            }
            Shape::Multi => {
                self.multi += 1;
                area * MULTI_PIXEL_COST
            }
        }
    }
}

/// The description length of what is outside the grid: pixels that differ from the one to their left.
fn margin_cost(pixels: Pixels<'_>, grid: &Grid) -> u64 {
    margin_pairs(pixels, grid, |one, other| one != other) as u64 * MARGIN_CHANGE_COST
}

/// Whether there is something outside the grid that compression has not left there.
pub(super) fn has_ink_outside(pixels: Pixels<'_>, grid: &Grid) -> bool {
    let green = |colour: u32| (colour >> 8) as u8;
    margin_pairs(pixels, grid, |one, other| green(one).abs_diff(green(other)) > MARGIN_CONTRAST) > MAX_MARGIN_EDGES
}

/// The number of neighbours in a row outside the grid that differ.
fn margin_pairs(pixels: Pixels<'_>, grid: &Grid, differ: impl Fn(u32, u32) -> bool) -> usize {
    let (right, bottom) = (grid.x(grid.columns), grid.y(grid.rows));
    let count = |row: &[u32]| row.windows(2).filter(|pair| differ(pair[0], pair[1])).count();
    let rows = 0..pixels.height();
    rows.map(|y| match (grid.offset_y..bottom).contains(&y) {
        true => count(pixels.row(0, y, grid.offset_x)) + count(pixels.row(right, y, pixels.width())),
        false => count(pixels.row(0, y, pixels.width())),
    })
    .sum()
}
