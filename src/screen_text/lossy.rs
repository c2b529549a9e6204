//! Reads pictures that were compressed: each cell is taken for the nearest glyph, so the result is not exact.

use super::blurred_cell::BlurredCell;
use super::characters::UNKNOWN_CHARACTER;
use super::glyph_table::{GlyphTable, SizeTable};
use super::grid::Grid;
use super::grid_search::grids;
use super::kind::is_telling;
use super::nearest::{GlyphBank, Nearest};
use super::pixels::Pixels;
use super::resample::{enlarge, original_sizes};
use super::screen::{Cell, Position, Screen, ScreenKind};

/// A glyph is rejected below this correlation with the cell.
const MIN_SCORE: f32 = 0.7;

/// With a better correlation in brightness, the colour channels are not tried.
const SURE_SCORE: f32 = 0.97;

/// Below this share of the usual contrast, a cell is blank: compression leaves traces beside characters.
const MIN_CONTRAST: f32 = 0.25;

/// So many cells at most show the contrast of a screen, and so many with contrast how well a grid fits.
const CONTRAST_SAMPLE: usize = 2048;
const GRID_SAMPLE: usize = 48;

/// The mean correlation that the cells of a grid must have.
const MIN_GRID_SCORE: f32 = 0.82;

/// A grid this good needs no comparison with others.
const SURE_GRID_SCORE: f32 = 0.95;

/// The share of the cells with contrast that must be a glyph on a screen of text.
const MIN_KNOWN: f32 = 0.95;

/// A grid, and the glyphs of its size.
struct Fit<'a> {
    grid: Grid,
    table: &'a SizeTable,
    bank: GlyphBank,
    score: f32,
}

/// Reads text by the nearest glyphs, of the picture as it is or enlarged to the size that it may have had. `None` if it does not
/// look like text.
pub(super) fn read_lossy(pixels: Pixels<'_>, table: &GlyphTable, hint: Option<Grid>) -> Option<Screen> {
    let as_is = find_fit(pixels, table, hint).and_then(|fit| read_grid(pixels, fit));
    as_is.or_else(|| {
        original_sizes(pixels.width(), pixels.height()).find_map(|(width, height)| {
            let enlarged = enlarge(pixels, (width, height));
            let pixels = Pixels::new(width, height, &enlarged)?;
            read_grid(pixels, find_fit(pixels, table, None)?)
        })
    })
}

/// The grid on which the nearest glyphs fit best, if they fit at all.
fn find_fit<'a>(pixels: Pixels<'_>, table: &'a GlyphTable, hint: Option<Grid>) -> Option<Fit<'a>> {
    let mut best: Option<Fit<'_>> = None;
    for (grid, table) in grids(pixels, table, hint) {
        let bank = GlyphBank::new(table);
        let score = sample_score(pixels, &grid, table, &bank);
        if best.as_ref().is_none_or(|best| score > best.score) {
            best = Some(Fit { grid, table, bank, score });
        }
        if score >= SURE_GRID_SCORE {
            break;
        }
    }
    best.filter(|best| best.score >= MIN_GRID_SCORE)
}

/// The mean correlation of some cells with contrast, 0 to 1.
fn sample_score(pixels: Pixels<'_>, grid: &Grid, table: &SizeTable, bank: &GlyphBank) -> f32 {
    let cells: Vec<BlurredCell<'_>> = cells(pixels, grid, grid.len().div_ceil(CONTRAST_SAMPLE)).collect();
    let min_contrast = usual_contrast(&cells) / 2.0;
    let inked: Vec<&BlurredCell<'_>> = cells.iter().filter(|cell| f32::from(cell.contrast) > min_contrast).collect();
    let sample = inked.iter().step_by(inked.len().div_ceil(GRID_SAMPLE).max(1));
    let scores: Vec<f32> = sample.map(|cell| match_cell(cell, table, bank).map_or(0.0, |found| found.score)).collect();
    scores.iter().sum::<f32>() / scores.len().max(1) as f32
}

fn read_grid(pixels: Pixels<'_>, fit: Fit<'_>) -> Option<Screen> {
    let Fit { grid, table, mut bank, .. } = fit;
    let cells: Vec<BlurredCell<'_>> = cells(pixels, &grid, 1).collect();
    let min_contrast = MIN_CONTRAST * usual_contrast(&cells);
    let is_inked = |cell: &BlurredCell<'_>| f32::from(cell.contrast) > min_contrast;
    // Where only the keys of a font are known, bitmaps that came through unchanged are the examples for the others.
    cells.iter().filter(|cell| is_inked(cell)).for_each(|cell| bank.learn(&cell.luma(), table));
    let (mut inked, mut known) = (0, 0);
    let mut read: Vec<Cell> = Vec::with_capacity(cells.len());
    for cell in &cells {
        if !is_inked(cell) {
            read.push(cell.blank());
            continue;
        }
        inked += 1;
        match match_cell(cell, table, &bank).filter(|found| found.score >= MIN_SCORE) {
            Some(found) => {
                known += 1;
                read.push(cell.coloured(found.character, found.is_bright));
            }
            None => read.push(cell.coloured(UNKNOWN_CHARACTER, true)),
        }
    }
    let is_text = known as f32 >= MIN_KNOWN * inked as f32 && read.iter().any(|cell| is_telling(cell.character));
    is_text.then(|| Screen {
        kind: ScreenKind::Text,
        grid: Some(grid),
        font: None,
        cells: read,
        unknown: inked - known,
        cursor: None,
        exact: false,
    })
}

/// Every `step`th cell.
fn cells<'a>(pixels: Pixels<'a>, grid: &Grid, step: usize) -> impl Iterator<Item = BlurredCell<'a>> {
    let grid = *grid;
    (0..grid.len()).step_by(step.max(1)).map(move |index| {
        let Position { column, row } = Position { column: index % grid.columns, row: index / grid.columns };
        BlurredCell::new(pixels, (grid.x(column), grid.y(row)), (grid.cell_width, grid.cell_height))
    })
}

/// The contrast that nineteen of twenty cells do not exceed, of those that are not nearly of one colour.
fn usual_contrast(cells: &[BlurredCell<'_>]) -> f32 {
    let mut contrasts: Vec<u8> = cells.iter().map(|cell| cell.contrast).filter(|contrast| *contrast > 32).collect();
    contrasts.sort_unstable();
    contrasts.get(contrasts.len() * 19 / 20).copied().unwrap_or(u8::MAX).into()
}

/// The nearest glyph by brightness, or by colour where brightness leaves doubt.
fn match_cell(cell: &BlurredCell<'_>, table: &SizeTable, bank: &GlyphBank) -> Option<Nearest> {
    let by_luma = bank.find(&cell.luma(), table);
    if by_luma.is_some_and(|found| found.score >= SURE_SCORE) {
        return by_luma;
    }
    let by_colour = bank.find(&cell.widest_channel(), table);
    [by_luma, by_colour].into_iter().flatten().reduce(|best, next| if next.score > best.score { next } else { best })
}
