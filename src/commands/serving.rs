//! Commands that serve until Ctrl-C: that is how they are meant to end.

use std::sync::{Mutex, PoisonError};

use crate::error_kind::ExitCode;

/// What a command that serves a console to viewers reports.
const CONSOLE_NOTE: &str =
    "serving until Ctrl-C. Connecting takes over the console: anyone already on it is disconnected";

/// The same of a command whose viewers share a session.
const SHARED_NOTE: &str = "serving until Ctrl-C. The first viewer takes over the console, and anyone already on it is \
     disconnected; the next ones share its session";

/// What a command reports that serves a console.
pub(crate) fn console_note(is_shared: bool) -> &'static str {
    if is_shared { SHARED_NOTE } else { CONSOLE_NOTE }
}

/// The exit code if Ctrl-C ends this process; `None` as long as Ctrl-C would interrupt a command that ends by itself.
static EXIT_CODE: Mutex<Option<ExitCode>> = Mutex::new(None);

/// From now on, Ctrl-C ends the command with success. Call it before the line that scripts wait for.
pub(crate) fn begin() {
    set_exit_code(ExitCode::SUCCESS);
}

/// Sets the exit code of a command that serves on although a part of it has failed.
pub(crate) fn set_exit_code(code: ExitCode) {
    *EXIT_CODE.lock().unwrap_or_else(PoisonError::into_inner) = Some(code);
}

/// Returns the exit code for Ctrl-C, if Ctrl-C is how the command is meant to end.
pub(super) fn exit_code() -> Option<ExitCode> {
    *EXIT_CODE.lock().unwrap_or_else(PoisonError::into_inner)
}
