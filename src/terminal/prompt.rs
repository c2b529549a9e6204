//! Questions on the terminal, and lines of stdin.

use std::io::{self, Read as _};

use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::secret::Secret;
use crate::vnc::password::VncPassword;

/// The VNC password on stdin.
pub(crate) fn read_password() -> Result<VncPassword, CommandError> {
    let line = read_line(64).map_err(|error| {
        CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("could not read the password from stdin"))
    })?;
    VncPassword::try_from(&line).map_err(|error| CommandError::message(ErrorKind::Usage, format!("on stdin: {error}")))
}

/// The answer to a question on the terminal, which does not show it.
pub(crate) fn ask_secretly(question: &str) -> Result<Secret, CommandError> {
    rpassword::prompt_password(question).map(Secret::new).map_err(unreadable)
}

/// A terminal, or stdin, that gave no answer.
pub(crate) fn unreadable(error: io::Error) -> CommandError {
    match error.kind() {
        io::ErrorKind::Interrupted => CommandError::interrupted(),
        _ => CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("could not read the answer")),
    }
}

/// A line of stdin, without its end; empty at the end of stdin. One longer than `limit` bytes is refused: cut, its rest
/// would be taken for the next.
pub(crate) fn read_line(limit: usize) -> io::Result<Secret> {
    let mut line = zeroize::Zeroizing::new(Vec::new());
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' => break,
            _ if line.len() == limit => return Err(io::Error::other(format!("a line is longer than {limit} bytes"))),
            byte => line.push(byte),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("a line is not UTF-8 text"))?;
    Ok(Secret::new(text.trim_end_matches('\r')))
}
