//! Reads answers from the terminal and lines from stdin.

use std::io::{self, IsTerminal as _, Read as _};

use super::output::Output;
use super::stderr;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::language::translate;
use crate::secret::Secret;
use crate::system::shutdown::Shutdown;
use crate::system::{blocking, platform};
use crate::vnc::password::VncPassword;

/// The longest password line on stdin, in bytes: the VNC password itself has 6.
const MAX_PASSWORD_LINE_LEN: usize = 64;

/// How often a password that breaks the rule may be typed.
const PASSWORD_ATTEMPTS: usize = 3;

/// Reads a VNC password from stdin, as one line. If stdin is a terminal, asks for it instead and does not show it.
pub(crate) fn read_password(output: Output) -> Result<VncPassword, CommandError> {
    if io::stdin().is_terminal() {
        if output.is_without_input() {
            return Err(forbidden("the VNC password", "write it to stdin, as one line"));
        }
        return ask_password("VNC password (not shown): ");
    }
    let line = read_line(MAX_PASSWORD_LINE_LEN).map_err(|error| {
        CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("cannot read the password from stdin"))
    })?;
    VncPassword::try_from(&line).map_err(|error| CommandError::message(ErrorKind::Usage, format!("stdin: {error}")))
}

/// The error for a question that `--no-input` forbids. `instead` is what to give.
pub(crate) fn forbidden(what: &str, instead: &str) -> CommandError {
    CommandError::message(ErrorKind::Usage, format!("{what} would be asked for, and --no-input forbids it"))
        .hint(instead)
}

/// Asks for a VNC password on the terminal, and reads it without showing it. Asks again if it breaks the rule.
pub(crate) fn ask_password(question: &str) -> Result<VncPassword, CommandError> {
    let mut text = question.to_owned();
    let mut attempts_left = PASSWORD_ATTEMPTS;
    loop {
        attempts_left -= 1;
        match VncPassword::try_from(&ask_secretly(&text)?) {
            Ok(password) => return Ok(password),
            Err(error) if attempts_left == 0 => return Err(CommandError::new(ErrorKind::Usage, error)),
            Err(error) => text = format!("{error}; try again\n{question}"),
        }
    }
}

/// Asks a question on the terminal, and reads the answer without showing it.
pub(crate) fn ask_secretly(question: &str) -> Result<Secret, CommandError> {
    let _question = stderr::open_line_question("");
    // rpassword puts the echo back when it returns, which it does not if the process ends meanwhile.
    let _modes = platform::terminal_modes().map(|restore| Shutdown::of_process().register(restore));
    rpassword::prompt_password(translate(question)).map(Secret::new).map_err(unreadable)
}

/// Asks for a secret that is read from stdin, if stdin is a terminal, which would show it. `None` if it is none.
pub(crate) async fn ask_on_terminal(question: String, output: Output) -> Result<Option<Secret>, CommandError> {
    if !io::stdin().is_terminal() {
        return Ok(None);
    }
    if output.is_without_input() {
        return Err(forbidden("what --stdin reads", "write it to stdin, from a file or a pipe"));
    }
    in_thread(move || ask_secretly(&question)).await.map(Some)
}

/// Runs a question in a thread of its own, so that requests in progress are not delayed.
pub(crate) async fn in_thread<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, CommandError> + Send + 'static,
) -> Result<T, CommandError> {
    blocking::run(ask).await.map_err(|error| CommandError::new(ErrorKind::Other, error))?
}

/// Whether a yes or no can be asked for: the answer is read from stdin, and the question is on stderr.
pub(crate) fn may_confirm(output: Output) -> bool {
    output.may_ask() && io::stderr().is_terminal()
}

/// Fails if a command that asks before it acts cannot ask. `verb` is the command, which has a flag `--yes`.
pub(crate) fn check_may_confirm(verb: &str, output: Output) -> Result<(), CommandError> {
    if may_confirm(output) {
        return Ok(());
    }
    let why = if output.is_without_input() { "--no-input forbids it" } else { "there is no terminal" };
    let message = format!("`{verb}` asks before it acts, and {why}; add --yes");
    Err(CommandError::message(ErrorKind::Usage, message))
}

/// Asks a question on the terminal that is answered with yes or no. Anything but `y` and `yes` is a no.
pub(crate) fn confirm(question: &str) -> Result<bool, CommandError> {
    const MAX_ANSWER_LEN: usize = 256;
    let answer = read_answer(&format!("{} [y/N] ", translate(question)), MAX_ANSWER_LEN)?;
    Ok(matches!(answer.expose().trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Asks a question on the terminal, and reads the answer from the same line, of at most `max_len` bytes.
pub(crate) fn ask_line(question: &str, max_len: usize) -> Result<Secret, CommandError> {
    read_answer(&translate(question), max_len)
}

/// The same for a question that is in the user's language.
fn read_answer(question: &str, max_len: usize) -> Result<Secret, CommandError> {
    let _question = stderr::open_line_question(question);
    read_line(max_len).map_err(unreadable)
}

/// Returns the error for an answer that could not be read. Ctrl-C at a prompt is [`ErrorKind::Interrupted`].
pub(crate) fn unreadable(error: io::Error) -> CommandError {
    match error.kind() {
        io::ErrorKind::Interrupted => CommandError::interrupted(),
        _ => CommandError::new(ErrorKind::Usage, anyhow::Error::new(error).context("cannot read the answer")),
    }
}

/// Reads a line from stdin, without its newline; empty at the end of stdin. A line of more than `max_len` bytes is an error:
/// if it were cut, its rest would be read as the next line.
pub(crate) fn read_line(max_len: usize) -> io::Result<Secret> {
    let mut line = zeroize::Zeroizing::new(Vec::new());
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' => break,
            _ if line.len() == max_len => {
                return Err(io::Error::other(format!("the line is longer than {max_len} bytes")));
            }
            byte => line.push(byte),
        }
    }
    let text = std::str::from_utf8(&line).map_err(|_| io::Error::other("the line is not UTF-8 text"))?;
    Ok(Secret::new(text.trim_end_matches('\r')))
}
