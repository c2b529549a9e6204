//! Draws on a terminal what differs from what it shows. Pure: the result is what to write.
//!
//! Source of the sequences: ECMA-48 (CUP, CHA, EL, ED, SGR) and XTerm Control Sequences (DECTCEM, DECAWM).

use std::fmt::Write as _;

use super::glyph::{Glyph, Row, SECOND_COLUMN, Style};

/// The largest terminal that is drawn on, in characters a side: a frame takes memory for each cell.
const MAX_SIDE: u16 = 1000;

/// So many cells that are the same are written again rather than jumped over: a jump takes about as many bytes.
const SHORT_GAP: usize = 6;

/// What a terminal is to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Canvas {
    /// The rows from the top. Missing ones, and missing cells at the end of one, are blank.
    pub(super) rows: Vec<Row>,
    /// The column and the row of the cursor; `None` hides it.
    pub(super) cursor: Option<(usize, usize)>,
}

/// A terminal, and what it shows.
pub(super) struct Painter {
    columns: usize,
    rows: usize,
    has_colours: bool,
    shown: Vec<Row>,
    /// Where the cursor is shown, `Some(None)` if it is hidden; `None` if that is not known.
    cursor: Option<Option<(usize, usize)>>,
}

impl Painter {
    /// A terminal with any content, which [`Painter::begin`] or [`Painter::clear`] replaces.
    pub(super) fn new(size: (u16, u16), has_colours: bool) -> Self {
        let mut painter = Self { columns: 0, rows: 0, has_colours, shown: Vec::new(), cursor: None };
        painter.resize(size);
        painter
    }

    /// The number of columns and rows.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.columns, self.rows)
    }

    /// Takes over a new size. What the terminal shows is unknown then: [`Painter::clear`] must follow.
    pub(super) fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.columns = columns.clamp(1, MAX_SIDE).into();
        self.rows = rows.clamp(1, MAX_SIDE).into();
        self.shown = vec![vec![Glyph::BLANK; self.columns]; self.rows];
        self.cursor = None;
    }

    /// Moves what the terminal shows into its scrollback, so that it is not lost.
    pub(super) fn begin(&mut self) -> String {
        let scroll = format!("\x1b[0m\x1b[{};1H{}", self.rows, "\n".repeat(self.rows));
        scroll + &self.clear()
    }

    /// Erases the terminal. With ED 2 some terminals move what they show into the scrollback; with ED 0 none does.
    pub(super) fn clear(&mut self) -> String {
        self.shown.iter_mut().for_each(|row| row.fill(Glyph::BLANK));
        self.cursor = Some(None);
        "\x1b[?25l\x1b[?7l\x1b[0m\x1b[H\x1b[J".to_owned()
    }

    /// Puts the cursor below the last row with text, or below all rows if a picture is over them, for what comes after this
    /// program.
    pub(super) fn end(&mut self, has_picture: bool) -> String {
        let last = self.shown.iter().rposition(|row| row.iter().any(|glyph| *glyph != Glyph::BLANK));
        let row = if has_picture { self.rows } else { last.map_or(0, |row| row + 1) };
        format!("\x1b[0m\x1b[{row};1H{}\x1b[?25h\x1b[?7h", if row > 0 { "\n" } else { "" })
    }

    /// Draws the canvas.
    pub(super) fn draw(&mut self, canvas: &Canvas) -> String {
        let mut drawn = String::new();
        self.draw_rows(&canvas.rows, self.rows, &mut drawn);
        let cursor = canvas.cursor.filter(|(column, row)| *column < self.columns && *row < self.rows);
        let was_visible = !matches!(self.cursor, Some(None));
        if drawn.is_empty() && self.cursor == Some(cursor) {
            return drawn;
        }
        if was_visible && (cursor.is_none() || !drawn.is_empty()) {
            drawn.insert_str(0, "\x1b[?25l");
        }
        if let Some((column, row)) = cursor {
            let is_hidden = !was_visible || drawn.starts_with("\x1b[?25l");
            let _ = write!(drawn, "\x1b[{};{}H{}", row + 1, column + 1, if is_hidden { "\x1b[?25h" } else { "" });
        }
        self.cursor = Some(cursor);
        drawn
    }

    /// Moves lines into the terminal's scrollback: they are put at its top, and the terminal is scrolled. What was there has
    /// to be drawn anew.
    pub(super) fn scroll_off(&mut self, lines: &[Row]) -> String {
        let mut drawn = String::new();
        let folded: Vec<&[Glyph]> = lines.iter().flat_map(|line| fold(line, self.columns)).collect();
        for part in folded.chunks(self.rows) {
            let part: Vec<Row> = part.iter().map(|row| row.to_vec()).collect();
            self.draw_rows(&part, part.len(), &mut drawn);
            let _ = write!(drawn, "\x1b[{};1H{}", self.rows, "\n".repeat(part.len()));
            self.cursor = None;
            self.shown.drain(..part.len());
            self.shown.resize(self.rows, vec![Glyph::BLANK; self.columns]);
        }
        drawn
    }

    /// Draws what differs in the first `count` rows.
    fn draw_rows(&mut self, rows: &[Row], count: usize, drawn: &mut String) {
        let mut style = None;
        for index in 0..count.min(self.rows) {
            let wanted = rows.get(index).map(Vec::as_slice).unwrap_or_default();
            let shown = &mut self.shown[index];
            draw_row(index, wanted, shown, self.has_colours, &mut style, drawn);
        }
        if style.is_some_and(|style| style != Style::DEFAULT) {
            drawn.push_str("\x1b[0m");
        }
    }
}

