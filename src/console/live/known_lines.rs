//! The lines of a console that are known and may still be on its screen. Pure.

use super::frame_comparison::{has_same_text, have_same_text, text_rows};
use super::glyph::{Frame, Row, is_blank};

/// A frame, and which of its rows are known lines.
pub(super) struct Seen {
    pub(super) frame: Frame,
    /// The number of the line in each row, from [`Lines::first`] on.
    pub(super) places: Vec<Option<usize>>,
}

/// The lines that are known and may still be on the screen.
#[derive(Default)]
pub(super) struct Lines {
    /// The number of the first one.
    pub(super) first: usize,
    pub(super) rows: Vec<Row>,
}

impl Lines {
    pub(super) fn end(&self) -> usize {
        self.first + self.rows.len()
    }

    pub(super) fn get(&self, number: usize) -> Option<&Row> {
        self.rows.get(number.checked_sub(self.first)?)
    }

    /// Whether these rows can begin at this number: none of them differs.
    pub(super) fn fits(&self, number: usize, rows: &[Row]) -> bool {
        let known = |index: usize| self.get(number + index);
        (0..rows.len()).all(|index| known(index).is_none_or(|known| has_same_text(known, &rows[index])))
    }

    /// The number at which these rows begin if their first ones are the last ones here; `min` of those are not blank.
    pub(super) fn overlap(&self, rows: &[Row], min: usize) -> Option<usize> {
        let fits = |start: &usize| {
            let last = &self.rows[*start..];
            last.len() <= rows.len() && have_same_text(last, rows) && text_rows(last) >= min
        };
        (0..self.rows.len()).find(fits).map(|start| self.first + start)
    }

    pub(super) fn has_any_of(&self, rows: &[Row]) -> bool {
        let is_known = |row: &Row| self.rows.iter().any(|known| has_same_text(known, row));
        rows.iter().any(|row| !is_blank(row) && is_known(row))
    }

    /// Takes the lines before this number off.
    pub(super) fn take_before(&mut self, number: usize) -> Vec<Row> {
        let count = number.saturating_sub(self.first).min(self.rows.len());
        self.first += count;
        self.rows.drain(..count).collect()
    }
}
