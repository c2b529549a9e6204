//! Starts the user's editor on a file, and waits for it.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use crate::system::command_line;
use crate::system::environment::{self, Environment};
use crate::system::platform::System;

/// The editor where no variable names one.
#[cfg(windows)]
const DEFAULT: &str = "notepad";
#[cfg(not(windows))]
const DEFAULT: &str = "vi";

/// A command line, and where it comes from.
pub(crate) struct Editor {
    words: Vec<String>,
    /// The variable, or the default, for messages.
    pub(crate) source: String,
    /// Whether a variable names it.
    pub(crate) is_named: bool,
}

impl Editor {
    /// Returns the editor of `VISUAL`, or else of `EDITOR`, or else the system's usual one. `None` if a quote is not closed.
    pub(crate) fn find(env: &Environment) -> Option<Self> {
        let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| Some((name, env.get(name)?)));
        let (source, line) = match named {
            Some((name, line)) => (format!("{line} ({name})"), line),
            None => (DEFAULT.to_owned(), DEFAULT),
        };
        let words = command_line::split(line, System::THIS).filter(|words| !words.is_empty())?;
        Some(Self { words, source, is_named: named.is_some() })
    }

    /// Runs the editor on the terminal of this process. It does not inherit keys and passwords.
    pub(crate) fn edit(&self, file: &Path) -> io::Result<ExitStatus> {
        let (program, arguments) = self.words.split_first().ok_or(io::ErrorKind::NotFound)?;
        let mut command = Command::new(program);
        command.args(arguments).arg(file);
        for name in environment::private_names() {
            command.env_remove(name);
        }
        command.status()
    }
}
