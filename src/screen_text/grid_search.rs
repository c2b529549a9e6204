//! Finds the size of the cells and where the first one is.

use super::glyph_table::{GlyphTable, SizeTable};
use super::grid::Grid;
use super::grid_scan::GridScan;
use super::pixels::Pixels;

/// The cell size of UEFI's text console. Source: EDK2's GraphicsConsoleDxe, `EFI_GLYPH_WIDTH` and `EFI_GLYPH_HEIGHT`.
const UEFI_CELL: (usize, usize) = (8, 19);

/// Columns and rows of UEFI's text modes; that of the whole screen is added. The smallest come first: where the text fits into
/// several, the larger ones have nothing but a margin more. Source: EDK2's GraphicsConsoleDxe, `mGraphicsConsoleModeData`.
const UEFI_MODES: [(usize, usize); 5] = [(80, 25), (80, 50), (100, 31), (128, 40), (160, 42)];

/// The cell size of GRUB's graphical terminal with GNU Unifont.
const GRUB_CELL: (usize, usize) = (8, 16);

/// Where the grid of GRUB's graphical terminal begins: 10 pixels from each edge, and a cell to the left of that if one fits.
/// Source: GRUB's gfxterm.c, `DEFAULT_BORDER_WIDTH`.
const GRUB_OFFSET: (usize, usize) = (2, 10);

/// A VGA's text modes of 400 lines, with cells of 9 and 8 pixels. Nothing is left at their edges.
const VGA_SCREENS: [(usize, usize); 2] = [(720, 400), (640, 400)];
const VGA_CELL: (usize, usize) = (9, 16);

/// Sizes that most consoles have, most common first.
const COMMON_CELLS: [(usize, usize); 5] = [(8, 16), (9, 16), (16, 32), (8, 19), (8, 8)];

/// Finds the grid whose cells known glyphs describe best, of all sizes and of the offsets that occur. `hint` is tried first,
/// which saves time if it is the right one.
pub(super) fn find_grid<'a>(pixels: Pixels<'_>, table: &'a GlyphTable, hint: Option<Grid>) -> Option<GridScan<'a>> {
    let mut best: Option<GridScan<'a>> = None;
    for (grid, size) in grids(pixels, table, hint) {
        let max_cost = best.as_ref().map_or(u64::MAX, |best| best.cost.saturating_sub(1));
        best = GridScan::new(pixels, grid, size, max_cost).or(best);
        // Nothing is shorter where the screen is blank, and the grid that fitted before fits still.
        let is_right = |best: &GridScan<'_>| best.cost == 0 || Some(best.grid) == hint && best.counts.are_known();
        if best.as_ref().is_some_and(is_right) {
            break;
        }
    }
    best
}

/// The grids that a screen of this size may have, the most likely ones first.
pub(super) fn grids<'a>(
    pixels: Pixels<'_>,
    table: &'a GlyphTable,
    hint: Option<Grid>,
) -> impl Iterator<Item = (Grid, &'a SizeTable)> {
    let hint = hint.filter(|grid| fits(pixels, grid));
    let hinted = hint.and_then(|grid| table.size(grid.cell_width, grid.cell_height).map(|size| (grid, size)));
    let others = by_frequency(table, (pixels.width(), pixels.height()))
        .flat_map(move |size| candidates(pixels, size).into_iter().flatten().map(move |grid| (grid, size)));
    hinted.into_iter().chain(others.filter(move |(grid, _)| Some(*grid) != hint))
}

/// The tables, the most common sizes first: a good grid found early ends the scan of a bad one early.
fn by_frequency(table: &GlyphTable, screen: (usize, usize)) -> impl Iterator<Item = &SizeTable> {
    let first = (screen == VGA_SCREENS[0]).then_some(VGA_CELL);
    let common = first.into_iter().chain(COMMON_CELLS.into_iter().filter(move |cell| Some(*cell) != first));
    let common = common.filter_map(|(width, height)| table.size(width, height));
    let others = table.sizes().iter().filter(|size| !COMMON_CELLS.contains(&(size.width, size.height)));
    common.chain(others)
}

fn candidates(pixels: Pixels<'_>, size: &SizeTable) -> Vec<Option<Grid>> {
    let (screen, cell) = ((pixels.width(), pixels.height()), (size.width, size.height));
    if VGA_SCREENS.contains(&screen) {
        let fills = |grid: &Grid| (grid.x(grid.columns), grid.y(grid.rows)) == screen;
        return vec![Grid::covering(screen, cell, (0, 0)).filter(fills)];
    }
    let mut grids = vec![Grid::covering(screen, cell, (0, 0))];
    if cell == UEFI_CELL {
        let all = (screen.0 / cell.0, screen.1 / cell.1);
        let modes = UEFI_MODES.into_iter().chain([all]);
        // Before the grid that begins in the corner, which no UEFI console has.
        grids.splice(0..0, modes.map(|mode| Grid::centred(screen, cell, mode)));
    }
    if cell == GRUB_CELL {
        grids.push(Grid::covering(screen, cell, GRUB_OFFSET));
    }
    grids
}

fn fits(pixels: Pixels<'_>, grid: &Grid) -> bool {
    grid.columns > 0 && grid.rows > 0 && grid.x(grid.columns) <= pixels.width() && grid.y(grid.rows) <= pixels.height()
}
