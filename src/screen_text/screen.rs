//! What was read from a screen.

use super::grid::Grid;

/// What a screen shows, and its text where it can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// What the screen shows.
    pub kind: ScreenKind,
    /// The cells; `None` where there are none: [`ScreenKind::NotText`], and [`ScreenKind::Blank`] without a cursor.
    pub grid: Option<Grid>,
    /// The name of the font that most characters were read with.
    pub font: Option<String>,
    /// All cells, row by row.
    pub cells: Vec<Cell>,
    /// The number of cells with a bitmap that no font has; their character is U+FFFD.
    pub unknown: usize,
    /// The cell with the text cursor, if one was found.
    pub cursor: Option<Position>,
    /// Whether each character was found by its exact bitmap. Otherwise the nearest was taken.
    pub exact: bool,
}

/// What a screen shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenKind {
    /// Text that was read.
    Text,
    /// Text in a font that is not known.
    UnknownFont,
    /// No text, such as a desktop.
    NotText,
    /// One colour, and perhaps a cursor.
    Blank,
}

/// A character cell. Colours are `0x00RRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character; U+FFFD for a bitmap that no font has.
    pub character: char,
    /// The colour of the character.
    pub foreground: u32,
    /// The colour around it.
    pub background: u32,
}

/// A cell's place on the screen, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The cell's column.
    pub column: usize,
    /// The cell's row.
    pub row: usize,
}

impl Screen {
    /// A screen without cells.
    pub(super) fn without_cells(kind: ScreenKind) -> Self {
        Self { kind, grid: None, font: None, cells: Vec::new(), unknown: 0, cursor: None, exact: true }
    }

    /// The cells of each row.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &[Cell]> + ExactSizeIterator {
        // Without cells there is no row, whatever the width is.
        self.cells.chunks(self.grid.map_or(1, |grid| grid.columns))
    }

    /// The text of each row, without the spaces at its end.
    pub fn lines(&self) -> Vec<String> {
        self.rows().map(line).collect()
    }
}

/// The text of a row without the spaces at its end.
pub fn line(cells: &[Cell]) -> String {
    let text: String = cells.iter().map(|cell| cell.character).collect();
    text.trim_end_matches(' ').to_owned()
}
