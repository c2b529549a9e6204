//! The terminal in raw mode, and as it was before whatever ends the process.
//!
//! In raw mode each key arrives at once and none acts on this process, not even Ctrl-C. Dropping a [`RawTerminal`] puts the
//! terminal back; a signal and a panic do so too, through the clean-ups of [`Shutdown`].

use std::io::{self, IsTerminal as _};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
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
const LOCK_POLL_INTERVAL: Duration = Duration::from_millis(5);

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
    /// Locked while the terminal is put back: the process must not end in the middle of that, and no mode is turned on after it.
    is_restored: Mutex<bool>,
}

impl RawTerminal {
    /// Sets the terminal to raw mode. `is_drawn`: stdout is drawn on; it gets no escape sequence otherwise. Meanwhile lines on
    /// a stderr that is a terminal are kept back.
    pub(crate) fn enter(is_drawn: bool, output: Output) -> Result<Self, CommandError> {
        if is_drawn && !platform::enable_escape_sequences() {
            let message = "this console does not understand escape sequences";
            return Err(CommandError::message(ErrorKind::Other, message)
                .hint("use Windows Terminal, a console of Windows 10 or later, or --plain"));
        }
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
            output.bytes(REPORTS_ON.as_bytes())?;
        } else {
            // What other programs write to the same terminal, such as tee, must not become stairs.
            platform::translate_line_feeds();
        }
        Ok(terminal)
    }

    /// Turns on Kitty's keyboard protocol if the terminal has it, and returns whether it is on. Takes up to 2 s in a terminal
    /// that answers no questions at all. Call it before events are read.
    pub(crate) fn enable_kitty_keyboard(&self) -> bool {
        let is_supported = self.state.is_drawn && supports_keyboard_enhancement().unwrap_or(false);
        is_supported && self.state.turn_on_keyboard(|| self.output.bytes(KEYBOARD_ON.as_bytes()).is_ok())
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

impl State {
    /// Turns on Kitty's keyboard protocol with `write`, unless the terminal was put back: it may say that it has the protocol
    /// after that. Returns whether it is on.
    fn turn_on_keyboard(&self, write: impl FnOnce() -> bool) -> bool {
        let is_restored = self.is_restored.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_restored {
            return false;
        }
        // If this blocks, what is written may still arrive.
        self.has_kitty_keyboard.store(true, Ordering::SeqCst);
        write()
    }

    /// Notes that the terminal is put back. Returns the lock to hold meanwhile, or `None` if that was done before. If
    /// [`State::turn_on_keyboard`] holds the lock because the terminal is stopped, this waits twice [`RESTORE_TIMEOUT`] and goes
    /// on without the lock, so that the process can end.
    fn begin_restoring(&self) -> Option<Option<MutexGuard<'_, bool>>> {
        let mut waited = Duration::ZERO;
        loop {
            match self.is_restored.try_lock() {
                Ok(mut is_restored) => return (!mem::replace(&mut *is_restored, true)).then_some(Some(is_restored)),
                Err(TryLockError::Poisoned(error)) => {
                    let mut is_restored = error.into_inner();
                    return (!mem::replace(&mut *is_restored, true)).then_some(Some(is_restored));
                }
                Err(TryLockError::WouldBlock) if waited >= 2 * RESTORE_TIMEOUT => return Some(None),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(LOCK_POLL_INTERVAL);
                    waited += LOCK_POLL_INTERVAL;
                }
            }
        }
    }
}

/// Puts the terminal back. The modes of the operating system come last, but in any case.
fn restore(state: &State, output: Output) {
    let Some(_is_restored) = state.begin_restoring() else { return };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_keyboard_protocol_is_turned_on_once_the_terminal_was_put_back() {
        let state = State::default();
        assert!(state.turn_on_keyboard(|| true));
        assert!(state.has_kitty_keyboard.load(Ordering::SeqCst));
        drop(state.begin_restoring());
        assert!(!state.turn_on_keyboard(|| panic!("something was written")));
        assert!(state.begin_restoring().is_none(), "it is put back once");
    }

    #[test]
    fn a_protocol_that_is_being_turned_on_is_turned_off_after_that() {
        let (state, (sender, writing)) = (Arc::new(State::default()), sync_channel(0));
        let of_writer = state.clone();
        let writer = thread::spawn(move || {
            of_writer.turn_on_keyboard(|| {
                sender.send(()).unwrap();
                // The clean-up must wait for this, as long as it may take.
                thread::sleep(RESTORE_TIMEOUT / 5);
                true
            })
        });
        writing.recv().unwrap();
        assert!(state.begin_restoring().unwrap().is_some());
        assert!(state.has_kitty_keyboard.load(Ordering::SeqCst));
        assert!(writer.join().unwrap());
    }

    #[test]
    fn a_terminal_that_takes_nothing_keeps_nothing_from_ending() {
        let state = State::default();
        let _writing = state.is_restored.lock().unwrap();
        assert!(state.begin_restoring().unwrap().is_none());
    }
}
