//! Rows as columns of a terminal, in which a Chinese character is two wide: pure.

use unicode_width::UnicodeWidthStr as _;

use crate::text::sanitize::sanitize;

/// The widest a column becomes; what is longer takes its row out of line, and is not cut.
const WIDEST: usize = 40;

/// What stands between two columns.
const GAP: &str = "  ";

/// The widths of the columns so far. They only grow, so that rows can be written before all of them are known.
#[derive(Clone, Debug)]
pub(crate) struct Columns(Vec<usize>);

impl Columns {
    /// As wide as their titles.
    pub(crate) fn new(titles: &[&str]) -> Self {
        Self(titles.iter().map(|title| title.width()).collect())
    }

    /// Grows to hold these rows.
    pub(crate) fn grow<'a>(&mut self, rows: impl IntoIterator<Item = &'a [String]>) {
        for row in rows {
            for (width, cell) in self.0.iter_mut().zip(row) {
                *width = (*width).max(sanitize(cell, usize::MAX).width().min(WIDEST));
            }
        }
    }

    /// A row, in line with the others. What comes from outside moves no cursor. `paint` gives the colour of a cell,
    /// as what goes before and after it, by its number.
    pub(crate) fn line<S: AsRef<str>>(&self, cells: &[S], paint: impl Fn(usize, &str) -> (String, String)) -> String {
        let mut line = String::new();
        for (index, (cell, width)) in cells.iter().zip(&self.0).enumerate() {
            let cell = sanitize(cell.as_ref(), usize::MAX);
            let (before, after) = paint(index, &cell);
            let is_last = index + 1 == cells.len();
            let padding = if is_last { 0 } else { width.saturating_sub(cell.width()) };
            line.push_str(&format!("{before}{cell}{after}{}", " ".repeat(padding)));
            if !is_last {
                line.push_str(GAP);
            }
        }
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

/// No colour.
pub(crate) fn plain(_index: usize, _cell: &str) -> (String, String) {
    (String::new(), String::new())
}

/// A whole table: titles and rows.
pub(crate) fn table(titles: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let mut columns = Columns::new(titles);
    columns.grow(rows.iter().map(Vec::as_slice));
    let titles = columns.line(titles, plain);
    [titles].into_iter().chain(rows.iter().map(|row| columns.line(row, plain))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn chinese_names_are_in_line() {
        let rows = [row(["i-1", "数据库", "Running"]), row(["i-22", "web", "Stopped"])];
        assert_eq!(
            table(&["ID", "NAME", "STATUS"], &rows),
            ["ID    NAME    STATUS", "i-1   数据库  Running", "i-22  web     Stopped"]
        );
    }

    #[test]
    fn a_long_cell_is_out_of_line_and_whole() {
        let long = "x".repeat(60);
        let lines = table(&["A", "B"], &[vec![long.clone(), "b".into()], vec!["a".into(), "b".into()]]);
        assert_eq!(lines[1], format!("{long}  b"));
        assert_eq!(lines[2], format!("a{}b", " ".repeat(41)));
    }

    #[test]
    fn a_hostile_cell_moves_nothing() {
        let lines = table(&["A", "B"], &[vec!["\u{1b}[2Jx\u{202e}".into(), "b\n".into()]]);
        assert!(
            lines.iter().all(|line| !line.chars().any(char::is_control) && !line.contains('\u{202e}')),
            "{lines:?}"
        );
    }

    #[test]
    fn colour_takes_no_room() {
        let columns = Columns::new(&["STATUS", "B"]);
        let painted = columns.line(&["on", "b"], |index, _| match index {
            0 => ("<".to_owned(), ">".to_owned()),
            _ => plain(0, ""),
        });
        assert_eq!(painted, "<on>      b");
    }
}
