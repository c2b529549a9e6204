//! Learns bitmaps from a screen whose text is known. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::cell_scan;
use super::characters::UNKNOWN_CHARACTER;
use super::grid::Grid;
use super::learned_glyphs::{Bitmap, can_be_learned};
use super::pixels::Pixels;
use super::screen::{Cell, Position, Screen};
use crate::font::key;

/// Cell sizes that are tried first, most common first, and the widths and heights that are tried after them.
const COMMON_SIZES: [(usize, usize); 9] =
    [(8, 16), (9, 16), (16, 32), (8, 14), (8, 8), (12, 24), (10, 20), (12, 22), (8, 19)];
const WIDTHS: std::ops::RangeInclusive<usize> = 5..=32;
const HEIGHTS: std::ops::RangeInclusive<usize> = 6..=64;

/// With fewer characters, a text fits many cell sizes.
const MIN_CHARACTERS: usize = 8;

/// One of so many characters may have two bitmaps: the text may have a mistake, but where the cell size is wrong, most have.
const MAX_AMBIGUOUS: usize = 5;

/// Text that stands on a screen.
pub struct KnownText<'a> {
    /// The row and the column of the first character, from 0.
    pub start: Position,
    /// The number of columns that the text describes; `None` if it describes all that follow `start`.
    pub columns: Option<usize>,
    /// All that these columns show, row by row, without spaces at the end. An empty line says nothing of its row.
    pub lines: Vec<&'a str>,
}

/// What was learned from a screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The grid on which the text stands.
    pub grid: Grid,
    /// Bitmaps that were not known, with their characters. No bitmap comes twice.
    pub glyphs: Vec<(Bitmap, char)>,
    /// Why rows or characters were not used, in the order of the rows.
    pub faults: Vec<LessonFault>,
}

/// Why a row or a character of the known text was not used. Rows and columns are those of the screen, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonFault {
    /// The row does not have characters where the text has them: it is not this text.
    OtherText {
        /// The row and the column where they begin to differ.
        at: Position,
    },
    /// The screen shows a character that is known, and another one than the text has.
    Known {
        /// The place of the character.
        at: Position,
        /// The character that the screen shows.
        shown: char,
        /// The character of the text.
        given: char,
    },
    /// The text has two characters for the same bitmap. Neither was learned.
    Contradiction {
        /// The place of the second character.
        at: Position,
        /// The second character.
        given: char,
        /// The first character.
        before: char,
    },
}

/// Learns the bitmaps of a text. A row is used only if it has characters exactly where the text has them; a cursor behind the
/// text is allowed. `screen` is what was read from these pixels. If the text does not fit its grid, the cell size is the one that
/// the text fits. `None` if there is none.
pub fn learn(pixels: Pixels<'_>, screen: &Screen, known: &KnownText<'_>) -> Option<Lesson> {
    let rows = known.lines.iter().filter(|line| !line.is_empty()).count();
    let of_screen = screen.grid.map(|grid| Fit::new(pixels, grid, known));
    if of_screen.as_ref().is_some_and(|fit| fit.rows == rows && fit.ambiguous == 0) {
        return of_screen.map(|fit| lesson(pixels, screen, known, fit.grid));
    }
    let others = WIDTHS.flat_map(|width| HEIGHTS.map(move |height| (width, height)));
    let sizes = COMMON_SIZES.into_iter().chain(others);
    let grids = sizes.filter_map(|size| Grid::covering((pixels.width(), pixels.height()), size, (0, 0)));
    let others = grids.map(|grid| Fit::new(pixels, grid, known)).filter(Fit::is_certain);
    let best = of_screen.into_iter().chain(others).reduce(|best, fit| if fit.is_better(&best) { fit } else { best });
    best.map(|fit| lesson(pixels, screen, known, fit.grid))
}

