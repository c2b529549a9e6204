//! Standard output, standard error, and questions on the terminal.

mod error_report;
mod late_warnings;
pub mod output;
pub(crate) mod progress;
pub(crate) mod prompt;
mod stderr;
