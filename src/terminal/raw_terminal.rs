//! The terminal in raw mode, and as it was before whatever ends the process.
//!
//! In raw mode each key arrives at once and none acts on this process, not even Ctrl-C. Dropping a [`RawTerminal`] puts the
//! terminal back; a signal and a panic do so too, through the clean-ups of [`Shutdown`].

use std::io::{self, IsTerminal as _};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode, supports_keyboard_enhancement};

use super::output::Output;
use super::stderr;
use crate::command_error::CommandError;
use crate::error_kind::ErrorKind;
use crate::system::platform;
use crate::system::shutdown::{CleanupGuard, Shutdown};

/// Bracketed paste and reports of the focus. Source: XTerm Control Sequences, DECSET 2004 and 1004.
const REPORTS_ON: &str = "\x1b[?2004h\x1b[?1004h";
const REPORTS_OFF: &str = "\x1b[?1004l\x1b[?2004l";

/// Kitty's keyboard protocol: flag 1 tells Ctrl-I from Tab, flag 2 reports releases. They are put on the terminal's stack and
/// taken off again. Source: <https://sw.kovidgoyal.net/kitty/keyboard-protocol/>.
const KEYBOARD_ON: &str = "\x1b[>3u";
const KEYBOARD_OFF: &str = "\x1b[<1u";

/// Ends a synchronized update, and shows the cursor, in the default colours, with wrapping.
const DRAWING_OFF: &str = "\x1b[?2026l\x1b[0m\x1b[?7h\x1b[?25h";

/// The cursor to the last row, and a line after it: the process ended in the middle of a screen.
const BELOW_SCREEN: &str = "\x1b[9999;1H\r\n";

/// How long a terminal may take to accept the last sequences. One that was stopped (Ctrl-S) never does.
const RESTORE_TIMEOUT: Duration = Duration::from_millis(500);

/// The terminal of this process in raw mode.
pub(crate) struct RawTerminal {
    state: Arc<State>,
    _cleanup: CleanupGuard,
    output: Output,
}

#[derive(Default)]
struct State {
    /// Whether the screen is drawn on, rather than lines appended.
    is_drawn: bool,
    has_kitty_keyboard: AtomicBool,
    /// Whether the cursor is where the shell may go on.
    is_cursor_below: AtomicBool,
    /// Locked while the terminal is put back: the process must not end in the middle of that.
    is_restored: Mutex<bool>,
}

impl RawTerminal {
    /// Sets the terminal to raw mode. `is_drawn`: stdout is drawn on; it gets no escape sequence otherwise. Meanwhile lines on
    /// a stderr that is a terminal are kept back.
    pub(crate) fn enter(is_drawn: bool, output: Output) -> Result<Self, CommandError> {
        let state = Arc::new(State { is_drawn, ..State::default() });
        let of_cleanup = state.clone();
        let create = || {
            enable_raw_mode()?;
            Ok(((), move || restore(&of_cleanup, output)))
        };
        let ((), _cleanup) = Shutdown::of_process().create(create).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => CommandError::interrupted(),
            _ => CommandError::new(ErrorKind::Other, anyhow::Error::new(error).context("the terminal has no raw mode")),
        })?;
        let terminal = Self { state, _cleanup, output };
        if is_drawn {
            if io::stderr().is_terminal() {
                stderr::hold_lines();
            }
            enable_escape_sequences();
            output.bytes(REPORTS_ON.as_bytes())?;
        } else {
            // What other programs write to the same terminal, such as tee, must not become stairs.
            platform::translate_line_feeds();
        }
        Ok(terminal)
    }

    /// Turns on Kitty's keyboard protocol if the terminal has it, and returns whether it has. Takes up to 2 s in a terminal
    /// that answers no questions at all. Call it before events are read.
    pub(crate) fn enable_kitty_keyboard(&self) -> bool {
        let is_supported = self.state.is_drawn && supports_keyboard_enhancement().unwrap_or(false);
        if is_supported && self.output.bytes(KEYBOARD_ON.as_bytes()).is_ok() {
            self.state.has_kitty_keyboard.store(true, Ordering::SeqCst);
        }
        is_supported
    }

    /// Puts the terminal back, unless that was done.
    pub(crate) fn restore(&self) {
        restore(&self.state, self.output);
    }

    /// Says that the cursor was put below what is drawn.
    pub(crate) fn set_cursor_below(&self) {
        self.state.is_cursor_below.store(true, Ordering::SeqCst);
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Puts the terminal back. The modes of the operating system come last, but in any case.
fn restore(state: &State, output: Output) {
    let mut is_restored = state.is_restored.lock().unwrap_or_else(PoisonError::into_inner);
    if mem::replace(&mut *is_restored, true) {
        return;
    }
    if state.is_drawn {
        let mut text = String::from(DRAWING_OFF);
        if state.has_kitty_keyboard.load(Ordering::SeqCst) {
            text.push_str(KEYBOARD_OFF);
        }
        text.push_str(REPORTS_OFF);
        if !state.is_cursor_below.load(Ordering::SeqCst) {
            text.push_str(BELOW_SCREEN);
        }
        let (sender, written) = sync_channel(1);
        // A terminal that is gone needs no restoring.
        let write = move || sender.send(output.bytes(text.as_bytes()).is_ok());
        if thread::Builder::new().spawn(write).is_ok() {
            let _ = written.recv_timeout(RESTORE_TIMEOUT);
        }
    }
    let _ = disable_raw_mode();
    stderr::release_lines();
}

/// Consoles of Windows understand escape sequences only if they are told to.
fn enable_escape_sequences() {
    #[cfg(windows)]
    let _ = crossterm::ansi_support::supports_ansi();
}
