//! Standard output, standard error and the prompts on a terminal.

pub mod output;
pub mod progress;
pub mod prompt;
