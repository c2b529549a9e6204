//! Prints pages of instances as they arrive.

use crate::system::blocking;

use super::query::{ListFormat, Row, TITLES, TYPICAL_ROW};
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::terminal::output::Output;
use crate::text::table::{CellStyle, TableLayout};

/// Prints rows, with the titles before the first one.
pub(crate) struct Printer {
    format: ListFormat,
    layout: TableLayout,
    count: usize,
    output: Output,
}

impl Printer {
    pub(crate) fn new(format: ListFormat, output: Output) -> Self {
        Self { format, layout: TableLayout::new(&TITLES), count: 0, output }
    }

    /// Makes the columns wide enough for a typical row.
    pub(crate) fn reserve_widths(&mut self) {
        self.layout.fit_rows([TYPICAL_ROW.map(str::to_owned).as_slice()]);
    }

    /// Whether no row was printed.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the text of the progress line.
    pub(crate) fn progress_text(&self) -> String {
        format!("listing: {} instances", self.count)
    }

    /// Prints the rows of a page.
    pub(crate) async fn print(&mut self, rows: Vec<Row>) -> Result<(), CommandError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (format, output) = (self.format, self.output);
        self.layout.fit_rows(rows.iter().map(Vec::as_slice));
        let is_first = format == ListFormat::Table && self.count == 0;
        let titles = is_first.then(|| self.layout.format_row(&TITLES));
        self.count += rows.len();
        let style = |index: usize, cell: &str| match TITLES[index] {
            "STATUS" => output.status_style(cell),
            _ => CellStyle::default(),
        };
        let lines = rows.into_iter().map(|mut row| match format {
            ListFormat::Table => self.layout.format_styled_row(&row, style),
            ListFormat::Ids | ListFormat::Json => row.remove(0),
        });
        let text: String = titles.into_iter().chain(lines).flat_map(|line| [line, "\n".to_owned()]).collect();
        // On another thread: a slow reader, such as a pager, must not delay the requests in progress past their limits.
        let written = blocking::run(move || output.bytes(text.as_bytes())).await;
        written.map_err(|error| CommandError::new(ErrorKind::Other, error))?
    }
}
