//! Standard output, standard error, questions on the terminal, and the terminal in raw mode.

mod error_report;
mod hyperlinks;
pub(crate) mod input;
mod late_warnings;
pub mod output;
pub(crate) mod picker;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod raw_terminal;
mod stderr;
pub(crate) mod stdin_lines;
