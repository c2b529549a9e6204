//! Tables for terminals. The width of a text is counted in terminal columns, of which a Chinese character takes two. Pure.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::text::sanitize::sanitize;

/// The widest column, in terminal columns. A longer cell is not cut, so the rest of its row is out of line.
const MAX_COLUMN_WIDTH: usize = 40;

const COLUMN_GAP: &str = "  ";

/// The narrowest that a column is cut to, in terminal columns.
const MIN_CUT_WIDTH: usize = 8;

/// The widths of a table's columns. They only grow, so that rows can be written before all rows are known.
#[derive(Clone, Debug)]
pub(crate) struct TableLayout {
    widths: Vec<usize>,
    /// The width of the whole table, if rows must not be wider.
    total: Option<usize>,
    /// The column whose cells are cut first.
    cut: Option<usize>,
}

/// The escape sequences that colour a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CellStyle {
    pub(crate) before: String,
    pub(crate) after: String,
}

impl TableLayout {
    /// Columns as wide as their titles.
    pub(crate) fn new(titles: &[&str]) -> Self {
        Self { widths: titles.iter().map(|title| title.width()).collect(), total: None, cut: None }
    }

    /// Cuts rows to `width`: first the cells of `column`, down to a width at which they can still be told apart, then the end of
    /// the row. What is cut ends with `…`.
    pub(crate) fn cut_to_width(&mut self, column: Option<usize>, width: usize) {
        (self.cut, self.total) = (column, Some(width));
    }

    /// Whether rows fit the width that they are cut to without losing their end.
    pub(crate) fn has_room(&self) -> bool {
        let width = |(index, width): (usize, &usize)| self.max_width(index).map_or(*width, |max| max.min(*width));
        let taken: usize = self.widths.iter().enumerate().map(width).sum();
        let gaps = COLUMN_GAP.len() * self.widths.len().saturating_sub(1);
        self.total.is_none_or(|total| taken + gaps <= total)
    }

    /// Leaves a column out: rows have one cell less from now on.
    pub(crate) fn remove_column(&mut self, column: usize) {
        self.widths.remove(column);
        self.cut = self.cut.filter(|cut| *cut != column).map(|cut| if cut > column { cut - 1 } else { cut });
    }

    /// The widest that a cell of this column may be; `None` if it is not cut.
    fn max_width(&self, column: usize) -> Option<usize> {
        let total = self.total.filter(|_| self.cut == Some(column))?;
        let others = self.widths.iter().enumerate().filter(|(index, _)| *index != column);
        let taken: usize = others.map(|(_, width)| width + COLUMN_GAP.len()).sum();
        Some(total.saturating_sub(taken).max(MIN_CUT_WIDTH))
    }