/// Draws what differs in a row. `style` is what the terminal writes in, if that is known.
fn draw_row(
    index: usize,
    wanted: &[Glyph],
    shown: &mut [Glyph],
    has_colours: bool,
    style: &mut Option<Style>,
    drawn: &mut String,
) {
    let wanted_at = |column: usize| wanted.get(column).copied().unwrap_or(Glyph::BLANK);
    let differs = |shown: &[Glyph], column: usize| shown[column] != wanted_at(column);
    // From here on, the row is to be blank.
    let text_end = wanted.iter().take(shown.len()).rposition(|glyph| *glyph != Glyph::BLANK).map_or(0, |last| last + 1);
    let mut column = 0;
    while let Some(start) = (column..text_end).find(|column| differs(shown, *column)) {
        let mut end = start + 1;
        while let Some(next) = (end..text_end.min(end + SHORT_GAP)).find(|column| differs(shown, *column)) {
            end = next + 1;
        }
        let _ = write!(drawn, "\x1b[{};{}H", index + 1, start + 1);
        for (column, cell) in shown.iter_mut().enumerate().take(end).skip(start) {
            let glyph = wanted_at(column);
            if *style != Some(glyph.style) {
                drawn.push_str(&glyph.style.sequence(has_colours));
                *style = Some(glyph.style);
            }
            if glyph.character != SECOND_COLUMN {
                drawn.push(glyph.character);
            }
            // Terminals differ in how wide such characters are, as some depend on the locale.
            if !glyph.character.is_ascii() {
                let has_second = column + 1 < end && wanted_at(column + 1).character == SECOND_COLUMN;
                let next = column + if has_second { 2 } else { 1 };
                if next < end {
                    let _ = write!(drawn, "\x1b[{}G", next + 1);
                }
            }
            *cell = glyph;
        }
        column = end;
    }
    if (text_end..shown.len()).any(|column| differs(shown, column)) {
        if *style != Some(Style::DEFAULT) {
            drawn.push_str("\x1b[0m");
            *style = Some(Style::DEFAULT);
        }
        let _ = write!(drawn, "\x1b[{};{}H\x1b[K", index + 1, text_end + 1);
        shown[text_end..].fill(Glyph::BLANK);
    }
}

/// A line in parts that fit the terminal, at least one.
fn fold(line: &[Glyph], columns: usize) -> Vec<&[Glyph]> {
    let end = line.iter().rposition(|glyph| *glyph != Glyph::BLANK).map_or(0, |last| last + 1);
    if end == 0 { vec![&[]] } else { line[..end].chunks(columns).collect() }
}

#[cfg(test)]
#[path = "painter_tests.rs"]
mod tests;
