//! The rows of a screen as text, and the lines that they continue.

use super::typed_words::{Masking, TypedWords};
use crate::command_error::CommandError;
use crate::console::screen_rows::{RowSelection, plain};
use crate::picture::Rectangle;
use crate::screen_text::{Cell, Position, Screen, ScreenKind};

/// The text of a screen, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextRows {
    /// Without spaces at their end. Characters that a terminal may act on are U+FFFD.
    rows: Vec<String>,
    /// Whether each row has a character in the last column of the screen.
    is_full: Vec<bool>,
    /// The number of columns.
    columns: usize,
    /// Where the part is on the screen.
    origin: Position,
}

/// One row, or several that continue each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The first row, from the top of the part.
    pub(crate) row: usize,
    /// How many rows it has.
    pub(crate) height: usize,
    pub(crate) text: String,
}

impl TextRows {
    /// The rows of a screen that is text; none of any other. `area` is in cells; one that is not inside the screen is an error.
    pub(crate) fn new(screen: &Screen, area: Option<Rectangle>) -> Result<Self, CommandError> {
        let cells = match screen.kind {
            ScreenKind::Text => RowSelection { area, last: None }.rows(screen)?,
            ScreenKind::Blank | ScreenKind::UnknownFont | ScreenKind::NotText => Vec::new(),
        };
        // A console continues a line only behind the last column of the screen.
        let columns_of_screen = screen.grid.map_or(0, |grid| grid.columns);
        let ends_at_edge = area.is_none_or(|area| area.right() as usize == columns_of_screen);
        let is_full = |row: &[Cell]| ends_at_edge && row.last().is_some_and(|cell| cell.character != ' ');
        let is_full = cells.iter().map(|row| is_full(row)).collect();
        let columns = cells.first().map_or(0, Vec::len);
        let origin = area.map_or((0, 0), |area| (area.x.into(), area.y.into()));
        let origin = Position { column: origin.0, row: origin.1 };
        Ok(Self { rows: cells.iter().map(|row| plain(row)).collect(), is_full, columns, origin })
    }

    /// The rows of the whole screen.
    pub(crate) fn of_screen(screen: &Screen) -> Self {
        let none = Self { rows: Vec::new(), is_full: Vec::new(), columns: 0, origin: Position { column: 0, row: 0 } };
        Self::new(screen, None).unwrap_or(none)
    }

    pub(crate) fn rows(&self) -> &[String] {
        &self.rows
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// All rows, joined where the row before is full: a console continues a long line in the next row, without a mark.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut continues = false;
        for (row, (text, is_full)) in self.rows.iter().zip(&self.is_full).enumerate() {
            match lines.last_mut().filter(|_| continues && !text.is_empty()) {
                Some(line) => {
                    line.text.push_str(text);
                    line.height += 1;
                }
                None => lines.push(Line { row, height: 1, text: text.clone() }),
            }
            continues = *is_full;
        }
        lines
    }

    /// Where a character of a line is on the screen.
    pub(crate) fn position(&self, line: &Line, index: usize) -> Position {
        let columns = self.columns.max(1);
        Position { column: self.origin.column + index % columns, row: self.origin.row + line.row + index / columns }
    }

    /// The same rows with stars in place of secrets, which may go on from row to row.
    pub(crate) fn masked(mut self, typed: &TypedWords, masking: Masking) -> Self {
        for Line { row, height, text } in self.lines() {
            let text: Vec<char> = typed.mask(&text, masking).chars().collect();
            let parts = text.chunks(self.columns.max(1)).map(|part| part.iter().collect());
            self.rows[row..row + height].iter_mut().zip(parts).for_each(|(row, part)| *row = part);
        }
        self
    }

    /// The last rows that hold text, at most `count`.
    pub(crate) fn last(&self, count: usize) -> Vec<&str> {
        let mut rows: Vec<&str> = self.rows.iter().map(String::as_str).filter(|row| !row.is_empty()).collect();
        rows.drain(..rows.len().saturating_sub(count));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::reading::test_screens::{blank, picture, screen};
    use crate::secret::Secret;

    #[test]
    fn rows_that_are_full_continue_in_the_next_one() {
        let rows = TextRows::of_screen(&screen(6, &["ab cd", "", "onetwo", "threef", "our", "sixsix", ""]));
        let lines: Vec<(usize, usize, String)> =
            rows.lines().into_iter().map(|line| (line.row, line.height, line.text)).collect();
        let expected = [(0, 1, "ab cd"), (1, 1, ""), (2, 3, "onetwothreefour"), (5, 1, "sixsix"), (6, 1, "")];
        assert_eq!(lines, expected.map(|(row, height, text)| (row, height, text.to_owned())));
        assert_eq!(rows.position(&rows.lines()[2], 13), Position { column: 1, row: 4 });
        assert_eq!(rows.last(2), ["our", "sixsix"]);
        assert_eq!(rows.last(9).len(), 5);
    }

    #[test]
    fn a_part_has_rows_of_its_own() {
        let screen = screen(6, &["abcdef", "ghijkl", "mno"]);
        let rows = TextRows::new(&screen, Some("1,1,2,2".parse().unwrap())).unwrap();
        assert_eq!(rows.rows(), ["hi", "no"]);
        // Nothing tells whether the last column of a part is the end of a line.
        assert_eq!(rows.lines().iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["hi", "no"]);
        let rows = TextRows::new(&screen, Some("4,0,2,3".parse().unwrap())).unwrap();
        assert_eq!(rows.lines()[0].text, "efkl");
        assert_eq!(rows.position(&rows.lines()[0], 3), Position { column: 5, row: 1 });
        assert!(TextRows::new(&screen, Some("0,0,7,1".parse().unwrap())).is_err());
    }

    #[test]
    fn a_secret_is_masked_across_the_ends_of_rows() {
        let mut typed = TypedWords::default();
        typed.add(&Secret::new("hunter-22"), true);
        let rows = TextRows::of_screen(&screen(8, &["a hunter", "-22 b", "", "hunter", "-22"]));
        assert_eq!(rows.clone().masked(&typed, Masking::Whole).rows(), ["a ******", "*** b", "", "hunter", "-22"]);
        assert_eq!(rows.masked(&typed, Masking::Parts).rows(), ["a ******", "*** b", "", "******", "-22"]);
    }

    #[test]
    fn only_text_has_rows() {
        for screen in [blank(), picture()] {
            assert_eq!(TextRows::of_screen(&screen).lines(), []);
        }
        let unknown = Screen { kind: ScreenKind::UnknownFont, ..screen(6, &["abc"]) };
        assert_eq!(TextRows::of_screen(&unknown).lines(), []);
    }
}
