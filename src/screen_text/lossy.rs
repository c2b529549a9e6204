//! Reads pictures that were compressed or made smaller: each cell is taken for the nearest glyph, so the result is not exact.

use std::cmp::Reverse;

use super::blurred_cell::BlurredCell;
use super::characters::UNKNOWN_CHARACTER;
use super::glyph_bank::{CURSOR, GlyphBank, Nearest};
use super::glyph_table::{GlyphTable, SizeTable};
use super::grid::Grid;
use super::grid_scan::has_ink_outside;
use super::grid_search::grids;
use super::pixels::Pixels;
use super::resample::{enlarge, original_sizes};
use super::screen::{Cell, Position, Screen, ScreenKind};
use super::shrunk::Shrunk;

/// A glyph is rejected below this correlation with the cell.
const MIN_SCORE: f32 = 0.7;

/// With a better correlation in brightness, the colour channels are not tried.
const SURE_SCORE: f32 = 0.97;

/// Below this share of the usual contrast, a cell is blank; below the second, it is blank unless it is a character: compression
/// leaves traces beside characters.
const MIN_CONTRAST: f32 = 0.25;
const SURE_CONTRAST: f32 = 0.6;

/// So many cells at most show the contrast of a screen, and so many with contrast how well a grid fits.
const CONTRAST_SAMPLE: usize = 2048;
const GRID_SAMPLE: usize = 48;

/// The mean correlation that the cells of a grid must have.
const MIN_GRID_SCORE: f32 = 0.82;

/// A grid this good needs no comparison with others.
const SURE_GRID_SCORE: f32 = 0.96;

/// The share of the cells with contrast that must be a glyph on a screen of text.
const MIN_KNOWN: f32 = 0.9;

/// The share of the glyphs that must be letters and digits: the edges of shapes look like blocks and lines.
const MIN_LETTERS: f32 = 0.2;

/// The fonts that most cells of the sample have.
const FONTS: usize = 2;

/// A picture, and what it was before it was enlarged, if it was.
#[derive(Clone, Copy)]
struct View<'a> {
    pixels: Pixels<'a>,
    shrunk: Option<Shrunk<'a>>,
}

/// A grid, and the fonts that its cells have.
struct Fit<'a> {
    grid: Grid,
    table: &'a SizeTable,
    score: f32,
    fonts: Vec<u16>,
}

/// Reads text by the nearest glyphs, of the picture as it is or enlarged to the size that it may have had. `None` if it does not
/// look like text.
pub(super) fn read_lossy(pixels: Pixels<'_>, table: &GlyphTable, hint: Option<Grid>) -> Option<Screen> {
    let view = View { pixels, shrunk: None };
    let as_is = find_fit(view, table, hint).and_then(|fit| read_grid(view, &fit));
    as_is.or_else(|| {
        original_sizes(pixels.width(), pixels.height()).find_map(|(width, height)| {
            let enlarged = enlarge(pixels, (width, height));
            let shrunk = Some(Shrunk { pixels, full_size: (width, height) });
            let view = View { pixels: Pixels::new(width, height, &enlarged)?, shrunk };
            read_grid(view, &find_fit(view, table, None)?)
        })
    })
}

/// The grid on which the nearest glyphs fit best, if they fit at all.
fn find_fit<'a>(view: View<'_>, table: &'a GlyphTable, hint: Option<Grid>) -> Option<Fit<'a>> {
    let mut best: Option<Fit<'a>> = None;
    let mut bank: Option<GlyphBank<'a>> = None;
    for (grid, table) in grids(view.pixels, table, hint) {
        // A smaller grid in the middle may fit as well as the one that has all of the text.
        if (grid.offset_x, grid.offset_y) != (0, 0) && has_ink_outside(view.pixels, &grid) {
            continue;
        }
        // All grids of a size follow each other.
        let bank = match bank.take() {
            Some(bank_of_size) if std::ptr::eq(bank_of_size.table(), table) => bank.insert(bank_of_size),
            _ => bank.insert(GlyphBank::ascii(table, view.shrunk.is_some())),
        };
        let fit = try_grid(view, grid, bank);
        if best.as_ref().is_none_or(|best| fit.score > best.score) {
            best = Some(fit);
        }
        if best.as_ref().is_some_and(|best| best.score >= SURE_GRID_SCORE) {
            break;
        }
    }
    best.filter(|best| best.score >= MIN_GRID_SCORE)
}

