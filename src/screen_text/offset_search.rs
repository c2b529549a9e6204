//! Finds text that does not begin at one of the usual places: each line may have an offset of its own, as in the kernel's panic
//! screen for users, which centres its lines. Source: `draw_panic_static_user`, Linux's drivers/gpu/drm/drm_panic.c.

use super::cell_scan::{CellScan, Shape, scan};
use super::glyph_table::{GlyphTable, SizeTable};
use super::grid::Grid;
use super::grid_scan::{Counts, GridScan};
use super::pixels::Pixels;

/// The cell sizes that are tried: those of the kernel's own fonts.
const CELLS: [(usize, usize); 2] = [(8, 16), (16, 32)];

/// A console has at most so many colours. A picture with more is not searched, which would take long.
const MAX_COLOURS: usize = 16;

/// A row of cells with more cells than this that are no known glyph is a part of a picture.
const MAX_STRANGE_CELLS: usize = 2;

/// A row of cells with its distance from the left edge, less than a cell.
struct Line {
    shift: usize,
    cells: Vec<CellScan>,
    counts: Counts,
}

/// Finds the offsets with the most known glyphs. Rows of cells that hold a picture are left out where there are but two
/// colours: the panic screen shows a logo.
pub(super) fn find_lines<'a>(pixels: Pixels<'_>, table: &'a GlyphTable) -> Option<GridScan<'a>> {
    let colours = count_colours(pixels)?;
    let sizes = CELLS.iter().filter_map(|(width, height)| table.size(*width, *height));
    let scans = sizes.flat_map(|size| (0..size.height).map(move |offset_y| (size, offset_y)));
    let scans = scans.filter_map(|(size, offset_y)| lines_at(pixels, size, offset_y, colours <= 2));
    // Of equally good ones the first.
    scans.reduce(|best, scan| if scan.counts.known > best.counts.known { scan } else { best })
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

/// All rows of cells from `offset_y` on, each with the best shift. `None` if a row holds a picture and `may_skip` is not set.
fn lines_at<'a>(pixels: Pixels<'_>, table: &'a SizeTable, offset_y: usize, may_skip: bool) -> Option<GridScan<'a>> {
    let columns = (pixels.width() + 1).checked_sub(table.width)? / table.width;
    let rows = pixels.height().checked_sub(offset_y)? / table.height;
    let (cell_width, cell_height) = (table.width, table.height);
    let grid = Grid { cell_width, cell_height, offset_x: 0, offset_y, columns, rows };
    let mut found = GridScan { grid, table, cells: Vec::new(), shifts: Vec::new(), cost: 0, counts: Counts::default() };
    for row in 0..rows {
        let shifted = (0..table.width).filter_map(|shift| line_at(pixels, &grid, table, row, shift));
        let best = shifted.reduce(|best, line| if line.counts.known > best.counts.known { line } else { best });
        let line = match best {
            Some(line) => line,
            None if may_skip => blank_line(pixels, &grid, row),
            None => return None,
        };
        found.counts.known += line.counts.known;
        found.counts.unknown += line.counts.unknown;
        found.counts.multi += line.counts.multi;
        found.cells.extend(line.cells);
        found.shifts.push(line.shift);
    }
    (found.counts.known > 0).then_some(found)
}

/// A row of cells, unless it holds a picture.
fn line_at(pixels: Pixels<'_>, grid: &Grid, table: &SizeTable, row: usize, shift: usize) -> Option<Line> {
    let (mut cells, mut counts) = (Vec::with_capacity(grid.columns), Counts::default());
    for column in 0..grid.columns {
        let cell = scan(pixels, (grid.x(column) + shift, grid.y(row)), (table.width, table.height));
        counts.add(&cell, table);
        if counts.unknown + counts.multi > MAX_STRANGE_CELLS {
            return None;
        }
        cells.push(cell);
    }
    Some(Line { shift, cells, counts })
}

/// A row of cells without text, in the colour of its first pixel.
fn blank_line(pixels: Pixels<'_>, grid: &Grid, row: usize) -> Line {
    let colour = pixels.row(0, grid.y(row), 1).first().copied().unwrap_or_default();
    let cell = CellScan { shape: Shape::Blank, first: colour, second: colour };
    Line { shift: 0, cells: vec![cell; grid.columns], counts: Counts::default() }
}
