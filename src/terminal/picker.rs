//! A list on the terminal from which the user picks a line: arrows move, letters filter.
//!
//! It is drawn on stderr. The library sets the terminal to raw mode and puts it back, except when a signal ends the process.

use std::fmt::{self, Display, Formatter};

use crossterm::terminal::{disable_raw_mode, size};
use inquire::ui::RenderConfig;
use inquire::{InquireError, Select};
use unicode_width::UnicodeWidthStr as _;

use super::output::Output;
use super::stderr;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::language::translate;
use crate::system::shutdown::Shutdown;
use crate::text::fuzzy;
use crate::text::table::TableLayout;

/// The most lines that are shown at once.
const MAX_PAGE_ROWS: usize = 15;

/// The lines of the terminal that are not for the list: the question, the help, and one that the shell has.
const OTHER_ROWS: usize = 4;

/// The columns before a line of the list, and one that stays free, since some terminals wrap at once.
const MARGIN: usize = 3;

/// The columns of the brackets around the help, and one that stays free.
const HELP_MARGIN: usize = 3;

/// The size that is assumed of a terminal that does not know its own.
const DEFAULT_SIZE: (usize, usize) = (80, 24);

/// Ends bracketed paste, shows the cursor, and erases the list, on whose first line the cursor is. Source: XTerm Control
/// Sequences, DECRST 2004, DECSET 25, ED.
const RESTORE: &str = "\x1b[?2004l\x1b[?25h\r\x1b[J";

const HELP: &str = "type to filter, Enter to choose, Esc to leave";

/// A line of the list.
struct Line {
    shown: String,
    /// All cells, of which some may be cut on the terminal.
    searched: String,
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// Lets the user pick one of the rows, and returns its index. Cells are sanitized, and those of the column `cut` are shortened
/// where the terminal is too narrow. Ctrl-C and Esc are [`ErrorKind::Interrupted`]. It blocks until the user has chosen.
pub(crate) fn pick(question: &str, rows: &[Vec<String>], cut: usize, output: Output) -> Result<usize, CommandError> {
    let (columns, lines) = size().map_or(DEFAULT_SIZE, |(columns, rows)| (columns.into(), rows.into()));
    let (columns, lines) = if columns == 0 || lines == 0 { DEFAULT_SIZE } else { (columns, lines) };
    let mut layout = TableLayout::new(&vec![""; rows.first().map_or(0, Vec::len)]);
    layout.fit_rows(rows.iter().map(Vec::as_slice));
    layout.cut_to_width(Some(cut), columns.saturating_sub(MARGIN));
    let options = rows.iter().map(|row| Line { shown: layout.format_row(row), searched: row.join(" ") }).collect();

    let _question = stderr::open_question();
    stderr::hold_lines();
    let _lines = HeldLines;
    let Some(_cleanup) = Shutdown::of_process().register(|| {
        let _ = disable_raw_mode();
        stderr::write_control(RESTORE);
    }) else {
        return Err(CommandError::interrupted());
    };
    let canceled = translate("<canceled>");
    let mut colors = if output.is_stderr_colored() { RenderConfig::default_colored() } else { RenderConfig::empty() };
    colors.canceled_prompt_indicator.content = &canceled;
    let scorer = |input: &str, line: &Line, _: &str, _: usize| fuzzy::score(input, &line.searched);
    let (question, help) = (translate(question), translate(HELP));
    let select = Select::new(&question, options);
    // In more than one row it would push the question out of the terminal.
    let select = match help.width() + HELP_MARGIN <= columns {
        true => select.with_help_message(&help),
        false => select.without_help_message(),
    };
    let picked = select
        .with_page_size(lines.saturating_sub(OTHER_ROWS).clamp(1, MAX_PAGE_ROWS))
        .with_scorer(&scorer)
        // The one of the library does not keep the order of lines that fit equally well.
        .with_sorter(&|scored| scored.sort_by_key(|(_, score)| std::cmp::Reverse(*score)))
        .with_render_config(colors)
        .raw_prompt();
    match picked {
        Ok(option) => Ok(option.index),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Err(CommandError::interrupted()),
        Err(error) => {
            let error = anyhow::Error::new(error).context("cannot show a list on this terminal");
            Err(CommandError::new(ErrorKind::Usage, error).hint("name the instance"))
        }
    }
}

/// Lets the lines go that were kept back, when it is dropped.
struct HeldLines;

impl Drop for HeldLines {
    fn drop(&mut self) {
        stderr::release_lines();
    }
}
