//! Finds text that does not begin at one of the usual places: each line may have an offset of its own, as in the kernel's panic
//! screen for users, which centres its lines. Source: `draw_panic_static_user`, Linux's drivers/gpu/drm/drm_panic.c.

use super::cell_scan::{Band, CellScan, scan};
use super::glyph_table::{GlyphTable, SizeTable};
use super::grid::Grid;
use super::grid_scan::{Counts, GridScan, MAX_STRANGE_CELLS};
use super::pixels::Pixels;

/// The cell sizes that are tried: those of the kernel's own fonts.
const CELLS: [(usize, usize); 2] = [(8, 16), (16, 32)];

/// A logo above the text has at most so many rows of cells.
const MAX_LOGO_ROWS: usize = 12;

/// A row of cells with its distance from the left edge, less than a cell.
struct Line {
    shift: usize,
    cells: Vec<CellScan>,
    counts: Counts,
}

/// Finds the offsets with the most known glyphs. Where there are but two colours, a logo above the text is left out: the panic
/// screen shows one.
pub(super) fn find_lines<'a>(pixels: Pixels<'_>, table: &'a GlyphTable, colours: usize) -> Option<GridScan<'a>> {
    let max_logo_rows = if colours <= 2 { MAX_LOGO_ROWS } else { 0 };
    let sizes = CELLS.iter().filter_map(|(width, height)| table.size(*width, *height));
    let scans = sizes.flat_map(|size| (0..size.height).map(move |offset_y| (size, offset_y)));
    let scans = scans.filter_map(|(size, offset_y)| lines_at(pixels, size, offset_y, max_logo_rows));
    // Of equally good ones the first.
    scans.reduce(|best, scan| if scan.counts.known > best.counts.known { scan } else { best })
}

/// All rows of cells from `offset_y` on, each with the best shift. `None` if one holds a picture that cannot be a logo of at most
/// `max_logo_rows`.
fn lines_at<'a>(
    pixels: Pixels<'_>,
    table: &'a SizeTable,
    offset_y: usize,
    max_logo_rows: usize,
) -> Option<GridScan<'a>> {
    let columns = (pixels.width() + 1).checked_sub(table.width)? / table.width;
    let rows = pixels.height().checked_sub(offset_y)? / table.height;
    let (cell_width, cell_height) = (table.width, table.height);
    let grid = Grid { cell_width, cell_height, offset_x: 0, offset_y, columns, rows };
    let mut found = GridScan { grid, table, cells: Vec::new(), shifts: Vec::new(), cost: 0, counts: Counts::default() };
    let mut logo_rows = 0;
    for row in 0..rows {
        if let Some(colour) = pixels.band_colour(grid.y(row), table.height) {
            found.add(blank_line(colour, columns));
            continue;
        }
        let band = Band::new(pixels, grid.y(row), table.height);
        let shifted = (0..table.width).filter_map(|shift| line_at(&band, &grid, table, shift));
        let best = shifted.reduce(|best, line| if line.counts.known > best.counts.known { line } else { best });
        let line = match best {
            Some(line) => line,
            None if found.counts.known == 0 && logo_rows < max_logo_rows => {
                logo_rows += 1;
                blank_line(pixels.row(0, grid.y(row), 1).first().copied().unwrap_or_default(), columns)
            }
            None => return None,
        };
        found.add(line);
    }
    (found.counts.known > 0).then_some(found)
}

/// A row of cells, unless it holds a picture.
fn line_at(band: &Band<'_>, grid: &Grid, table: &SizeTable, shift: usize) -> Option<Line> {
    let (mut cells, mut counts) = (Vec::with_capacity(grid.columns), Counts::default());
    for column in 0..grid.columns {
        let cell = scan(band, grid.x(column) + shift, table);
        counts.add(&cell, table);
        // More of them are a part of a picture.
        if counts.unknown + counts.multi > MAX_STRANGE_CELLS {
            return None;
        }
        cells.push(cell);
    }
    Some(Line { shift, cells, counts })
}

/// A row of cells without text.
fn blank_line(colour: u32, columns: usize) -> Line {
    Line { shift: 0, cells: vec![CellScan::blank(colour); columns], counts: Counts::default() }
}

impl GridScan<'_> {
    fn add(&mut self, line: Line) {
        self.counts.known += line.counts.known;
        self.counts.unknown += line.counts.unknown;
        self.counts.multi += line.counts.multi;
        self.cells.extend(line.cells);
        self.shifts.push(line.shift);
    }
}