/// How well a text fits a grid.
struct Fit {
    grid: Grid,
    /// Rows that have characters where the text has them.
    rows: usize,
    /// Characters in these rows, not counting spaces.
    characters: usize,
    /// Different characters in these rows, and how many of them have several bitmaps.
    different: usize,
    ambiguous: usize,
}

impl Fit {
    fn new(pixels: Pixels<'_>, grid: Grid, known: &KnownText<'_>) -> Self {
        let mut fit = Self { grid, rows: 0, characters: 0, different: 0, ambiguous: 0 };
        let mut bitmaps: BTreeMap<char, BTreeSet<u64>> = BTreeMap::new();
        for (row, text) in known.rows() {
            let columns = known.columns(&grid, row);
            if first_difference(pixels, &grid, row, columns.clone(), &text).is_some() {
                continue;
            }
            fit.rows += 1;
            for (column, character) in columns.zip(text).filter(|(_, character)| has_ink(*character)) {
                fit.characters += 1;
                let key = Ink::of(pixels, &grid, Position { column, row }).and_then(|ink| ink.key);
                bitmaps.entry(character).or_default().extend(key);
            }
        }
        fit.different = bitmaps.len();
        fit.ambiguous = bitmaps.values().filter(|of_character| of_character.len() > 1).count();
        fit
    }

    /// Whether the text could hardly fit by chance.
    fn is_certain(&self) -> bool {
        self.characters >= MIN_CHARACTERS && MAX_AMBIGUOUS * self.ambiguous <= self.different
    }

    fn is_better(&self, other: &Self) -> bool {
        self.rows > other.rows || self.rows == other.rows && self.ambiguous < other.ambiguous
    }
}

impl KnownText<'_> {
    /// The rows of the screen that the text describes, each with its characters.
    fn rows(&self) -> impl Iterator<Item = (usize, Vec<char>)> {
        let lines = (self.start.row..).zip(&self.lines).filter(|(_, line)| !line.is_empty());
        lines.map(|(row, line)| (row, line.trim_end_matches(' ').chars().collect()))
    }

    /// The columns of a row that it describes; none outside the grid.
    fn columns(&self, grid: &Grid, row: usize) -> std::ops::Range<usize> {
        let start = self.start.column.min(grid.columns);
        let end = self.columns.map_or(grid.columns, |columns| start.saturating_add(columns).min(grid.columns));
        if row < grid.rows { start..end } else { start..start }
    }
}

/// Whether a character has two colours in its cell. A full block has one, as a space has.
fn has_ink(character: char) -> bool {
    !matches!(character, ' ' | '\u{a0}' | '\u{2588}')
}

/// The first column in which only one of a row and a text has a character. A cell behind the text may have a cursor.
fn first_difference(
    pixels: Pixels<'_>,
    grid: &Grid,
    row: usize,
    columns: std::ops::Range<usize>,
    text: &[char],
) -> Option<usize> {
    let differs = |index: &usize| {
        let position = Position { column: columns.start + index, row };
        let is_inked = columns.contains(&position.column) && is_inked(pixels, grid, position);
        is_inked != text.get(*index).is_some_and(|character| has_ink(*character))
    };
    let mut differing = (0..columns.len().max(text.len())).filter(differs);
    let first = differing.next()?;
    let is_cursor = first <= text.len() + 1 && first >= text.len() && differing.next().is_none();
    (!is_cursor).then_some(columns.start + first)
}

/// Whether a cell has more than one colour.
fn is_inked(pixels: Pixels<'_>, grid: &Grid, position: Position) -> bool {
    let mut cell = cell_pixels(pixels, grid, position);
    let first = cell.next();
    cell.any(|pixel| Some(pixel) != first)
}

fn cell_pixels<'a>(pixels: Pixels<'a>, grid: &Grid, position: Position) -> impl Iterator<Item = u32> + use<'a> {
    let (x, y, width) = (grid.x(position.column), grid.y(position.row), grid.cell_width);
    (y..y + grid.cell_height).flat_map(move |y| pixels.row(x, y, width).iter().copied())
}

