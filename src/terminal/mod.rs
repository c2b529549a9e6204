//! Standard output, standard error and the prompts on a terminal.

pub mod output;
pub(crate) mod progress;
pub(crate) mod prompt;
