//! Writes lines and the progress line to standard error.

use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::system::shutdown::{CleanupGuard, Shutdown};

/// Erases the progress line, and the `^C` that a terminal may have put after it.
const ERASE_LINE: &str = "\r\x1b[K";

/// How long the end of the process waits for another thread that writes the progress line: 200 ms.
const ERASE_ATTEMPTS: usize = 20;
const ERASE_INTERVAL: Duration = Duration::from_millis(10);

/// Turns automatic wrapping off and on (DECAWM). Erasing a progress line that wrapped would erase its last row only.
const WRAP_OFF: &str = "\x1b[?7l";
const WRAP_ON: &str = "\x1b[?7h";

/// The progress line that is shown on stderr, if any. The process has one, as it has one terminal.
static PROGRESS: Mutex<Option<ProgressLine>> = Mutex::new(None);

/// Locked while a question waits for its answer: meanwhile no progress line is shown, and no second question.
static QUESTION: Mutex<()> = Mutex::new(());

/// The most lines that are kept back; of more, the last ones are kept.
const MAX_HELD_LINES: usize = 100;

/// Lines that are kept back while the screen of the terminal is drawn on; `None` otherwise.
static HELD: Mutex<Option<VecDeque<String>>> = Mutex::new(None);

/// A progress line that is shown. It must not be left on the terminal when the process ends.
struct ProgressLine {
    _cleanup: CleanupGuard,
}

impl ProgressLine {
    fn of_process() -> MutexGuard<'static, Option<Self>> {
        PROGRESS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `None` if the process is ending.
    fn register() -> Option<Self> {
        let cleanup = Shutdown::of_process().register(|| {
            // Another thread may be writing, and on a terminal that stands still it may be blocked in that.
            for _ in 0..ERASE_ATTEMPTS {
                if let Ok(mut shown) = PROGRESS.try_lock() {
                    return write(erase(&mut shown));
                }
                thread::sleep(ERASE_INTERVAL);
            }
        })?;
        Some(Self { _cleanup: cleanup })
    }
}

/// Returns what must be written to erase the progress line.
fn erase(shown: &mut Option<ProgressLine>) -> &'static str {
    if shown.take().is_some() { ERASE_LINE } else { "" }
}

/// Writes a line.
pub(super) fn write_line(text: &str) {
    if let Some(held) = &mut *held() {
        if held.len() == MAX_HELD_LINES {
            held.pop_front();
        }
        return held.push_back(text.to_owned());
    }
    let mut shown = ProgressLine::of_process();
    write(&format!("{}{text}\n", erase(&mut shown)));
}

fn held() -> MutexGuard<'static, Option<VecDeque<String>>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps lines back until [`release_lines`], and shows no progress.
pub(super) fn hold_lines() {
    erase_progress();
    *held() = Some(VecDeque::new());
}

/// Writes the lines that were kept back.
pub(super) fn release_lines() {
    let lines = held().take().unwrap_or_default();
    lines.iter().for_each(|line| write_line(line));
}

/// Writes bytes as they are.
pub(super) fn write_bytes(bytes: &[u8]) {
    erase_progress();
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(bytes).and_then(|()| stderr.flush());
}

/// Writes what acts on the terminal, as it is.
pub(super) fn write_control(sequence: &str) {
    write(sequence);
}

/// A question on a line of its own, on which the answer follows. What the shell writes after Ctrl-C begins on the next line.
pub(super) struct LineQuestion {
    _cleanup: Option<CleanupGuard>,
    _question: MutexGuard<'static, ()>,
}

/// Writes a question, which may be empty, once no other is open.
pub(super) fn open_line_question(text: &str) -> LineQuestion {
    let question = open_question();
    let cleanup = Shutdown::of_process().register(|| write("\n"));
    write(text);
    LineQuestion { _cleanup: cleanup, _question: question }
}

/// Waits until no other question is open, and keeps the progress line away until the guard is dropped.
pub(super) fn open_question() -> MutexGuard<'static, ()> {
    let question = QUESTION.lock().unwrap_or_else(PoisonError::into_inner);
    erase_progress();
    question
}

/// Shows a progress line in place of the one before. Does nothing while a question is open, and if the process is ending.
pub(super) fn show_progress(text: &str) {
    if QUESTION.try_lock().is_err() || held().is_some() {
        return;
    }
    let mut shown = ProgressLine::of_process();
    if shown.is_none() {
        *shown = ProgressLine::register();
    }
    if shown.is_some() {
        write(&format!("{ERASE_LINE}{WRAP_OFF}{text}{WRAP_ON}"));
    }
}

/// Erases the progress line. The lock is released before anything else is written, because that may block.
pub(super) fn erase_progress() {
    write(erase(&mut ProgressLine::of_process()));
}

/// Writes in one piece. An error is ignored: stderr is where it would be reported.
fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush());
}
