//! Prints pages of instances as they arrive.

use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt as _;

use super::columns::{Column, Sort};
use super::query::{ListFormat, ListedInstance, Row, TYPICAL_ROW, TYPICAL_STATE};
use super::state_column::{StateColumn, state_of_cell};
use crate::command_error::CommandError;
use crate::commands::check::state_color;
use crate::error_kind::ErrorKind;
use crate::system::blocking;
use crate::terminal::output::Output;
use crate::text::sanitize::sanitize;
use crate::text::table::{CellStyle, TableLayout};

/// The most rows that are kept to be sorted, of some 200 bytes each.
const MAX_SORTED: usize = 100_000;

/// What of the rows is printed, and in which order.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) columns: Vec<Column>,
    pub(crate) has_titles: bool,
    /// Without it, rows are printed as they arrive.
    pub(crate) sort: Option<Sort>,
    /// The columns that are left out, one after another, until rows fit the terminal.
    pub(crate) expendable: &'static [Column],
}

/// Prints rows, with the titles before the first one.
pub(crate) struct Printer {
    format: ListFormat,
    view: View,
    layout: TableLayout,
    /// Tells the states of the rows; `None` without `--check`.
    states: Option<Arc<StateColumn>>,
    /// The rows that wait until all are there, to be sorted.
    waiting: Vec<Row>,
    count: usize,
    output: Output,
}

impl Printer {
    /// `states` fills the column of `--check`.
    pub(crate) fn new(format: ListFormat, view: View, states: Option<StateColumn>, output: Output) -> Self {
        let titles: Vec<&str> = view.columns.iter().map(|column| column.title()).collect();
        let mut layout = TableLayout::new(&if view.has_titles { titles } else { vec![""; titles.len()] });
        let name = view.columns.iter().position(|column| *column == Column::Name);
        if let Some(columns) = output.columns() {
            layout.cut_to_width(name, columns);
        }
        let states = states.map(Arc::new);
        Self { format, view, layout, states, waiting: Vec::new(), count: 0, output }
    }

    /// Warns of what could not be told.
    pub(crate) fn warn(&self) {
        self.states.iter().for_each(|states| states.warn(self.output));
    }

    /// Makes the columns wide enough for a typical row, unless all rows are there before the first one is printed.
    pub(crate) fn reserve_widths(&mut self) {
        let row: Vec<String> = TYPICAL_ROW.into_iter().chain([TYPICAL_STATE]).map(str::to_owned).collect();
        if self.view.sort.is_none() {
            let cells = self.cells(&row);
            self.layout.fit_rows([cells.as_slice()]);
        }
    }

    /// Leaves columns out where the terminal is too narrow for all. It is done once, before the titles: later rows have the
    /// columns of the first ones.
    fn leave_columns_out(&mut self) {
        if self.view.columns.contains(&Column::Screen) && !self.view.expendable.is_empty() {
            // The states are told after the rows, and a state is what the user has asked for.
            let row: Row = self.view.columns.iter().map(|column| typical_state(*column)).collect();
            self.layout.fit_rows([row.as_slice()]);
        }
        for column in self.view.expendable {
            let Some(index) = self.view.columns.iter().position(|shown| shown == column) else { continue };
            if !self.layout.has_room() {
                self.view.columns.remove(index);
                self.layout.remove_column(index);
            }
        }
    }

    /// The cells of the columns that are printed.
    fn cells(&self, row: &[String]) -> Row {
        self.view.columns.iter().map(|column| row.get(column.index()).cloned().unwrap_or_default()).collect()
    }

    /// Whether no row was printed.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the text of the progress line.
    pub(crate) fn progress_text(&self) -> String {
        format!("listing: {} instances", self.count)
    }

    /// Prints the rows of a page: with `--check` each as soon as its state and those of the rows before are told. With `--sort`
    /// they are kept.
    pub(crate) async fn print(&mut self, page: Vec<ListedInstance>) -> Result<(), CommandError> {
        if self.format == ListFormat::Table {
            let cells: Vec<Row> = page.iter().map(|listed| self.cells(&listed.row)).collect();
            self.layout.fit_rows(cells.iter().map(Vec::as_slice));
        }
        let Some(states) = self.states.clone() else {
            return self.add(page.into_iter().map(|listed| listed.row).collect()).await;
        };
        let mut rows = pin!(states.rows(page));
        while let Some(row) = rows.next().await {
            self.add(vec![row]).await?;
        }
        Ok(())
    }

    /// Prints rows, or keeps them to sort them.
    async fn add(&mut self, rows: Vec<Row>) -> Result<(), CommandError> {
        let is_first = self.count == 0;
        self.count += rows.len();
        if self.view.sort.is_some() {
            if self.count > MAX_SORTED {
                let message = format!("--sort sorts at most {MAX_SORTED} instances");
                return Err(CommandError::message(ErrorKind::Usage, message).hint("leave it out, or give a pattern"));
            }
            self.waiting.extend(rows);
            return Ok(());
        }
        self.write(rows, is_first).await
    }

    /// Prints the rows that were kept.
    pub(crate) async fn finish(&mut self) -> Result<(), CommandError> {
        let mut rows = std::mem::take(&mut self.waiting);
        if let Some(sort) = self.view.sort {
            rows.sort_by(|a, b| sort.compare(a, b));
        }
        self.write(rows, true).await
    }

    /// Writes rows, after the titles if they are the first.
    async fn write(&mut self, rows: Vec<Row>, is_first: bool) -> Result<(), CommandError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (format, output) = (self.format, self.output);
        let lines: Vec<String> = match format {
            ListFormat::Json => rows.into_iter().flatten().collect(),
            ListFormat::Ids => rows.iter().map(|row| sanitize(&row[Column::Id.index()], usize::MAX)).collect(),
            ListFormat::Table => {
                let mut cells: Vec<Row> = rows.iter().map(|row| self.cells(row)).collect();
                self.layout.fit_rows(cells.iter().map(Vec::as_slice));
                if is_first {
                    self.leave_columns_out();
                    cells = rows.iter().map(|row| self.cells(row)).collect();
                }
                let rows = cells;
                let titles: Vec<&str> = self.view.columns.iter().map(|column| column.title()).collect();
                let style = |index: usize, cell: &str| match self.view.columns[index] {
                    Column::Status => output.status_style(cell),
                    Column::Screen => output.cell_style(state_color(state_of_cell(cell))),
                    _ => CellStyle::default(),
                };
                let titles = (is_first && self.view.has_titles).then(|| self.layout.format_row(&titles));
                titles.into_iter().chain(rows.iter().map(|row| self.layout.format_styled_row(row, style))).collect()
            }
        };
        let text: String = lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
        // On another thread: a slow reader, such as a pager, must not delay the requests in progress past their limits.
        let written = blocking::run(move || output.bytes(text.as_bytes())).await;
        written.map_err(|error| CommandError::new(ErrorKind::Other, error))?
    }
}

/// A state as long as most in the column of states, and nothing in the others.
fn typical_state(column: Column) -> String {
    if column == Column::Screen { TYPICAL_STATE.to_owned() } else { String::new() }
}
