//! Where the text of `type` comes from.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{ArgGroup, Args};
use zeroize::Zeroizing;

use crate::args::path_arg;
use crate::command_error::CommandError;
use crate::console::typing::{MAX_TEXT_LEN, too_long};
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::system::blocking;
use crate::system::environment::Environment;
use crate::text::quoted::Shown as _;
use crate::text::sanitize::sanitize;

/// The error for arguments of `type` that clap does not understand. It must not quote them: they may be secret.
pub(crate) const MORE_THAN_ONE_TEXT: &str = "`type` takes one TEXT: quote it if it has spaces, and put -- before it if it begins with -; see ecs-vnc type --help \
     for the flags";

/// Where the text comes from: one of an argument, stdin, a file and an environment variable.
#[derive(Args, Debug)]
#[group(skip)]
#[command(group(ArgGroup::new("source").args(["text", "stdin", "file", "env"])))]
pub(crate) struct TextSource {
    /// The text to type.
    #[arg(value_name = "TEXT")]
    text: Option<Secret>,
    /// Read the text from stdin.
    ///
    /// A trailing newline is dropped. On a terminal you are asked for one line, which is not shown.
    #[arg(long)]
    stdin: bool,
    /// Read the text from a file.
    ///
    /// A trailing newline is dropped.
    #[arg(long, value_name = "FILE", value_parser = path_arg())]
    file: Option<PathBuf>,
    /// Type the value of this environment variable.
    ///
    /// It is a secret, and so is the text of --stdin: it is typed only at a prompt for a password. --after names another
    /// prompt, and --blind types it anywhere.
    #[arg(long, value_name = "VARIABLE")]
    env: Option<String>,
    /// Press Enter after the text.
    #[arg(long)]
    enter: bool,
}

impl TextSource {
    /// Whether there is a source.
    pub(crate) fn is_given(&self) -> bool {
        self.text.is_some() || self.stdin || self.file.is_some() || self.env.is_some()
    }

    /// Returns the source with `text` as its TEXT, if there is one. Fails unless exactly one source is given.
    pub(crate) fn or_text(mut self, text: Option<Secret>) -> Result<Self, CommandError> {
        match (text, self.is_given()) {
            (Some(_), true) => Err(CommandError::message(ErrorKind::Usage, MORE_THAN_ONE_TEXT)),
            (None, false) => Err(CommandError::message(ErrorKind::Usage, "no text to type")
                .hint("give TEXT, --stdin, --file FILE or --env NAME")),
            (text, _) => {
                self.text = self.text.or(text);
                Ok(self)
            }
        }
    }

    /// Whether the text is read from stdin.
    pub(crate) fn is_stdin(&self) -> bool {
        self.stdin
    }

    /// Whether the text may be a password.
    pub(crate) fn is_secret(&self) -> bool {
        self.stdin || self.env.is_some()
    }

    /// The variable that the text is in.
    pub(crate) fn variable(&self) -> Option<&str> {
        self.env.as_deref()
    }

    /// Reads the text. With `--enter`, a line feed is added. A pipe that is given as the file may take `limit`.
    pub(crate) fn read(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        Ok(self.with_enter(self.read_without_enter(env, limit)?))
    }

    /// The text, with a line feed behind it if `--enter` asks for one.
    pub(crate) fn with_enter(&self, text: Secret) -> Secret {
        if self.enter { Secret::new(format!("{}\n", text.expose())) } else { text }
    }

    fn read_without_enter(&self, env: &Environment, limit: Duration) -> Result<Secret, CommandError> {
        match self {
            Self { text: Some(text), .. } => Ok(text.clone()),
            Self { file: Some(file), .. } => read_file(file, limit),
            Self { env: Some(name), .. } => read_variable(name, env),
            _ => read_stdin(),
        }
    }
}

/// Reads the value of an environment variable.
pub(crate) fn read_variable(name: &str, env: &Environment) -> Result<Secret, CommandError> {
    env.get_verbatim(name).map(Secret::new).ok_or_else(|| {
        let message = format!("the environment variable {} is not set", sanitize(name, 80));
        CommandError::message(ErrorKind::Usage, message)
    })
}

/// Reads stdin up to its end, without one trailing newline.
pub(crate) fn read_stdin() -> Result<Secret, CommandError> {
    read(io::stdin().lock(), "stdin")
}

/// Reads a text from a file, without one trailing newline. A pipe may take `limit`.
pub(crate) fn read_file(file: &Path, limit: Duration) -> Result<Secret, CommandError> {
    let name = file.shown();
    let bytes =
        blocking::read_file(file, MAX_TEXT_LEN + "\r\n".len(), limit).map_err(|error| unreadable(error, &name))?;
    read(&bytes[..], &name)
}

/// Reads a text of at most [`MAX_TEXT_LEN`] bytes, and drops one trailing newline. `name` is for error messages.
fn read(source: impl Read, name: &str) -> Result<Secret, CommandError> {
    // Allocated once: a growing vector leaves copies of the secret in memory.
    let max_len = MAX_TEXT_LEN + "\r\n".len();
    let mut bytes = Zeroizing::new(Vec::with_capacity(max_len + 1));
    source.take(max_len as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error, name))?;
    // Before the UTF-8 check: the limit may have cut a character.
    if bytes.len() > max_len {
        return Err(too_long());
    }
    let text = str::from_utf8(&bytes).map_err(|_| {
        CommandError::message(ErrorKind::Usage, format!("{name} is not UTF-8 text; only text can be typed"))
    })?;
    // Some editors write a byte order mark, which is not part of the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text));
    Ok(Secret::new(text))
}

fn unreadable(error: io::Error, name: &str) -> CommandError {
    let kind = if error.kind() == io::ErrorKind::TimedOut { ErrorKind::TimeLimit } else { ErrorKind::Usage };
    CommandError::new(kind, anyhow::Error::new(error).context(format!("could not read {name}")))
}
