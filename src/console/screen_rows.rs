//! The rows of a screen as text that is safe to print. Pure.

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::picture::Rectangle;
use crate::screen_text::{Cell, Grid, Screen, line};
use crate::text::sanitize::is_unsafe;

/// What stands for a character that a terminal may act on.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

/// Which rows of a screen are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowSelection {
    /// In cells; `None` is the whole screen.
    pub(crate) area: Option<Rectangle>,
    /// If set, only rows that hold text, and of these only so many, from the bottom.
    pub(crate) last: Option<usize>,
}

impl RowSelection {
    /// The cells of the rows. An area that is not inside the screen is a usage error; a screen without cells has no rows.
    pub(crate) fn rows(&self, screen: &Screen) -> Result<Vec<Vec<Cell>>, CommandError> {
        let Some(grid) = screen.grid else { return Ok(Vec::new()) };
        let rows = screen.rows().map(<[Cell]>::to_vec);
        let mut rows: Vec<Vec<Cell>> = match self.area {
            None => rows.collect(),
            Some(area) => {
                check(area, &grid)?;
                let columns = usize::from(area.x)..area.right() as usize;
                let rows = rows.skip(area.y.into()).take(area.height.into());
                rows.map(|row| row.get(columns.clone()).unwrap_or_default().to_vec()).collect()
            }
        };
        if let Some(last) = self.last {
            rows.retain(|row| !line(row).is_empty());
            rows.drain(..rows.len().saturating_sub(last));
        }
        Ok(rows)
    }
}

fn check(area: Rectangle, grid: &Grid) -> Result<(), CommandError> {
    let (columns, rows) = (grid.columns, grid.rows);
    if area.right() as usize <= columns && area.bottom() as usize <= rows {
        return Ok(());
    }
    let message = format!("the area {area} is not inside the screen, which has {columns}x{rows} cells");
    Err(CommandError::message(ErrorKind::Usage, message).hint("count in character cells, from 0"))
}

/// The text of a row, without the spaces at its end. A font that a user gives can name any characters: those that a terminal may
/// act on become U+FFFD.
pub(crate) fn plain(row: &[Cell]) -> String {
    line(row).chars().map(printable).collect()
}

/// Lines without the empty ones at the end, each with a line feed.
pub(crate) fn joined(mut lines: Vec<String>) -> String {
    while lines.pop_if(|line| line.is_empty()).is_some() {}
    lines.into_iter().map(|line| line + "\n").collect()
}

/// A character, or U+FFFD for one that a terminal may act on.
pub(crate) fn printable(character: char) -> char {
    if is_unsafe(character) { REPLACEMENT } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen_text::ScreenKind;

    pub(crate) fn cells(text: &str) -> Vec<Cell> {
        text.chars().map(|character| Cell { character, foreground: 0xaa_aaaa, background: 0 }).collect()
    }

    /// A screen of rows with the same number of characters.
    fn screen(rows: &[&str]) -> Screen {
        let columns = rows[0].chars().count();
        let grid = Grid { cell_width: 8, cell_height: 16, offset_x: 0, offset_y: 0, columns, rows: rows.len() };
        let cells = rows.iter().flat_map(|row| cells(row)).collect();
        let (kind, font) = (ScreenKind::Text, None);
        Screen { kind, grid: Some(grid), font, cells, unknown: 0, cursor: None, exact: true }
    }

    fn selected(selection: RowSelection) -> Vec<String> {
        let screen = screen(&["ab cd ", "      ", " login", "      ", "      "]);
        selection.rows(&screen).unwrap().iter().map(|row| plain(row)).collect()
    }

    #[test]
    fn an_area_and_the_last_rows_are_selected() {
        let area = |text: &str| Some(text.parse().unwrap());
        assert_eq!(selected(RowSelection::default()), ["ab cd", "", " login", "", ""]);
        assert_eq!(selected(RowSelection { area: area("1,0,4,3"), last: None }), ["b cd", "", "logi"]);
        assert_eq!(selected(RowSelection { area: None, last: Some(1) }), [" login"]);
        assert_eq!(selected(RowSelection { area: None, last: Some(9) }), ["ab cd", " login"]);
        assert_eq!(selected(RowSelection { area: area("0,0,6,2"), last: Some(1) }), ["ab cd"]);
        assert_eq!(selected(RowSelection { area: area("5,4,1,1"), last: None }), [""]);
    }

    #[test]
    fn an_area_outside_is_an_error_and_a_screen_without_cells_has_no_rows() {
        for outside in ["0,0,7,1", "0,0,1,6", "6,0,1,1", "65535,65535,65535,65535"] {
            let selection = RowSelection { area: Some(outside.parse().unwrap()), last: None };
            let error = selection.rows(&screen(&["ab cd "; 5])).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Usage);
            assert!(format!("{:#}", error.error).contains("6x5 cells"), "{outside}");
        }
        let blank = Screen { kind: ScreenKind::Blank, grid: None, cells: Vec::new(), ..screen(&["x"]) };
        let selection = RowSelection { area: Some("9,9,9,9".parse().unwrap()), last: Some(3) };
        assert!(selection.rows(&blank).unwrap().is_empty());
    }

    #[test]
    fn no_character_of_a_font_acts_on_the_terminal() {
        let text = "a\u{1b}[2J\u{9b}\u{85}\u{202e}\u{61c}\0é│ ";
        assert_eq!(plain(&cells(text)), "a\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}é│");
    }

    #[test]
    fn empty_lines_at_the_end_are_left_out() {
        let lines = |lines: &[&str]| joined(lines.iter().map(|line| (*line).to_owned()).collect());
        assert_eq!(lines(&["", "a", "", "b", "", ""]), "\na\n\nb\n");
        assert_eq!(lines(&["", ""]), "");
    }
}
