//! Which part of a guest's screen a terminal shows. Pure.

use super::glyph::{Frame, Glyph, Row, SECOND_COLUMN, Style, styled};
use super::painter::Canvas;
use crate::language::translate;

/// The first column and row that are shown. Where the terminal is smaller than the screen, they follow the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct View {
    left: usize,
    top: usize,
}

/// A line of this program's own over the last row of the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StatusLine {
    pub(crate) text: String,
    /// Whether the cursor stands behind the text, which waits for an answer.
    pub(crate) has_cursor: bool,
}

impl StatusLine {
    /// Makes a line in the language of the process.
    pub(crate) fn new(text: &str, has_cursor: bool) -> Self {
        Self { text: translate(text).into_owned(), has_cursor }
    }

    /// A question in the language of the process, and what was typed behind it so far.
    pub(crate) fn question(question: &str, typed: &str) -> Self {
        Self { text: format!("{} {typed}", translate(question)), has_cursor: true }
    }
}

impl View {
    /// Moves the view as little as possible, so that the cursor is in it. Without a cursor it stays where it is.
    pub(super) fn follow(&mut self, frame: &Frame, (columns, rows): (usize, usize)) {
        let (column, row) = frame.cursor.unwrap_or((self.left, self.top));
        self.left = shifted(self.left, column, columns, frame.columns());
        self.top = shifted(self.top, row, rows, frame.rows.len());
    }

    /// What a terminal of this size shows of a frame, with the status line over it.
    pub(super) fn canvas(&self, frame: &Frame, (columns, rows): (usize, usize), status: Option<&StatusLine>) -> Canvas {
        let part = |row: &Row| row.iter().skip(self.left).take(columns).copied().collect();
        let mut shown: Vec<Row> = frame.rows.iter().skip(self.top).take(rows).map(part).collect();
        let inside = |(column, row): (usize, usize)| Some((column.checked_sub(self.left)?, row.checked_sub(self.top)?));
        let mut cursor = frame.cursor.and_then(inside);
        if let Some(status) = status {
            shown.resize(rows, Row::new());
            let line = status_row(status, columns);
            if status.has_cursor {
                cursor = Some((line.1, rows - 1));
            } else {
                cursor = cursor.filter(|(_, row)| row + 1 < rows);
            }
            shown[rows - 1] = line.0;
        }
        Canvas { rows: shown, cursor }
    }
}

/// The start of a window of `size` out of `total` that has `position` in it and is as near to `start` as possible.
fn shifted(start: usize, position: usize, size: usize, total: usize) -> usize {
    let start = start.min(position).max((position + 1).saturating_sub(size));
    start.min(total.saturating_sub(size))
}

/// A row with the end of the text if it is too long, and the column behind it.
fn status_row(status: &StatusLine, columns: usize) -> (Row, usize) {
    let text = styled(&format!(" {}", status.text), Style::STATUS);
    // What is typed is at the end. Of a message, the beginning matters most.
    let skipped = if status.has_cursor { (text.len() + 1).saturating_sub(columns) } else { 0 };
    let mut row: Row = text[skipped..].iter().take(columns).copied().collect();
    // Half of a wide character cannot be drawn.
    let is_cut = text.get(skipped + columns).is_some_and(|glyph| glyph.character == SECOND_COLUMN);
    let first = row.first_mut().filter(|first| first.character == SECOND_COLUMN);
    first.into_iter().for_each(|first| first.character = ' ');
    row.last_mut().filter(|_| is_cut).into_iter().for_each(|last| last.character = ' ');
    let end = row.len().min(columns.saturating_sub(1));
    row.resize(columns, Glyph { character: ' ', style: Style::STATUS });
    (row, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::live::glyph::tests::frame;
    use crate::console::live::glyph::text_of;

    fn texts(canvas: &Canvas) -> Vec<String> {
        canvas.rows.iter().map(|row| text_of(row)).collect()
    }

    #[test]
    fn a_small_terminal_shows_what_is_around_the_cursor() {
        let rows = ["0abcdef", "1abcdef", "2abcdef", "3abcdef", "4abcdef"];
        let mut view = View::default();
        let mut shown = |cursor| {
            let frame = frame(7, &rows, cursor);
            view.follow(&frame, (3, 2));
            let canvas = view.canvas(&frame, (3, 2), None);
            (texts(&canvas), canvas.cursor)
        };
        let rows = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        assert_eq!(shown(Some((0, 0))), (rows(["0ab", "1ab"]), Some((0, 0))));
        assert_eq!(shown(Some((0, 4))), (rows(["3ab", "4ab"]), Some((0, 1))));
        assert_eq!(shown(None), (rows(["3ab", "4ab"]), None), "it stays without a cursor");
        assert_eq!(shown(Some((6, 3))), (rows(["def", "def"]), Some((2, 0))));
        assert_eq!(shown(Some((3, 1))), (rows(["cde", "cde"]), Some((0, 0))));
    }

    #[test]
    fn a_large_terminal_shows_all_and_the_status_below() {
        let frame = frame(4, &["ab", "cd"], Some((2, 1)));
        let mut view = View { left: 9, top: 9 };
        view.follow(&frame, (9, 4));
        let status = StatusLine { text: "hi".to_owned(), has_cursor: false };
        let canvas = view.canvas(&frame, (9, 4), Some(&status));
        assert_eq!((texts(&canvas), canvas.cursor), (["ab", "cd", "", " hi"].map(str::to_owned).into(), Some((2, 1))));
    }

    #[test]
    fn a_wide_character_of_the_status_takes_two_columns_or_none() {
        let frame = frame(8, &[""], None);
        let shown = |text: &str, has_cursor, columns| {
            let status = StatusLine { text: text.to_owned(), has_cursor };
            let canvas = View::default().canvas(&frame, (columns, 1), Some(&status));
            let characters: String = canvas.rows[0].iter().map(|glyph| glyph.character).collect();
            (characters, canvas.cursor)
        };
        assert_eq!(shown("文件: a", true, 9), (" 文\0件\0: a ".to_owned(), Some((8, 0))));
        assert_eq!(shown("文件", false, 4), (" 文\0 ".to_owned(), None));
        assert_eq!(shown("文件: a", true, 7), (" 件\0: a ".to_owned(), Some((6, 0))));
    }

    #[test]
    fn the_status_covers_the_last_row_and_shows_the_end_of_what_is_typed() {
        let frame = frame(6, &["ab", "cd"], Some((2, 1)));
        let text = "file: name.txt".to_owned();
        let canvas = View::default().canvas(&frame, (6, 2), Some(&StatusLine { text: text.clone(), has_cursor: true }));
        assert_eq!((texts(&canvas), canvas.cursor), (["ab", "e.txt"].map(str::to_owned).into(), Some((5, 1))));
        let canvas = View::default().canvas(&frame, (6, 2), Some(&StatusLine { text, has_cursor: false }));
        assert_eq!((texts(&canvas), canvas.cursor), (["ab", " file:"].map(str::to_owned).into(), None));
    }
}
