//! Prints pages of instances as they arrive.

use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt as _;

use super::query::{ListFormat, ListedInstance, Row, STATE_TITLE, TITLES, TYPICAL_ROW, TYPICAL_STATE};
use super::state_column::{StateColumn, state_of_cell};
use crate::command_error::CommandError;
use crate::commands::check::state_color;
use crate::error_kind::ErrorKind;
use crate::system::blocking;
use crate::terminal::output::Output;
use crate::text::table::{CellStyle, TableLayout};

/// Prints rows, with the titles before the first one.
pub(crate) struct Printer {
    format: ListFormat,
    titles: Vec<&'static str>,
    layout: TableLayout,
    /// Tells the states of the rows; `None` without `--check`.
    states: Option<Arc<StateColumn>>,
    count: usize,
    output: Output,
}

impl Printer {
    /// `states` adds the column of `--check`.
    pub(crate) fn new(format: ListFormat, states: Option<StateColumn>, output: Output) -> Self {
        let titles: Vec<&str> = TITLES.into_iter().chain(states.as_ref().map(|_| STATE_TITLE)).collect();
        Self { format, layout: TableLayout::new(&titles), titles, states: states.map(Arc::new), count: 0, output }
    }

    /// Warns of what could not be told.
    pub(crate) fn warn(&self) {
        self.states.iter().for_each(|states| states.warn(self.output));
    }

    /// Makes the columns wide enough for a typical row.
    pub(crate) fn reserve_widths(&mut self) {
        let row: Vec<String> = TYPICAL_ROW.into_iter().chain([TYPICAL_STATE]).map(str::to_owned).collect();
        self.layout.fit_rows([row.as_slice()]);
    }

    /// Whether no row was printed.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the text of the progress line.
    pub(crate) fn progress_text(&self) -> String {
        format!("listing: {} instances", self.count)
    }

    /// Prints the rows of a page: with `--check` each as soon as its state and those of the rows before are told.
    pub(crate) async fn print(&mut self, page: Vec<ListedInstance>) -> Result<(), CommandError> {
        self.layout.fit_rows(page.iter().map(|listed| listed.row.as_slice()));
        let Some(states) = self.states.clone() else {
            return self.write(page.into_iter().map(|listed| listed.row).collect()).await;
        };
        let mut rows = pin!(states.rows(page));
        while let Some(row) = rows.next().await {
            self.write(vec![row]).await?;
        }
        Ok(())
    }

    async fn write(&mut self, rows: Vec<Row>) -> Result<(), CommandError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (format, output) = (self.format, self.output);
        let is_first = format == ListFormat::Table && self.count == 0;
        let titles = is_first.then(|| self.layout.format_row(&self.titles));
        self.count += rows.len();
        let style = |index: usize, cell: &str| match self.titles[index] {
            "STATUS" => output.status_style(cell),
            STATE_TITLE => output.cell_style(state_color(state_of_cell(cell))),
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