    /// Widens the columns for these rows.
    pub(crate) fn fit_rows<'a>(&mut self, rows: impl IntoIterator<Item = &'a [String]>) {
        for row in rows {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(sanitize(cell, usize::MAX).width().min(MAX_COLUMN_WIDTH));
            }
        }
    }

    /// Formats a row without colours. Cells are sanitized.
    pub(crate) fn format_row<S: AsRef<str>>(&self, cells: &[S]) -> String {
        self.format_styled_row(cells, |_, _| CellStyle::default())
    }

    /// Formats a row. Cells are sanitized, and `style` gives the style of a cell by its index and text.
    pub(crate) fn format_styled_row<S: AsRef<str>>(
        &self,
        cells: &[S],
        style: impl Fn(usize, &str) -> CellStyle,
    ) -> String {
        let (mut line, mut used) = (String::new(), 0);
        for (index, (cell, width)) in cells.iter().zip(&self.widths).enumerate() {
            let (mut cell, mut width) = (sanitize(cell.as_ref(), usize::MAX), *width);
            if let Some(max) = self.max_width(index) {
                (cell, width) = (cut(cell, max), width.min(max));
            }
            let is_last = index + 1 == cells.len();
            let padding = if is_last { 0 } else { width.saturating_sub(cell.width()) };
            let taken = cell.width() + padding;
            let CellStyle { before, after } = style(index, &cell);
            let room = self.total.map_or(usize::MAX, |total| total.saturating_sub(used));
            // A cell after this one has room for a character at least, or else the row ends here.
            let needed = if is_last { taken } else { taken + COLUMN_GAP.len() + 1 };
            if needed > room {
                let end = if is_last || cell.ends_with('…') { "" } else { "…" };
                let rest = cut(format!("{cell}{}{end}", " ".repeat(padding)), room);
                line.push_str(&format!("{before}{rest}{after}"));
                break;
            }
            line.push_str(&format!("{before}{cell}{after}{}", " ".repeat(padding)));
            if !is_last {
                line.push_str(COLUMN_GAP);
            }
            used += taken + COLUMN_GAP.len();
        }
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

/// Returns the text, of which no more than `max` terminal columns are kept, with `…` at the end of one that was cut.
fn cut(text: String, max: usize) -> String {
    if text.width() <= max {
        return text;
    }
    let (mut kept, mut columns) = (String::new(), 1);
    for c in text.chars() {
        columns += c.width().unwrap_or(0);
        if columns > max {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// Formats a whole table: a line of titles, and a line for each row.
pub(crate) fn format_table(titles: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let mut layout = TableLayout::new(titles);
    layout.fit_rows(rows.iter().map(Vec::as_slice));
    let titles = layout.format_row(titles);
    [titles].into_iter().chain(rows.iter().map(|row| layout.format_row(row))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn chinese_names_are_aligned() {
        let rows = [row(["i-1", "数据库", "Running"]), row(["i-22", "web", "Stopped"])];
        assert_eq!(
            format_table(&["ID", "NAME", "STATUS"], &rows),
            ["ID    NAME    STATUS", "i-1   数据库  Running", "i-22  web     Stopped"]
        );
    }

    #[test]
    fn a_long_cell_is_not_cut() {
        let long = "x".repeat(60);
        let lines = format_table(&["A", "B"], &[vec![long.clone(), "b".into()], vec!["a".into(), "b".into()]]);
        assert_eq!(lines[1], format!("{long}  b"));
        assert_eq!(lines[2], format!("a{}b", " ".repeat(41)));
    }

    #[test]
    fn one_column_is_cut_to_the_width_of_the_terminal() {
        let rows = [row(["i-1", "a-name-of-some-length", "Running"]), row(["i-22", "数据库数据库", "Stopped"])];
        let mut layout = TableLayout::new(&["ID", "NAME", "STATUS"]);
        layout.fit_rows(rows.iter().map(Vec::as_slice));
        layout.cut_to_width(Some(1), 24);
        let lines = rows.iter().map(|row| layout.format_row(row)).collect::<Vec<_>>();
        // 4 + 2 + 9 + 2 + 7. A character of two columns that does not fit leaves one free.
        assert_eq!(lines, ["i-1   a-name-o…  Running", "i-22  数据库数…  Stopped"]);
        layout.cut_to_width(Some(1), 200);
        assert_eq!(layout.format_row(&rows[0]), "i-1   a-name-of-some-length  Running");
    }

    #[test]
    fn a_row_that_does_not_fit_loses_its_end() {
        let rows = [row(["i-1", "a-name-of-some-length", "Running"]), row(["i-22", "web", "Stopped"])];
        let mut layout = TableLayout::new(&["ID", "NAME", "STATUS"]);
        layout.fit_rows(rows.iter().map(Vec::as_slice));
        let lines = |layout: &TableLayout| rows.iter().map(|row| layout.format_row(row)).collect::<Vec<_>>();
        layout.cut_to_width(Some(1), 23);
        assert_eq!(lines(&layout), ["i-1   a-name-…  Running", "i-22  web       Stopped"]);
        assert!(layout.has_room());
        for (width, expected) in [
            (20, ["i-1   a-name-…  Run…", "i-22  web       Sto…"]),
            (17, ["i-1   a-name-…  …", "i-22  web       …"]),
            (15, ["i-1   a-name-…", "i-22  web     …"]),
            (9, ["i-1   a-…", "i-22  we…"]),
            (6, ["i-1 …", "i-22…"]),
            (1, ["…", "…"]),
        ] {
            layout.cut_to_width(Some(1), width);
            assert_eq!(lines(&layout), expected, "{width}");
            assert!(!layout.has_room(), "{width}");
        }
    }

    #[test]
    fn a_column_that_is_removed_takes_no_room() {
        let mut layout = TableLayout::new(&["STATUS", "ID", "A-LONG-NAME"]);
        layout.cut_to_width(Some(2), 15);
        assert!(!layout.has_room());
        layout.remove_column(0);
        assert!(layout.has_room());
        assert_eq!(layout.format_row(&["i-1", "a-name-of-some-length"]), "i-1  a-name-of…");
        layout.remove_column(1);
        assert_eq!(layout.format_row(&["i-1"]), "i-1");
    }

    #[test]
    fn control_characters_are_replaced() {
        let lines = format_table(&["A", "B"], &[vec!["\u{1b}[2Jx\u{202e}".into(), "b\n".into()]]);
        assert!(
            lines.iter().all(|line| !line.chars().any(char::is_control) && !line.contains('\u{202e}')),
            "{lines:?}"
        );
    }

    #[test]
    fn a_style_has_no_width() {
        let layout = TableLayout::new(&["STATUS", "B"]);
        let styled = layout.format_styled_row(&["on", "b"], |index, _| match index {
            0 => CellStyle { before: "<".to_owned(), after: ">".to_owned() },
            _ => CellStyle::default(),
        });
        assert_eq!(styled, "<on>      b");
    }
}