/// What a cell with two colours or more shows.
#[derive(Clone, Copy)]
struct Ink {
    /// The key of its bitmap; `None` if it has more than two colours.
    key: Option<u64>,
    /// A colour that the top-left pixel does not have.
    second: u32,
}

impl Ink {
    /// `None` for a cell of one colour.
    fn of(pixels: Pixels<'_>, grid: &Grid, position: Position) -> Option<Self> {
        let first = cell_pixels(pixels, grid, position).next()?;
        let second = cell_pixels(pixels, grid, position).find(|pixel| *pixel != first)?;
        let has_two = cell_pixels(pixels, grid, position).all(|pixel| pixel == first || pixel == second);
        let (corner, size) = ((grid.x(position.column), grid.y(position.row)), (grid.cell_width, grid.cell_height));
        let rows = cell_scan::bitmap(pixels, corner, size).filter(|_| has_two);
        let key = rows.and_then(|rows| Some(key(&rows, u8::try_from(size.0).ok()?)));
        Some(Self { key, second })
    }
}

/// Learns the text on a grid.
fn lesson(pixels: Pixels<'_>, screen: &Screen, known: &KnownText<'_>, grid: Grid) -> Lesson {
    let (mut faults, mut found) = (Vec::new(), BTreeMap::<Bitmap, Option<char>>::new());
    let size = u8::try_from(grid.cell_width).ok().zip(u8::try_from(grid.cell_height).ok());
    for (row, text) in known.rows() {
        let columns = known.columns(&grid, row);
        if let Some(column) = first_difference(pixels, &grid, row, columns.clone(), &text) {
            faults.push(LessonFault::OtherText { at: Position { column, row } });
            continue;
        }
        // What was read on another grid says nothing.
        let read: &[Cell] = screen.rows().nth(row).filter(|_| screen.grid == Some(grid)).unwrap_or_default();
        for (column, given) in columns.clone().zip(text).filter(|(_, character)| has_ink(*character)) {
            let at = Position { column, row };
            let shown = read.get(column).map_or(UNKNOWN_CHARACTER, |cell| cell.character);
            if shown != UNKNOWN_CHARACTER {
                if shown != given {
                    faults.push(LessonFault::Known { at, shown, given });
                }
                continue;
            }
            let ink = Ink::of(pixels, &grid, at).and_then(|ink| Some((ink.key?, ink.second)));
            let (Some((key, second)), Some((width, height)), true) = (ink, size, can_be_learned(given)) else {
                continue;
            };
            let is_flipped = colour_beside(pixels, &grid, at, columns.clone()) == Some(second);
            let bitmap = Bitmap { width, height, key, is_flipped };
            match found.get(&bitmap) {
                None => drop(found.insert(bitmap, Some(given))),
                Some(Some(before)) if *before != given => {
                    faults.push(LessonFault::Contradiction { at, given, before: *before });
                    found.insert(bitmap, None);
                }
                Some(_) => {}
            }
        }
    }
    let glyphs = found.into_iter().filter_map(|(bitmap, character)| Some((bitmap, character?))).collect();
    Lesson { grid, glyphs, faults }
}

/// The colour of the nearest cell of one colour in the row: that around the character.
fn colour_beside(pixels: Pixels<'_>, grid: &Grid, at: Position, columns: std::ops::Range<usize>) -> Option<u32> {
    let blank = |column: Option<usize>| {
        let position = Position { column: column.filter(|column| columns.contains(column))?, ..at };
        let colour = cell_pixels(pixels, grid, position).next()?;
        (!is_inked(pixels, grid, position)).then_some(colour)
    };
    let beside = |distance| blank(at.column.checked_sub(distance)).or_else(|| blank(Some(at.column + distance)));
    (1..=columns.len()).find_map(beside)
}

#[cfg(test)]
#[path = "learn_tests.rs"]
mod tests;
