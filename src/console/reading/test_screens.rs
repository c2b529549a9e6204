//! Screens for tests.

use crate::screen_text::{Cell, Grid, Position, Screen, ScreenKind};

/// A screen of text with these rows, each shorter than `columns` filled up with spaces, and no cursor.
pub(crate) fn screen(columns: usize, rows: &[&str]) -> Screen {
    let cell = |character| Cell { character, foreground: 0xaa_aaaa, background: 0 };
    let row = |text: &&str| {
        let text: Vec<char> = text.chars().collect();
        assert!(text.len() <= columns, "{text:?}");
        (0..columns).map(|column| cell(text.get(column).copied().unwrap_or(' '))).collect::<Vec<_>>()
    };
    let grid = Grid { cell_width: 8, cell_height: 16, offset_x: 0, offset_y: 0, columns, rows: rows.len() };
    let (kind, cells) = (ScreenKind::Text, rows.iter().flat_map(row).collect());
    Screen { kind, grid: Some(grid), font: None, cells, unknown: 0, cursor: None, exact: true }
}

/// The screen with a cursor at this column and row.
pub(crate) fn with_cursor(screen: Screen, column: usize, row: usize) -> Screen {
    Screen { cursor: Some(Position { column, row }), ..screen }
}

/// A dark screen.
pub(crate) fn blank() -> Screen {
    Screen { kind: ScreenKind::Blank, grid: None, cells: Vec::new(), ..screen(1, &["x"]) }
}

/// A screen that shows no text.
pub(crate) fn picture() -> Screen {
    Screen { kind: ScreenKind::NotText, ..blank() }
}