/// How well the nearest glyphs fit to some of the cells with contrast.
fn try_grid<'a>(view: View<'_>, grid: Grid, bank: &GlyphBank<'a>) -> Fit<'a> {
    let cells: Vec<BlurredCell<'_>> = cells(view, &grid, grid.len().div_ceil(CONTRAST_SAMPLE)).collect();
    let min_contrast = usual_contrast(&cells) / 2.0;
    let inked: Vec<&BlurredCell<'_>> = cells.iter().filter(|cell| f32::from(cell.contrast) > min_contrast).collect();
    let sample = inked.iter().step_by(inked.len().div_ceil(GRID_SAMPLE).max(1));
    let found: Vec<Option<Nearest>> = sample.map(|cell| match_cell(cell, bank)).collect();
    let score = found.iter().flatten().map(|found| found.score).sum::<f32>() / found.len().max(1) as f32;
    let mut votes = vec![0; bank.table().fonts.len()];
    found.iter().flatten().for_each(|found| votes[usize::from(found.font)] += 1);
    let mut fonts: Vec<u16> = (0..).take(votes.len()).filter(|font| votes[usize::from(*font)] > 0).collect();
    fonts.sort_by_key(|font| Reverse(votes[usize::from(*font)]));
    fonts.truncate(FONTS);
    Fit { grid, table: bank.table(), score, fonts }
}

fn read_grid(view: View<'_>, fit: &Fit<'_>) -> Option<Screen> {
    let grid = fit.grid;
    let mut bank = GlyphBank::of_fonts(fit.table, view.shrunk.is_some(), &fit.fonts);
    let cells: Vec<BlurredCell<'_>> = cells(view, &grid, 1).collect();
    let usual = usual_contrast(&cells);
    let contrast = |cell: &BlurredCell<'_>| f32::from(cell.contrast) / usual;
    // Where only the keys of a font are known, bitmaps that came through unchanged are the examples for the others.
    cells.iter().filter(|cell| contrast(cell) > MIN_CONTRAST).for_each(|cell| bank.learn(&cell.luma().full));
    let (mut inked, mut known) = (0, 0);
    let mut read: Vec<Cell> = Vec::with_capacity(cells.len());
    let mut cursors = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let found = Some(cell).filter(|cell| contrast(cell) > MIN_CONTRAST).and_then(|cell| match_cell(cell, &bank));
        let found = found.filter(|found| found.score >= MIN_SCORE);
        let is_blank = found.is_none() && contrast(cell) < SURE_CONTRAST;
        inked += usize::from(!is_blank);
        known += usize::from(found.is_some());
        read.push(match found {
            Some(found) if found.character == CURSOR => {
                cursors.push(Position { column: index % grid.columns, row: index / grid.columns });
                cell.coloured(' ', found.is_bright)
            }
            Some(found) => cell.coloured(found.character, found.is_bright),
            None if is_blank => cell.blank(),
            None => cell.coloured(UNKNOWN_CHARACTER, true),
        });
    }
    let letters = read.iter().filter(|cell| cell.character.is_ascii_alphanumeric()).count();
    let is_text = known as f32 >= MIN_KNOWN * inked as f32 && letters as f32 >= MIN_LETTERS * known as f32;
    (is_text && letters > 0).then(|| Screen {
        kind: ScreenKind::Text,
        grid: Some(grid),
        font: fit.fonts.first().and_then(|font| fit.table.fonts.get(usize::from(*font))).map(|font| font.name.clone()),
        cells: read,
        unknown: inked - known,
        cursor: if let [cursor] = cursors[..] { Some(cursor) } else { None },
        exact: false,
    })
}

/// Every `step`th cell.
fn cells<'a>(view: View<'a>, grid: &Grid, step: usize) -> impl Iterator<Item = BlurredCell<'a>> {
    let grid = *grid;
    (0..grid.len()).step_by(step.max(1)).map(move |index| {
        let Position { column, row } = Position { column: index % grid.columns, row: index / grid.columns };
        BlurredCell::new(view.pixels, view.shrunk, (grid.x(column), grid.y(row)), (grid.cell_width, grid.cell_height))
    })
}

/// The contrast that nineteen of twenty cells do not exceed, of those that are not nearly of one colour.
fn usual_contrast(cells: &[BlurredCell<'_>]) -> f32 {
    let mut contrasts: Vec<u8> = cells.iter().map(|cell| cell.contrast).filter(|contrast| *contrast > 32).collect();
    contrasts.sort_unstable();
    contrasts.get(contrasts.len() * 19 / 20).copied().unwrap_or(u8::MAX).into()
}

/// The nearest glyph by brightness, or by colour where brightness leaves doubt.
fn match_cell(cell: &BlurredCell<'_>, bank: &GlyphBank<'_>) -> Option<Nearest> {
    let by_luma = bank.find(&cell.luma());
    if by_luma.is_some_and(|found| found.score >= SURE_SCORE) {
        return by_luma;
    }
    let by_colour = bank.find(&cell.widest_channel());
    [by_luma, by_colour].into_iter().flatten().reduce(|best, next| if next.score > best.score { next } else { best })
}
